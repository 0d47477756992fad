import type { Expr, FactValue, Given } from '../../../syntax/ast.ts'
import type { Remark } from '../imported.ts'
import { entity, entry, lead, member, name, record, span } from '../tree.ts'
import type { DirectType } from './model.ts'
import type { TranslatedPolicy } from './policy.ts'
import type { RelationInfo, Schema, TypeInfo } from './schema.ts'
import type { Tuple } from './store.ts'
import { idProblem, objectOf, type Subject, subjectOf } from './subjects.ts'
import { typedValue, Untranslatable } from './values.ts'
import { remark } from './yaml.ts'

export interface TranslatedFacts {
  readonly givens: readonly Given[]
  /** Tuples that mean something and have no fact. */
  readonly lost: readonly Tuple[]
}

/** What of a policy facts depend on. */
type Made = Pick<TranslatedPolicy, 'conditions' | 'closed'>

/**
 * Tuples as facts, those about one object together, as far as no comment begins something new. A tuple that the model does not
 * allow has no effect in OpenFGA, so that it is left out.
 */
export function factsOf(tuples: readonly Tuple[], schema: Schema, policy: Made, remarks: Remark[]): TranslatedFacts {
  const lost: Tuple[] = []
  const seen = new Set<string>()
  const groups: Group[] = []
  let current = new Map<string, Group>()
  for (const tuple of tuples) {
    // All that could depend on it is known to be in doubt.
    if (policy.closed.has(`${tuple.object.split(':', 1)[0]}#${tuple.relation}`)) {
      remarks.push(remark('untranslated', `${shown(tuple)}: its relation is not translated`, tuple.source, tuple.at))
      continue
    }
    const found = factOf(tuple, schema, policy)
    if ('problem' in found) {
      remarks.push(remark(found.kind, `${shown(tuple)}: ${found.problem}`, tuple.source, found.at ?? tuple.at))
      if (found.kind === 'untranslated') lost.push(tuple)
      continue
    }
    const key = `${tuple.object}#${tuple.relation}@${tuple.user}`
    if (seen.has(key)) {
      remarks.push(remark('no-effect', `${shown(tuple)}: it is there already`, tuple.source, tuple.at))
      continue
    }
    seen.add(key)
    if (tuple.comments.length > 0) current = new Map()
    let group = current.get(tuple.object)
    if (group === undefined) {
      group = { object: found.object, comments: [...tuple.comments], facts: new Map() }
      current.set(tuple.object, group)
      groups.push(group)
    }
    const values = group.facts.get(found.relation)
    if (values === undefined) group.facts.set(found.relation, [found.value])
    else values.push(found.value)
  }
  return { givens: groups.map(givenOf), lost }
}

interface Group {
  readonly object: Expr & { kind: 'entity-literal' }
  readonly comments: readonly string[]
  readonly facts: Map<string, FactValue[]>
}

function givenOf({ object, comments, facts }: Group): Given {
  const entries = [...facts].map(([relation, values]) => entry(relation, values))
  return { kind: 'given', of: 'entity', entity: object, containers: [], facts: entries, ...lead(comments) }
}

function shown({ user, relation, object }: Tuple): string {
  return `\`${user} ${relation} ${object}\``
}

interface Problem {
  readonly kind: Remark['kind']
  readonly problem: string
  readonly at?: number
}

function noEffect(problem: string): Problem {
  return { kind: 'no-effect', problem }
}

interface Found {
  readonly object: Expr & { kind: 'entity-literal' }
  readonly relation: string
  readonly value: FactValue
}

function factOf(tuple: Tuple, schema: Schema, { conditions }: Made): Found | Problem {
  const object = objectOf(tuple.object)
  const subject = subjectOf(tuple.user)
  if (object === undefined) return noEffect(`\`${tuple.object}\` is no object`)
  if (subject === undefined) return noEffect(`\`${tuple.user}\` is no user`)
  const type = schema.types.get(object.type)
  const relation = type?.relations.get(tuple.relation)
  if (type === undefined || relation === undefined)
    return noEffect(`the model has no \`${object.type}#${tuple.relation}\``)
  const direct = relation.definition.direct.find((one) => allows(one, subject, tuple))
  if (direct === undefined) return noEffect('the model does not allow it')
  const of = schema.types.get(subject.type)
  if (of === undefined) return noEffect(`the model has no \`${subject.type}\``)
  const problem = idProblem(object.id) ?? idProblem(subject.id)
  if (problem !== undefined) return { kind: 'untranslated', problem }
  if (tuple.condition !== undefined && !conditions.has(tuple.condition.name))
    return { kind: 'untranslated', problem: `its condition \`${tuple.condition.name}\` is not translated` }
  try {
    const when = tuple.condition === undefined ? {} : { when: whenOf(tuple.condition, schema) }
    const value = { value: subjectIn(subject, of), ...when, span }
    return { object: entity(type.name, object.id), relation: relation.name, value }
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    return { kind: 'untranslated', problem: error.message, at: error.at }
  }
}

function allows({ type, relation, wildcard, condition }: DirectType, subject: Subject, tuple: Tuple): boolean {
  return (
    type === subject.type &&
    relation === subject.relation &&
    wildcard === (subject.id === '*' && subject.relation === undefined) &&
    condition === tuple.condition?.name
  )
}

function subjectIn({ id, relation }: Subject, of: TypeInfo): FactValue['value'] {
  if (id === '*' && relation === undefined) return { kind: 'any', type: name(of.name) }
  const found: RelationInfo | undefined = relation === undefined ? undefined : of.relations.get(relation)
  const plain = entity(of.name, id)
  return { kind: 'expr', expr: found === undefined ? plain : member(plain, found.holders) }
}

function whenOf(condition: NonNullable<Tuple['condition']>, schema: Schema): NonNullable<FactValue['when']> {
  const definition = schema.conditions.get(condition.name)
  const args = [...condition.context].map(([param, value]) => {
    const found = definition?.params.find((one) => one.name === param)
    if (found === undefined) throw new Untranslatable(`\`${condition.name}\` has no parameter \`${param}\``, value.at)
    return [schema.paramNames.of(param), typedValue(found.type, value)] as const
  })
  const called = name(schema.conditionNames.of(condition.name))
  return args.length === 0 ? { let: called } : { let: called, args: record(args) }
}
