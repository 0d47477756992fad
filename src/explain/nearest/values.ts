import { mirrored, opposite } from '../../ir/comparison.ts'
import type { Compare, Expr } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Run } from '../../runtime/run.ts'
import type { Scope } from '../../runtime/scope.ts'
import { conform } from '../../value/conform.ts'
import { describe } from '../../value/describe.ts'
import { equal } from '../../value/equal.ts'
import { isError } from '../../value/evaluation-error.ts'
import { integer, isInt64 } from '../../value/integer.ts'
import { setOf } from '../../value/set.ts'
import type { Entity, Value } from '../../value/value.ts'
import type { Edit, FieldPlace, Place } from './edit.ts'
import { knownValue, placeOf } from './place.ts'

const maxAlternatives = 8

/**
 * Values that would turn a condition, which holds no role or permission, to what is wanted: those nearest to what it compares with.
 * They are proposals: whether they help is decided by asking again.
 */
export function valueEdits(run: Run, expr: Expr, scope: Scope, wanted: boolean): readonly Edit[] {
  const at = (part: Expr) => placeOf(run, part, scope)
  const is = (part: Expr) => knownValue(run, part, scope)
  const set = (part: Expr, place: Place, value: Value | undefined) =>
    assign(place, value, { expr, scope, was: is(part) })
  const own = at(expr)
  if (own !== undefined) return own.type.kind === 'boolean' ? set(expr, own, wanted) : []
  switch (expr.kind) {
    case 'compare': {
      const operator = wanted ? expr.operator : opposite[expr.operator]
      const sides = [
        [expr.left, operator, expr.right],
        [expr.right, mirrored[operator], expr.left],
      ] as const
      return sides.flatMap(([side, how, other]) => {
        if (side.kind === 'construct') return how === '==' ? idEdits(side, is(other), at, set) : []
        const place = at(side)
        const value = place && is(other)
        if (place === undefined || value === undefined) return []
        return nearest(how, value, place.type).flatMap((one) => set(side, place, one))
      })
    }
    case 'element':
      return expr.in === 'set' ? memberEdits(run, { expr, scope, set: expr.of, member: expr.value, wanted }) : []
    case 'has': {
      const { of, name } = expr
      const field: Expr = {
        kind: 'field',
        of,
        name,
        type: { kind: 'json' },
        optional: true,
        relation: expr.relation,
        chain: false,
        at: expr.at,
      }
      const place = wanted || expr.relation ? undefined : at(field)
      return place === undefined ? [] : set(field, place, undefined)
    }
    case 'contained': {
      const place = at(expr.within)
      const subject = is(expr.subject)
      if (place?.kind !== 'field' || !place.relation || !isEntity(subject)) return []
      const held = is(expr.within)
      const was = isSet(held) ? held.members[0] : held
      return relationEdits(run, place, subject, wanted, () => assign(place, subject, { expr, scope, was }))
    }
    case 'builtin':
      return setMethodEdits(run, expr, scope, wanted)
    default:
      return []
  }
}

/** `Company[token.tenant] == company`: the text that is all of an id. Where it is only a part, none is made up. */
function idEdits(
  { type, parts: [part, ...more] }: Extract<Expr, { kind: 'construct' }>,
  wanted: Value | undefined,
  at: (part: Expr) => Place | undefined,
  set: (part: Expr, place: Place, value: Value) => readonly Edit[],
): readonly Edit[] {
  if (part === undefined || typeof part === 'string' || more.length > 0) return []
  const place = at(part)
  return place === undefined || !isEntity(wanted) || wanted.type !== type ? [] : set(part, place, wanted.id)
}

/** Assigns, if the place takes such a value. */
function assign(place: Place, value: Value | undefined, why: Extract<Edit, { kind: 'set' }>['why']): readonly Edit[] {
  if (value !== undefined && isError(conform(value, place.type))) return []
  if (place.kind === 'input') return [{ kind: 'input', place, value, why }]
  const holdsMany = place.relation && place.type.kind === 'set'
  return holdsMany ? [] : [{ kind: 'set', place, value, why }]
}

function nearest(operator: Compare['operator'], value: Value, type: Type): readonly Value[] {
  switch (operator) {
    case '==':
    case '<=':
    case '>=':
      return [value]
    case '!=':
      if (typeof value === 'boolean') return [!value]
      return literalsOf(type).filter((one) => one !== value)
    case '<':
      return beside(value, -1)
    case '>':
      return beside(value, 1)
  }
}

function literalsOf(type: Type): readonly string[] {
  if (type.kind === 'literal') return [type.value]
  return type.kind === 'union' ? type.of.flatMap(literalsOf) : []
}

/** The next one: of numbers the next whole step, of times a millisecond. */
function beside(value: Value, by: 1 | -1): readonly Value[] {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) return value + by === value ? [] : [value + by]
    return [integer(BigInt(value) + BigInt(by))]
  }
  if (typeof value === 'bigint') return isInt64(value + BigInt(by)) ? [integer(value + BigInt(by))] : []
  if (typeof value !== 'object' || (value.kind !== 'datetime' && value.kind !== 'duration')) return []
  return [{ ...value, milliseconds: value.milliseconds + by }]
}

interface Membership {
  readonly expr: Expr
  readonly scope: Scope
  readonly set: Expr
  readonly member: Expr
  readonly wanted: boolean
}

/** `member in set`: the set with or without it, or a member that is in the set. */
function memberEdits(run: Run, { expr, scope, set, member, wanted }: Membership): readonly Edit[] {
  const value = knownValue(run, member, scope)
  const among = value === undefined ? [] : withMembers(run, expr, scope, set, [value], wanted)
  const place = wanted ? placeOf(run, member, scope) : undefined
  const all = place && knownValue(run, set, scope)
  if (place === undefined || !isSet(all)) return among
  const why = { expr, scope, was: value }
  return [...among, ...some(all.members).flatMap((one) => assign(place, one, why))]
}

/** The set that stands there with these members or without them. */
function withMembers(
  run: Run,
  expr: Expr,
  scope: Scope,
  set: Expr,
  members: readonly Value[],
  wanted: boolean,
): readonly Edit[] {
  const place = placeOf(run, set, scope)
  if (place === undefined) return []
  if (place.kind === 'field' && place.relation) {
    const [only, more] = members
    if (only === undefined || more !== undefined || !isEntity(only)) return []
    return relationEdits(run, place, only, wanted, () => [])
  }
  if (place.type.kind !== 'set') return []
  const was = knownValue(run, set, scope)
  const held = isSet(was) ? was.members : []
  const others = held.filter((one) => !members.some((member) => equal(one, member) === true))
  return assign(place, setOf(wanted ? [...others, ...members] : others), { expr, scope, was })
}

/** A field of entity type: a fact more where it holds many, another one where it holds one. */
function relationEdits(
  run: Run,
  { entity, name, type }: FieldPlace,
  member: Entity,
  wanted: boolean,
  replace: () => readonly Edit[],
): readonly Edit[] {
  const relation = run.policy.schema.types.get(entity.type)?.fields.get(name)?.relation
  if (relation?.types.has(member.type) !== true) return []
  if (wanted && type.kind !== 'set') return replace()
  const fact = { subject: { kind: 'entity', entity: member } } as const
  return [{ kind: wanted ? 'add' : 'remove', object: entity, relation: name, fact }]
}

function setMethodEdits(
  run: Run,
  expr: Extract<Expr, { kind: 'builtin' }>,
  scope: Scope,
  wanted: boolean,
): readonly Edit[] {
  const [set, argument] = expr.args
  if (set === undefined) return []
  const put = (members: readonly Value[], held = wanted) => withMembers(run, expr, scope, set, members, held)
  if (expr.name === 'isEmpty') {
    const all = knownValue(run, set, scope)
    return wanted && isSet(all) ? put(all.members, false) : []
  }
  if (argument === undefined) return []
  if (expr.name === 'includes') return memberEdits(run, { expr, scope, set, member: argument, wanted })
  const other = knownValue(run, argument, scope)
  if (!isSet(other)) return []
  if (expr.name === 'containsAll') {
    return wanted ? put(other.members) : some(other.members).flatMap((member) => put([member]))
  }
  if (expr.name !== 'containsAny') return []
  return wanted ? some(other.members).flatMap((member) => put([member])) : put(other.members)
}

/** Not all of many, and the same whatever their order. */
function some(members: readonly Value[]): readonly Value[] {
  return [...members].sort((a, b) => (describe(a) < describe(b) ? -1 : 1)).slice(0, maxAlternatives)
}

function isSet(value: Value | undefined): value is Extract<Value, { kind: 'set' }> {
  return typeof value === 'object' && value.kind === 'set'
}

function isEntity(value: Value | undefined): value is Entity {
  return typeof value === 'object' && value.kind === 'entity'
}
