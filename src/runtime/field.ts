import type { Span } from '../base/source.ts'
import { globalObject } from '../facts/store.ts'
import type { Entities, Field } from '../ir/expr.ts'
import type { Type } from '../ir/type.ts'
import { conform } from '../value/conform.ts'
import { describeEntity } from '../value/describe.ts'
import { evaluationError, isError, together } from '../value/evaluation-error.ts'
import { hasField, readField, typeRead } from '../value/read.ts'
import { setOf } from '../value/set.ts'
import type { Absent, Entity, EvaluationError, RecordValue, SetValue, Value } from '../value/value.ts'
import { absent } from '../value/value.ts'
import type { Outcome, Unknown } from './cases.ts'
import { unknown, wrongKind } from './cases.ts'
import { inForce, isKnown, unknownEntity } from './known.ts'
import { readAt } from './located.ts'
import type { Policy } from './policy.ts'
import type { Run } from './run.ts'
import { step } from './run.ts'

type FieldRead = Pick<Field, 'name' | 'type' | 'optional' | 'relation' | 'at'>

/** A typed read of a field of a value; of a set, the union over its members. */
export function fieldOf(run: Run, of: Value, read: FieldRead): Outcome {
  if (typeof of !== 'object') return wrongKind('something with fields', read.at)
  switch (of.kind) {
    case 'entity':
      return entityField(run, of, asDeclared(run, of, read))
    case 'record':
      return required(readOnce(run, of, { ...read, type: typeRead(of, read.name, read.type) }), read)
    case 'set': {
      // Only of entities is it known that they are a set.
      if (read.type.kind === 'dynamic') return wrongKind('something with fields', read.at)
      const each = { ...read, type: oneOrMany(read.type) }
      return union(run, of, (member) => (read.relation ? entitiesOf(run, member, read) : fieldOf(run, member, each)))
    }
    default:
      return wrongKind('something with fields', read.at)
  }
}

/** A field of an input, read at most once with a type, so that it is one value for the whole decision, wherever it is asked for. */
function readOnce(run: Run, of: RecordValue, { name, type, at }: FieldRead): Value | Absent | EvaluationError {
  let names = run.reads.get(of.raw)
  if (names === undefined) {
    names = new Map()
    run.reads.set(of.raw, names)
  }
  let types = names.get(name)
  if (types === undefined) {
    types = new Map()
    names.set(name, types)
  }
  let value = types.get(type)
  if (value === undefined) {
    value = readField(of, name, type)
    if (typeof value === 'object' && value.kind === 'set') step(run, value.members.length)
    types.set(type, value)
  }
  return readAt(value, at)
}

function entityField(run: Run, of: Entity, read: FieldRead): Outcome {
  const known = isKnown(run, of)
  if (known !== true) return known === unknown ? unknown : unknownEntity(of, read.at)
  if (!read.relation) {
    const stored = run.facts.attribute(of.key, read.name)
    if (stored === undefined && run.question.openFields) return unknown
    const value = readAt(stored ?? absent, read.at)
    return required(value === absent || isError(value) ? value : conform(value, read.type, read.at), read, of)
  }
  const found = related(run, of, read.name)
  if (found === unknown || read.type.kind === 'set') return found
  const [only, other] = found.members
  if (other !== undefined)
    return evaluationError('bad-value', `${describeField(read.name, of)} holds more than one entity`, read.at)
  return required(only === undefined ? absent : conform(only, read.type, read.at), read, of)
}

/** Where nothing was known of the entity, its own type tells whether the field is a relationship. */
function asDeclared(run: Run, of: Entity, read: FieldRead): FieldRead {
  const type = read.type.kind === 'dynamic' ? relationOf(run.policy, of, read.name) : undefined
  return type === undefined ? read : { ...read, type, relation: true }
}

/** The type of a field of entity type that the entity's own type declares. */
export function relationOf({ types }: Pick<Policy, 'types'>, of: Entity, name: string): Type | undefined {
  const type = types.get(of.type)?.fields.find((field) => field.name === name)?.type
  return type !== undefined && holdsEntities(type) ? type : undefined
}

function holdsEntities(type: Type): boolean {
  if (type.kind === 'set') return holdsEntities(type.of)
  return type.kind === 'entity' || (type.kind === 'union' && type.of.length > 0 && type.of.every(holdsEntities))
}

function required(value: Value | Absent | EvaluationError, read: FieldRead, of?: Entity): Outcome {
  return value !== absent || read.optional ? value : fieldNotSet(read.name, of, read.at)
}

/** A required field, of an entity or of a record. */
function fieldNotSet(name: string, of: Entity | undefined, at: Span): EvaluationError {
  return evaluationError('missing-attribute', `${describeField(name, of)} is not set`, at)
}

function describeField(name: string, of: Entity | undefined): string {
  return of === undefined ? `\`${name}\`` : `\`${name}\` of \`${describeEntity(of)}\``
}

/** What a step finds in each member is united, so that the type of the whole does not say whether a member has one or many. */
function oneOrMany(type: Type): Type {
  const element = type.kind === 'set' ? type.of : type
  return { kind: 'union', of: [element, { kind: 'set', of: element }] }
}

/** The entities that a field of entity type holds now. */
function related(run: Run, of: Entity, name: string): SetValue | Unknown {
  const members: Value[] = []
  // Under the key of the anonymous actor, who has no fields, lie the facts of global roles.
  const facts = of.key === globalObject ? [] : run.facts.facts(of.key, name)
  for (const fact of facts) {
    step(run)
    const force = inForce(fact, run.question.now)
    if (force === unknown) return unknown
    if (force && fact.subject.kind === 'entity') members.push(fact.subject.entity)
  }
  if (members.length === 0 && run.question.openFields) return unknown
  return setOf(members)
}

/** A step of a path towards a set of actors; whatever cannot be told leaves a gap. */
export function entitiesOf(run: Run, of: Outcome, step: Pick<Entities, 'name' | 'optional' | 'at'>): Outcome {
  if (of === unknown) return unknown
  if (of === absent) return setOf([])
  if (isError(of)) return setOf([], of)
  if (typeof of === 'object' && of.kind === 'set') return union(run, of, (member) => entitiesOf(run, member, step))
  if (typeof of !== 'object' || of.kind !== 'entity') return setOf([], wrongKind('an entity', step.at))
  const known = isKnown(run, of)
  if (known !== true) return known === unknown ? unknown : setOf([], unknownEntity(of, step.at))
  const found = related(run, of, step.name)
  if (found === unknown || found.members.length > 0 || step.optional) return found
  return setOf([], fieldNotSet(step.name, of, step.at))
}

/** What a step finds in the members of a set, the errors of all of them in the gap. */
function union(run: Run, of: SetValue, each: (member: Value) => Outcome): SetValue | Unknown {
  const members: Value[] = []
  const errors = of.gap === undefined ? [] : [of.gap]
  for (const member of of.members) {
    step(run)
    const found = each(member)
    if (found === unknown) return unknown
    if (found === absent) continue
    if (isError(found)) errors.push(found)
    else if (typeof found === 'object' && found.kind === 'set') {
      for (const inner of found.members) members.push(inner)
      if (found.gap !== undefined) errors.push(found.gap)
    } else members.push(found)
  }
  return setOf(members, together(errors))
}

/** `of has name`: set now, and not null. Whether it is of the right kind shows when it is read. */
export function hasName(run: Run, of: Value, name: string, relation: boolean, at: Span): Outcome {
  if (typeof of === 'object' && of.kind === 'record') return hasField(of, name, at)
  if (typeof of !== 'object' || of.kind !== 'entity') return wrongKind('something with fields', at)
  const known = isKnown(run, of)
  if (known !== true) return known === unknown ? unknown : unknownEntity(of, at)
  if (!relation && relationOf(run.policy, of, name) === undefined) {
    const isSet = run.facts.attribute(of.key, name) !== undefined
    return !isSet && run.question.openFields ? unknown : isSet
  }
  const found = related(run, of, name)
  return found === unknown ? unknown : found.members.length > 0
}

/** `of[key]`, absent where there is no such key. */
export function indexOf(of: Value, key: Value, type: Type, at: Span): Outcome {
  if (typeof key !== 'string') return wrongKind('a string as key', at)
  return isRecord(of) ? readField(of, key, type, at) : wrongKind('something with keys', at)
}

function isRecord(value: Value): value is RecordValue {
  return typeof value === 'object' && value.kind === 'record'
}
