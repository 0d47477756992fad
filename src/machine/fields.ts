import type { Span } from '../base/source.ts'
import type { Ent, Relation } from '../facts/table.ts'
import type { Type } from '../ir/type.ts'
import { unknown } from '../runtime/cases.ts'
import { relationOf } from '../runtime/field.ts'
import { readAt } from '../runtime/located.ts'
import { conform } from '../value/conform.ts'
import { decode } from '../value/decode.ts'
import { isError } from '../value/evaluation-error.ts'
import { readField, typeRead } from '../value/read.ts'
import { setOf } from '../value/set.ts'
import { absent, type EvaluationError, type SetValue, type Value } from '../value/value.ts'
import { Doubt } from './doubt.ts'
import { boxed, describe, isKnown, unboxed, unknownEntity } from './entity.ts'
import { fail, failed, Gap, notSet, type Site, wrongKind } from './failure.ts'
import type { Outcome, Registers } from './registers.ts'

/** What a field read says in the policy. */
export interface FieldRead {
  readonly name: string
  readonly type: Type
  readonly optional: boolean
  readonly relation: boolean
  readonly chain: boolean
}

/** A typed read of a field; `of` is a value as everywhere. */
export function fieldOf(r: Registers, of: Outcome, read: FieldRead, site: Site): Outcome {
  if (of === absent) return read.chain ? absent : notSet(r, site, 0)
  if (of === unknown || of instanceof Doubt) return of
  return fieldOfValue(r, of as Value, read, site.at)
}

/** What has been read of a record already, with its type. */
export function typed(r: Registers, raw: unknown, read: FieldRead, site: Site): Outcome {
  return ofRecord(r, raw === absent ? absent : decode(raw, read.type), read, site.at)
}

function ofRecord(r: Registers, value: Value | typeof absent | EvaluationError, read: FieldRead, at: Span): Outcome {
  const located = readAt(value, at)
  return isError(located) ? failed(r, located, at) : required(r, located, read, () => `\`${read.name}\``, at)
}

function fieldOfValue(r: Registers, of: Value, read: FieldRead, at: Span): Outcome {
  if (typeof of !== 'object') return wrongKind(r, 'something with fields', at)
  switch (of.kind) {
    case 'entity': {
      const type = read.type.kind === 'dynamic' ? relationOf(r.policy, of, read.name) : undefined
      return fieldOfEntity(r, unboxed(r, of), type === undefined ? read : { ...read, type, relation: true }, at)
    }
    case 'record':
      return ofRecord(r, readField(of, read.name, typeRead(of, read.name, read.type)), read, at)
    case 'set':
      if (read.type.kind === 'dynamic') return wrongKind(r, 'something with fields', at)
      return union(
        r,
        of,
        (member) =>
          read.relation
            ? entitiesOf(r, member, read, at)
            : fieldOfValue(r, member, { ...read, type: oneOrMany(read.type) }, at),
        at,
      )
    default:
      return wrongKind(r, 'something with fields', at)
  }
}

/** The value of a field of an entity, as values are everywhere. */
function fieldOfEntity(r: Registers, of: Ent, read: FieldRead, at: Span): Outcome {
  if (!isKnown(r, of)) return unknownEntity(r, of, at)
  const what = () => `\`${read.name}\` of \`${describe(r, of)}\``
  if (!read.relation) {
    const value = readAt(attribute(r, of, read.name) ?? absent, at)
    if (value === absent) return required(r, absent, read, what, at)
    const conforming = isError(value) ? value : conform(value, read.type)
    return isError(conforming) ? failed(r, conforming, at) : conforming
  }
  const found = related(r, of, read.name)
  if (read.type.kind === 'set') return setOf(found.map((one) => boxed(r, one)))
  const [only, other] = found
  if (other !== undefined) return fail(r, 'bad-value', () => `${what()} holds more than one entity`, at)
  if (only === undefined) return required(r, absent, read, what, at)
  const conforming = conform(boxed(r, only), read.type)
  return isError(conforming) ? failed(r, conforming, at) : conforming
}

function required(r: Registers, value: Value | typeof absent, read: FieldRead, what: () => string, at: Span): Outcome {
  if (value !== absent || read.optional) return value
  return fail(r, 'missing-attribute', () => `${what()} is not set`, at)
}

function attribute(r: Registers, of: Ent, name: string): Value | EvaluationError | undefined {
  if (typeof of === 'string') return undefined
  return r.table.attribute(of >>> r.table.localBits, name).values[of & r.table.localMask]
}

/** What a step finds in each member is united, so that the type of the whole does not say whether a member has one or many. */
function oneOrMany(type: Type): Type {
  const element = type.kind === 'set' ? type.of : type
  return { kind: 'union', of: [element, { kind: 'set', of: element }] }
}

/** The entities that a field of entity type holds now. */
export function related(r: Registers, of: Ent, name: string): readonly Ent[] {
  if (typeof of === 'string') return []
  const relation = r.table.relation(of >>> r.table.localBits, name)
  return subjectsOf(r, relation, of)
}

function subjectsOf(r: Registers, relation: Relation, of: number): readonly number[] {
  const head = relation.head[of & r.table.localMask] ?? 0
  if (head === 0) return []
  if (head < 0) return [~head]
  const found = new Set<number>()
  const end = head + (relation.pool[head] ?? 0)
  for (let i = head + 1; i <= end; i++) {
    const code = relation.pool[i] ?? 0
    const fact = code < 0 ? relation.terms[~code] : undefined
    if (fact === undefined) found.add(code)
    else if (fact.kind === 'entity' && r.now < fact.until) found.add(fact.entity)
  }
  return [...found]
}

/** A step of a path towards a set of actors; whatever cannot be told leaves a gap. */
export function entitiesOf(
  r: Registers,
  of: Outcome,
  step: Pick<FieldRead, 'name' | 'optional'>,
  at: Span,
): SetValue | typeof unknown {
  if (of === unknown) return of
  if (of === absent) return setOf([])
  if (of instanceof Doubt) return setOf([], new Gap(of))
  if (typeof of === 'object' && of.kind === 'set') return union(r, of, (member) => entitiesOf(r, member, step, at), at)
  if (typeof of !== 'object' || of.kind !== 'entity') return setOf([], new Gap(wrongKind(r, 'an entity', at)))
  const entity = unboxed(r, of)
  if (!isKnown(r, entity)) return setOf([], new Gap(unknownEntity(r, entity, at)))
  const found = related(r, entity, step.name)
  if (found.length > 0 || step.optional) return setOf(found.map((one) => boxed(r, one)))
  const message = () => `\`${step.name}\` of \`${describe(r, entity)}\` is not set`
  return setOf([], new Gap(fail(r, 'missing-attribute', message, at)))
}

/** What a step finds in the members of a set, the errors of all of them in the gap. */
function union(r: Registers, of: SetValue, each: (member: Value) => Outcome, at: Span): SetValue {
  const members: Value[] = []
  const doubts: Doubt[] = of.gap === undefined ? [] : [failed(r, of.gap, at)]
  for (const member of of.members) {
    const found = each(member)
    if (found instanceof Doubt) doubts.push(found)
    else if (typeof found === 'object' && found.kind === 'set') {
      for (const inner of found.members) members.push(inner)
      if (found.gap !== undefined) doubts.push(failed(r, found.gap, at))
    } else if (typeof found !== 'symbol') members.push(found)
  }
  const [only] = doubts
  if (only === undefined) return setOf(members)
  return setOf(members, new Gap(doubts.length === 1 ? only : new Doubt(false, doubts)))
}
