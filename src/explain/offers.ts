import type { MissingFact } from '../runtime/decision.ts'
import type { System } from '../runtime/system.ts'
import type { Among } from './antichain.ts'
import { gives } from './offer-order.ts'

/** A fact that the caller could go and get. */
interface Offer {
  readonly key: string
  readonly fact: MissingFact
}

/** What the caller could get, and which of it each leaf of a system asks for, by index. */
export interface Offers extends Among {
  readonly offers: readonly Offer[]
  readonly ofLeaf: ReadonlyMap<number, number>
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
    return first === second || (a !== undefined && b !== undefined && gives(a, b, satisfying))
  }
  // A token has one authentication context.
  const clash = (first: number, second: number) =>
    offers[first]?.fact.kind === 'acr' && offers[second]?.fact.kind === 'acr'
  return { offers, ofLeaf, implies, clash }
}
