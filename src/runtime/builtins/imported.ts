import { isLoopback, isMulticast, networkWithin } from '../../value/address.ts'
import { amongSame, same } from '../../value/equal.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import type { Decimal, EvaluationError, Network, SetValue, Value } from '../../value/value.ts'
import type { BuiltinFunction } from './builtin.ts'
import { isSet } from './builtin.ts'

/** What imported policies need beside the rest: values of which nothing is known beforehand, decimals, and addresses with a prefix. */
export const imported: readonly (readonly [string, BuiltinFunction])[] = [
  ['dynamic', ([value]) => (value === undefined ? undefined : whole([value], () => value))],
  ['same', ([a, b]) => (a === undefined || b === undefined ? undefined : whole([a, b], () => same(a, b)))],
  ['includesSame', ([of, value]) => ofSets([of], value, ([set]) => amongSame.contains(set, value as Value))],
  ['containsAllSame', ([of, other]) => ofSets([of, other], other, ([a, b]) => amongSame.containsAll(a, b))],
  ['containsAnySame', ([of, other]) => ofSets([of, other], other, ([a, b]) => amongSame.containsAny(a, b))],
  // Every element has to be one, whichever of them decides.
  ['areEntities', ([subject, within]) => areEntities(subject, within)],
  ['lessThan', ofDecimals((a, b) => a < b)],
  ['lessThanOrEqual', ofDecimals((a, b) => a <= b)],
  ['greaterThan', ofDecimals((a, b) => a > b)],
  ['greaterThanOrEqual', ofDecimals((a, b) => a >= b)],
  ['isIpv4', ofNetwork(({ version }) => version === 4)],
  ['isIpv6', ofNetwork(({ version }) => version === 6)],
  ['isLoopback', ofNetwork(isLoopback)],
  ['isMulticast', ofNetwork(isMulticast)],
  ['isInRange', ([inner, outer]) => (isNetwork(inner) && isNetwork(outer) ? networkWithin(inner, outer) : undefined)],
]

/** A set with an element that could not be told is an error, also where the others decide: operands are strict. */
function whole<T>(values: readonly (Value | undefined)[], then: () => T): T | EvaluationError {
  for (const value of values) if (isSet(value) && value.gap !== undefined) return value.gap
  return then()
}

function ofSets(
  sets: readonly (Value | undefined)[],
  other: Value | undefined,
  test: (sets: [SetValue, SetValue]) => boolean | EvaluationError,
): boolean | EvaluationError | undefined {
  if (other === undefined || !sets.every(isSet)) return undefined
  return whole([...sets, other], () => test(sets as unknown as [SetValue, SetValue]))
}

function areEntities(subject: Value | undefined, within: Value | undefined): boolean | EvaluationError | undefined {
  if (!isEntity(subject)) return undefined
  if (isEntity(within)) return true
  if (!isSet(within)) return undefined
  if (within.gap !== undefined) return within.gap
  return within.members.every(isEntity) || evaluationError('wrong-kind', 'a member of a set that is no entity')
}

function isEntity(value: Value | undefined): boolean {
  return typeof value === 'object' && value.kind === 'entity'
}

function ofDecimals(test: (a: bigint, b: bigint) => boolean): BuiltinFunction {
  return ([a, b]) => (isDecimal(a) && isDecimal(b) ? test(a.units, b.units) : undefined)
}

function isDecimal(value: Value | undefined): value is Decimal {
  return typeof value === 'object' && value.kind === 'decimal'
}

function ofNetwork(test: (network: Network) => boolean): BuiltinFunction {
  return ([network]) => (isNetwork(network) ? test(network) : undefined)
}

function isNetwork(value: Value | undefined): value is Network {
  return typeof value === 'object' && value.kind === 'ipaddr'
}
