import { equal } from '../value/equal.ts'
import type { Value } from '../value/value.ts'
import type { Fact } from './store.ts'

interface Carrying {
  readonly when?: Fact['when']
}

/** Of two facts of one subject: the same expiry and the same condition. */
export function sameTerms(a: Fact, b: Fact): boolean {
  return a.until === b.until && sameCondition(a, b)
}

export function sameCondition(a: Carrying, b: Carrying): boolean {
  if (a.when === undefined || b.when === undefined) return a.when === b.when
  return a.when.let === b.when.let && equal(recordOf(a.when.args), recordOf(b.when.args)) === true
}

function recordOf(args: ReadonlyMap<string, Value>): Value {
  return { kind: 'record', raw: args, type: { kind: 'json' } }
}
