import type { EntityLiteral, Expect, Expr, Given, Grantee, Test } from '../../../syntax/ast.ts'
import type { Remark } from '../imported.ts'
import { binary, entity, lead, member, name, not, record, span, text } from '../tree.ts'
import { factsOf, type TranslatedFacts } from './facts.ts'
import type { ParameterType } from './model.ts'
import type { TranslatedPolicy } from './policy.ts'
import type { RelationInfo, Schema, TypeInfo } from './schema.ts'
import type { Context, Store, StoreQuestion, Tuple } from './store.ts'
import { idProblem, objectOf, subjectOf } from './subjects.ts'
import { typedValue, Untranslatable } from './values.ts'
import { remark } from './yaml.ts'

/** Tests of a store. Questions with another context, or with tuples of their own, are another test. */
export function testsOf(
  { tests, isWhole }: Store,
  schema: Schema,
  policy: TranslatedPolicy,
  lost: readonly Tuple[],
  remarks: Remark[],
): readonly Test[] {
  const params = paramsOf(schema, policy.conditions)
  const used = new Set<string>()
  const [first] = tests
  if (!isWhole && first !== undefined) {
    const message = 'the tests, which may depend on tuples that are not read'
    remarks.push(remark('untranslated', message, first.source, first.at))
    return []
  }
  return tests.flatMap((test) => {
    const facts = factsOf(test.tuples, schema, policy, remarks)
    const groups = new Map<string, Group>()
    for (const question of test.questions) {
      const key = JSON.stringify([contextKey(question.context), question.tuples.map(tupleKey)])
      const group = groups.get(key) ?? {
        first: question,
        expects: [],
        own: factsOf(question.tuples, schema, policy, remarks),
        context: contextGiven(question, params, schema, remarks),
      }
      groups.set(key, group)
      const missing = [...lost, ...facts.lost, ...group.own.lost].find((tuple) => mayMatter(tuple, question, schema))
      const found = policy.doubtful.has(relationOf(question))
        ? 'it may depend on a relation that is not translated'
        : expectationOf(question, schema, missing, group.context.lost)
      if (typeof found !== 'string') group.expects.push(found)
      else remarks.push(remark('untranslated', `${shown(question)}: ${found}`, question.source, question.at))
    }
    const asking = [...groups.values()].filter(({ expects }) => expects.length > 0)
    return asking.map(({ first, expects, own, context }, i): Test => {
      const called = unique(asking.length === 1 ? test.name : `${test.name}${withContext(first.context)}`, used)
      const members = [...facts.givens, ...own.givens, ...context.givens, ...expects]
      return { kind: 'test', name: text(called), members, ...lead(i === 0 ? test.comments : []) }
    })
  })
}

/** As `type#relation`. */
function relationOf(question: StoreQuestion): string {
  const type = question.kind === 'list-objects' ? question.type : question.object.split(':', 1)[0]
  return `${type}#${question.relation}`
}

/** Questions that are asked with the same context and tuples. */
interface Group {
  readonly first: StoreQuestion
  readonly expects: Expect[]
  readonly own: TranslatedFacts
  readonly context: ContextGiven
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

/** The types of parameters, as the first condition has them; `undefined` where only conditions that are left out do. */
function paramsOf(schema: Schema, conditions: ReadonlySet<string>): ReadonlyMap<string, ParameterType | undefined> {
  const found = new Map<string, ParameterType | undefined>()
  for (const condition of schema.conditions.values())
    for (const { name: param, type } of condition.params)
      found.set(param, found.get(param) ?? (conditions.has(condition.name) ? type : undefined))
  return found
}

interface ContextGiven {
  readonly givens: readonly Given[]
  /** A parameter whose value is left out. */
  readonly lost?: string
}

function contextGiven(
  { context, source }: StoreQuestion,
  params: ReadonlyMap<string, ParameterType | undefined>,
  schema: Schema,
  remarks: Remark[],
): ContextGiven {
  const entries: (readonly [string, Expr])[] = []
  let lost: string | undefined
  for (const [param, value] of context) {
    const type = params.get(param)
    if (type === undefined && params.has(param)) continue
    if (type === undefined) {
      remarks.push(remark('no-effect', `no condition has a parameter \`${param}\``, source, value.at))
      continue
    }
    try {
      entries.push([schema.paramNames.of(param), typedValue(type, value)])
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error
      lost ??= param
      remarks.push(remark('untranslated', `\`${param}\`: ${error.message}`, source, error.at))
    }
  }
  const given: Given = { kind: 'given', of: 'input', input: name('context'), value: record(entries), ...lead([]) }
  return { givens: entries.length === 0 ? [] : [given], ...(lost === undefined ? {} : { lost }) }
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

function expectationOf(
  question: StoreQuestion,
  schema: Schema,
  missing: Tuple | undefined,
  lost: string | undefined,
): Expect | string {
  const found = expectationIn(question, schema)
  if (typeof found === 'string') return found
  if (missing !== undefined)
    return `it may depend on \`${missing.user} ${missing.relation} ${missing.object}\`, which is left out`
  if (lost !== undefined) return `it may depend on \`${lost}\` of its context, which is left out`
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

function aboutOf(type: string, relation: string, schema: Schema): About | string {
  const info = schema.types.get(type)
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
  return idProblem(subject.id) ?? { type, asker: entity(type.name, subject.id) }
}

function checkOf({ user, object, relation, allowed }: Of<'check'>, schema: Schema): Expect['expectation'] | string {
  const asked = objectOf(object)
  if (asked === undefined) return `\`${object}\` is no object`
  const about = aboutOf(asked.type, relation, schema)
  if (typeof about === 'string') return about
  const asking = askerOf(user, schema)
  if (typeof asking === 'string') return asking
  const problem = idProblem(asked.id)
  if (problem !== undefined) return problem
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
    if (found === undefined || found.type !== type || idProblem(found.id) !== undefined)
      return `\`${object}\` is no \`${type}\``
    entities.push(entity(about.type.name, found.id))
  }
  return {
    ...{ kind: 'list', actor: asking.asker, agents: [], action: name(about.relation.name) },
    ...{ type: name(about.type.name), entities },
  }
}

function whoOf({ object, relation, filters, users }: Of<'list-users'>, schema: Schema): Expect['expectation'] | string {
  const asked = objectOf(object)
  if (asked === undefined) return `\`${object}\` is no object`
  const about = aboutOf(asked.type, relation, schema)
  if (typeof about === 'string') return about
  if (filters.some((filter) => filter.relation !== undefined))
    return 'the holders of a relation are not told, but who they are'
  if (!isAction(about.relation, schema) || idProblem(asked.id) !== undefined) return 'nobody asks for it'
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
