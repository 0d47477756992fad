import type { SourceFile } from '../../../index.ts'
import type { Rule, Statement } from '../../../syntax/ast.ts'
import { type Imported, type ReadSource, type Remark, type Surroundings, Unreadable } from '../imported.ts'
import { faultsOf, written } from '../write.ts'
import { isAction, type Policy } from './cedar.ts'
import { declarations, neverPermitted } from './declarations.ts'
import { givenOf, testOf } from './facts.ts'
import { type LeftOut, missingFor } from './left-out.ts'
import { readEntities, readRequests } from './read-data.ts'
import { type Linked, readPolicySet } from './read-policy-set.ts'
import { ruleOf } from './rules.ts'
import { tokensOf } from './scan.ts'
import { readSchema, type Schema } from './schema.ts'
import { findParts } from './sources.ts'
import { Untranslatable } from './translated.ts'
import { type EntityRecord, type Sources, type World, worldOf } from './world.ts'

export interface ImportedCedar extends Imported {
  /** The id of the rule that each policy and each link has become, by its id in Cedar. */
  readonly rules: ReadonlyMap<string, string>
}

/**
 * Cedar policies as a policy, with their entities as facts and their requests as tests. `path` is a folder, a text of policies, or a
 * file that names or holds them with the rest; `around` lists folders.
 */
export function importCedar(path: string, read: ReadSource, around: Surroundings): ImportedCedar {
  try {
    const parts = findParts(path, read, around)
    const { policies, comments, remarks } = readPolicySet(parts.policies, parts.links)
    const schema = parts.schema === undefined ? undefined : readSchema(parts.schema.source)
    const entities = readEntities(parts.entities, schema)
    const requests = readRequests(parts.requests, schema)
    return withTypes({ policies, comments, remarks, entities, requests, schema })
  } catch (error) {
    if (error instanceof Unreadable) return nothing(error.remarks)
    // What Cedar's parser and this one run out of is the stack.
    if (error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError'))
      return nothing([
        { kind: 'untranslated', message: 'this is nested too deeply', source: { name: path, text: '' }, at: 0 },
      ])
    throw error
  }
}

function nothing(remarks: readonly Remark[]): ImportedCedar {
  return { files: new Map(), remarks, rules: new Map() }
}

interface Read extends Omit<Sources, 'policies' | 'schema'> {
  readonly policies: readonly Linked[]
  readonly comments: readonly string[]
  readonly remarks: readonly Remark[]
  readonly schema: Schema | undefined
  readonly entities: ReturnType<typeof readEntities>
  readonly requests: ReturnType<typeof readRequests>
}

/** With the types of the schema, if the policies are as it says; else with types that say nothing of their entities. */
function withTypes(read: Read): ImportedCedar {
  const typed = read.schema === undefined ? undefined : imported(read, true)
  if (typed !== undefined && faultsOf(typed.files).length === 0) return typed
  const plain = imported(read, false)
  return { ...plain, remarks: [...plain.remarks, ...faultsOf(plain.files)] }
}

function imported(read: Read, typed: boolean): ImportedCedar {
  const { policies, entities, requests, schema } = read
  const world = worldOf(
    { policies: policies.map(({ policy }) => policy), entities, requests, ...(schema === undefined ? {} : { schema }) },
    typed,
  )
  const remarks = [...read.remarks]
  const ids = ruleIds(policies.map(({ policy }) => policy))
  const rules = new Map<string, Rule>()
  const lost: LeftOut['policies'][number][] = []
  for (const { policy, source } of policies) {
    const id = ids.get(policy.id) ?? policy.id
    const rule = attempt(remarks, { source, at: policy.at, end: policy.end }, () => ruleOf(world, policy, id))
    if (rule === undefined) {
      const message = `\`${policy.id}\` applies to no request`
      remarks.push({ kind: 'no-effect', message, source, at: policy.at })
    } else if (rule !== 'untranslatable') rules.set(policy.id, rule)
    else {
      const closed = withoutConditions(world, policy, id)
      if (closed !== undefined) rules.set(policy.id, closed)
      lost.push({ policy, isDenied: closed !== undefined })
    }
  }
  const own = [...rules.values()]
  const statements: Statement[] = [...declarations(world, own), ...own, ...neverPermitted(world, own, requests)]
  const facts = factsOf(world, read, remarks)
  const tests = testsOf(world, read, { policies: lost, entities: facts.lost }, remarks)
  const files = written({
    ...{ policy: statements, facts: facts.given, tests },
    comments: schema?.outline.others ?? [],
    closing: [...(schema?.outline.closing ?? []), ...read.comments],
  })
  return { files, remarks, rules: new Map([...rules.keys()].map((id) => [id, ids.get(id) ?? id])) }
}

/** What forbids, but for what cannot be said: without it more would be allowed than in Cedar. */
function withoutConditions(world: World, policy: Policy, id: string): Rule | undefined {
  if (policy.effect === 'permit') return undefined
  const comments = [...policy.comments, 'In any case, since its conditions are not translated.']
  const rule = attempt([], { source: { name: '', text: '' }, at: 0 }, () =>
    ruleOf(world, { ...policy, comments, clauses: [] }, id),
  )
  return rule === 'untranslatable' ? undefined : rule
}

/** What `@id` says where no two say the same, else Cedar's own. */
function ruleIds(policies: readonly Policy[]): ReadonlyMap<string, string> {
  const said = new Map<string, number>()
  for (const { id, named } of policies)
    for (const one of new Set([id, named ?? id])) said.set(one, (said.get(one) ?? 0) + 1)
  return new Map(policies.map(({ id, named }) => [id, named !== undefined && said.get(named) === 1 ? named : id]))
}

/** Where something is said; `end` where words of it may be looked for. */
interface Placed {
  readonly source: SourceFile
  readonly at: number
  readonly end?: number
}

function attempt<T>(remarks: Remark[], place: Placed, translate: () => T): T | 'untranslatable' {
  try {
    return translate()
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    const { source, at, end = at } = place
    remarks.push({ kind: 'untranslated', message: error.message, source, at: wordAt(source.text, at, end, error.word) })
    return 'untranslatable'
  }
}

/** Where the word is said last, outside of comments: the scope comes before the conditions. */
function wordAt(text: string, start: number, end: number, word: string | undefined): number {
  if (word === undefined) return start
  const found = tokensOf(text.slice(start, end)).findLast(
    (token) =>
      token.kind !== 'comment' &&
      text.slice(start + token.start, start + token.end).replace(/^"|"$/g, '') === word.replace(/^"|"$/g, ''),
  )
  return start + (found?.start ?? 0)
}

function factsOf(world: World, { entities }: Read, remarks: Remark[]) {
  const given: Statement[] = []
  const lost: EntityRecord[] = []
  for (const entity of entities) {
    const { source } = entity
    if (isAction(entity.uid)) {
      if (entity.attributes.length > 0)
        remarks.push({
          kind: 'untranslated',
          message: 'attributes of an action, which has none here',
          source,
          at: entity.at,
        })
      continue
    }
    const fact = attempt(remarks, entity, () => givenOf(world, entity))
    if (fact === 'untranslatable') lost.push(entity)
    else given.push(fact)
  }
  return { given, lost }
}

function testsOf(
  world: World,
  { requests, policies, entities }: Read,
  leftOut: LeftOut,
  remarks: Remark[],
): readonly Statement[] {
  const all = policies.map(({ policy }) => policy)
  const titles = new Map<string, number>()
  const tests: Statement[] = []
  for (const request of requests) {
    const { name } = request
    const count = (titles.get(name) ?? 0) + 1
    titles.set(name, count)
    const test = attempt(remarks, request, () => {
      const missing = missingFor(request, leftOut, world, all, entities)
      if (missing !== undefined)
        throw new Untranslatable(`the test \`${name}\` may depend on ${missing}, which is left out`)
      return testOf(world, request, count === 1 ? name : `${name} (${count})`)
    })
    if (test !== 'untranslatable') tests.push(test)
  }
  return tests
}
