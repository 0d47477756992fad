import type { EntityLiteral, Expect, Expr, Given, Grantee, Test } from '../../../syntax/ast.ts'
import type { Remark } from '../imported.ts'
import { binary, entity, lead, member, name, not, record, span, text } from '../tree.ts'
import { canSay, factsOf } from './facts.ts'
import type { ParameterType } from './model.ts'
import type { RelationInfo, Schema, TypeInfo } from './schema.ts'
import type { Context, StoreQuestion, StoreTest, Tuple } from './store.ts'
import { objectOf, subjectOf } from './subjects.ts'
import { typedValue, Untranslatable } from './values.ts'
import { remark } from './yaml.ts'

/** Tests of a store. Questions with another context, or with tuples of their own, are another test. */
export function testsOf(
  tests: readonly StoreTest[],
  schema: Schema,
  conditions: ReadonlySet<string>,
  lost: readonly Tuple[],
  remarks: Remark[],
): readonly Test[] {
  const params = paramsOf(schema, conditions)
  const used = new Set<string>()
  return tests.flatMap((test) => {
    const facts = factsOf(test.tuples, schema, conditions, remarks)
    const groups = new Map<
      string,
      { readonly first: StoreQuestion; readonly expects: Expect[]; readonly givens: readonly Given[] }
    >()
    for (const question of test.questions) {
      const key = JSON.stringify([contextKey(question.context), question.tuples.map(tupleKey)])
      const before = groups.get(key)
      const own =
        before === undefined
          ? factsOf(question.tuples, schema, conditions, remarks)
          : { givens: before.givens, lost: [] }
      const missing = [...lost, ...facts.lost, ...own.lost].find((tuple) => mayMatter(tuple, question, schema))
      const found = expectationOf(question, schema, missing)
      if (typeof found === 'string') {
        remarks.push(remark('untranslated', `${shown(question)}: ${found}`, question.source, question.at))
        continue
      }
      if (before === undefined) groups.set(key, { first: question, expects: [found], givens: own.givens })
      else before.expects.push(found)
    }
    return [...groups.values()].map(({ first, expects, givens }, i): Test => {
      const context = contextGiven(first, params, schema, remarks)
      const called = unique(groups.size === 1 ? test.name : `${test.name}${withContext(first.context)}`, used)
      const members = [...facts.givens, ...givens, ...context, ...expects]
      return { kind: 'test', name: text(called), members, ...lead(i === 0 ? test.comments : []) }
    })
  })
}

function contextKey(context: Context): unknown {
  return JSON.stringify([...context], (_, value) => {
    if (typeof value === 'bigint') return `${value}n`
    if (value instanceof Map) return [...value]
    return value
  }).replace(/"(?:at|comments)":(?:\d+|\[[^\]]*\]),?/g, '')
}

function tupleKey({ user, relation, object, condition }: Tuple): unknown {
  return [user, relation, object, condition?.name, condition && contextKey(condition.context)]
}

/** What is particular about it, as far as that is short. */
function withContext(context: Context): string {
  const shown = [...context].flatMap(([param, value]) => (value.kind === 'scalar' ? [`${param} ${value.value}`] : []))
  const all = shown.join(', ')
  return shown.length === 0 || shown.length < context.size || all.length > 60 ? '' : `, with ${all}`
}

function unique(called: string, used: Set<string>): string {
  let free = called
  for (let n = 2; used.has(free); n++) free = `${called} (${n})`
  used.add(free)
  return free
}

function shown(question: StoreQuestion): string {
  switch (question.kind) {
    case 'check':
      return `\`${question.user} ${question.relation} ${question.object}\``
    case 'list-objects':
      return `what \`${question.user}\` has \`${question.relation}\` of`
    case 'list-users':
      return `who has \`${question.relation}\` of \`${question.object}\``
  }
}

function paramsOf(schema: Schema, conditions: ReadonlySet<string>): ReadonlyMap<string, readonly ParameterType[]> {
  const params = new Map<string, ParameterType[]>()
  for (const condition of schema.conditions.values())
    if (conditions.has(condition.name))
      for (const { name: param, type } of condition.params) params.set(param, [...(params.get(param) ?? []), type])
  return params
}

function contextGiven(
  { context, source }: StoreQuestion,
  params: ReadonlyMap<string, readonly ParameterType[]>,
  schema: Schema,
  remarks: Remark[],
): readonly Given[] {
  const entries: (readonly [string, Expr])[] = []
  for (const [param, value] of context) {
    const [type] = params.get(param) ?? []
    if (type === undefined) {
      remarks.push(remark('no-effect', `no condition has a parameter \`${param}\``, source, value.at))
      continue
    }
    try {
      entries.push([schema.paramNames.of(param), typedValue(type, value)])
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error
      remarks.push(remark('untranslated', `\`${param}\`: ${error.message}`, source, error.at))
    }
  }
  if (entries.length === 0) return []
  return [{ kind: 'given', of: 'input', input: name('context'), value: record(entries), ...lead([]) }]
}

/**
 * A tuple that is missing matters to a question about its user, and, where it leads on to others, to any. To what someone has, or
 * who has something, it always may.
 */
function mayMatter({ user, object, relation }: Tuple, question: StoreQuestion, schema: Schema): boolean {
  const subject = objectOf(user)
  const type = objectOf(object)?.type
  const kind = type === undefined ? undefined : schema.types.get(type)?.relations.get(relation)?.kind
  if (subject === undefined || kind === 'field' || question.kind === 'list-users') return true
  return question.user === user
}

function expectationOf(question: StoreQuestion, schema: Schema, missing: Tuple | undefined): Expect | string {
  const found = expectationIn(question, schema)
  if (typeof found === 'string') return found
  if (missing !== undefined)
    return `it may depend on \`${missing.user} ${missing.relation} ${missing.object}\`, which is left out`
  return { kind: 'expect', expectation: found, ...lead(question.comments) }
}

function expectationIn(question: StoreQuestion, schema: Schema): Expect['expectation'] | string {
  switch (question.kind) {
    case 'check':
      return checkOf(question, schema)
    case 'list-objects':
      return listOf(question, schema)
    case 'list-users':
      return whoOf(question, schema)
  }
}

type Of<K extends StoreQuestion['kind']> = Extract<StoreQuestion, { readonly kind: K }>

interface About {
  readonly type: TypeInfo
  readonly relation: RelationInfo
}

function aboutOf(type: string | undefined, relation: string, schema: Schema): About | string {
  const info = type === undefined ? undefined : schema.types.get(type)
  if (info === undefined) return 'the model has no such type'
  const found = info.relations.get(relation)
  return found === undefined ? `the model has no \`${type}#${relation}\`` : { type: info, relation: found }
}

function askerOf(user: string, schema: Schema): { readonly type: TypeInfo; readonly asker: EntityLiteral } | string {
  const subject = subjectOf(user)
  if (subject === undefined) return `\`${user}\` is no user`
  if (subject.relation !== undefined) return 'the holders of a relation ask nothing themselves'
  if (subject.id === '*') return 'everyone of a type asks nothing'
  const type = schema.types.get(subject.type)
  if (type === undefined) return `the model has no \`${subject.type}\``
  return canSay(subject.id) ? { type, asker: entity(type.name, subject.id) } : 'an id has at most 1 KiB'
}

function checkOf({ user, object, relation, allowed }: Of<'check'>, schema: Schema): Expect['expectation'] | string {
  const asked = objectOf(object)
  const about = aboutOf(asked?.type, relation, schema)
  if (typeof about === 'string' || asked === undefined)
    return typeof about === 'string' ? about : `\`${object}\` is no object`
  const asking = askerOf(user, schema)
  if (typeof asking === 'string') return asking
  if (!canSay(asked.id)) return 'an id has at most 1 KiB'
  const target = entity(about.type.name, asked.id)
  if (asking.type.actor && isAction(about.relation, schema))
    return {
      ...{ kind: 'decision', actor: asking.asker, agents: [], allowed, action: name(about.relation.name) },
      on: { kind: 'entity', entity: target },
    }
  if (about.relation.kind === 'permission' && allowed) return `a \`${asking.type.definition.name}\` never has it`
  // What does not act is in a field, or is not; it never has a role.
  const holds = binary('in', asking.asker, member(target, about.relation.name))
  return { kind: 'holds', expr: allowed ? holds : not(holds) }
}

/** It can be asked for: somebody who acts may have it. */
function isAction({ kind, subjects }: RelationInfo, schema: Schema): boolean {
  return kind !== 'field' || [...subjects].some((type) => schema.types.get(type)?.actor === true)
}

function listOf({ user, type, relation, objects }: Of<'list-objects'>, schema: Schema): Expect['expectation'] | string {
  const about = aboutOf(type, relation, schema)
  const asking = askerOf(user, schema)
  if (typeof about === 'string') return about
  if (typeof asking === 'string') return asking
  if (!asking.type.actor || !isAction(about.relation, schema))
    return `a \`${asking.type.definition.name}\` asks for nothing`
  const entities: EntityLiteral[] = []
  for (const object of objects) {
    const found = objectOf(object)
    if (found === undefined || found.type !== type || !canSay(found.id)) return `\`${object}\` is no \`${type}\``
    entities.push(entity(about.type.name, found.id))
  }
  return {
    ...{ kind: 'list', actor: asking.asker, agents: [], action: name(about.relation.name) },
    ...{ type: name(about.type.name), entities },
  }
}

function whoOf({ object, relation, filters, users }: Of<'list-users'>, schema: Schema): Expect['expectation'] | string {
  const asked = objectOf(object)
  const about = aboutOf(asked?.type, relation, schema)
  if (typeof about === 'string' || asked === undefined)
    return typeof about === 'string' ? about : `\`${object}\` is no object`
  if (filters.some((filter) => filter.relation !== undefined))
    return 'the holders of a relation are not told, but who they are'
  if (!isAction(about.relation, schema) || !canSay(asked.id)) return 'nobody asks for it'
  const wanted = new Set(filters.map(({ type }) => type))
  const actors: Grantee[] = []
  for (const user of users) {
    const subject = subjectOf(user)
    const type = subject === undefined ? undefined : schema.types.get(subject.type)
    if (subject === undefined || type === undefined || subject.relation !== undefined) return `\`${user}\` is no user`
    actors.push(subject.id === '*' ? { kind: 'any', type: name(type.name), span } : entity(type.name, subject.id))
  }
  const isWhole = [...about.relation.subjects].every((type) => wanted.has(type))
  const types = isWhole ? [] : [...wanted].flatMap((type) => schema.types.get(type)?.name ?? []).map(name)
  return { kind: 'who', types, action: name(about.relation.name), entity: entity(about.type.name, asked.id), actors }
}
