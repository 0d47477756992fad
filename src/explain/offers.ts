import type { MissingFact } from '../runtime/decision.ts'
import type { System } from '../runtime/system.ts'

/** A fact that the caller could go and get. */
interface Offer {
  readonly key: string
  readonly fact: MissingFact
}

/** What the caller could get, and which of it each leaf of a system asks for, by index. */
export interface Offers {
  readonly offers: readonly Offer[]
  readonly ofLeaf: ReadonlyMap<number, number>
  /** Having the first is having the second, too: a scope that includes it, a younger authentication. */
  implies(first: number, second: number): boolean
}

/** `satisfying`: the scopes that give a scope, itself included. */
export function offersOf(system: System, satisfying: (scope: string) => readonly string[]): Offers {
  const offers: Offer[] = []
  const byKey = new Map<string, number>()
  const ofLeaf = new Map<number, number>()
  for (const [leaf, { kind, ...rest }] of system.leaves.entries()) {
    if (kind !== 'condition' || !('expr' in rest) || rest.expr.kind !== 'obtainable') continue
    const { fact } = rest.expr
    const offered: MissingFact = fact.kind === 'approved' ? { kind: 'approved', count: fact.count, of: fact.of } : fact
    // The same words may ask for approval by different people in different places.
    const key = JSON.stringify(fact.kind === 'approved' ? [offered, leaf] : offered)
    let index = byKey.get(key)
    if (index === undefined) {
      index = offers.push({ key, fact: offered }) - 1
      byKey.set(key, index)
    }
    ofLeaf.set(leaf, index)
  }
  const implies = (first: number, second: number): boolean => {
    const [a, b] = [offers[first]?.fact, offers[second]?.fact]
    if (first === second || a === undefined || b === undefined) return first === second
    if (a.kind === 'scope' && b.kind === 'scope') return satisfying(b.scope).includes(a.scope)
    if (a.kind !== 'auth-age' || b.kind !== 'auth-age') return false
    return a.atMost < b.atMost || (a.atMost === b.atMost && a.strict && !b.strict)
  }
  return { offers, ofLeaf, implies }
}
