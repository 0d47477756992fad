import { spend } from '../runtime/budget.ts'
import type { Formula } from '../runtime/formula.ts'
import type { Run } from '../runtime/run.ts'
import type { Model } from '../runtime/truth.ts'
import { truthOf } from '../runtime/truth.ts'
import type { Among, Antichain } from './antichain.ts'
import { antichains, impossible, needless, sameSets } from './antichain.ts'

/** The sets of offers that make a leaf true, or false. */
export type OfLeaf = (leaf: number, goal: boolean) => Antichain

/**
 * The sets of offers that make a formula definitely true. Carried through the system the way truth is: for every atom the sets
 * that make it true (a least fixpoint) and those that make it false (a greatest one), each for negations of the other, in
 * alternation. `without` and `withAll` are the models with no offer and with whatever of them helps; where they agree, offers
 * change nothing.
 */
export function sufficientSets(
  root: Formula,
  run: Run,
  offers: Among & { readonly setsOf: OfLeaf },
  { without, withAll }: { readonly without: Model; readonly withAll: Model },
  truncate: () => void,
): Antichain {
  const { either, every, several } = antichains(offers, truncate)
  const { bodies } = run.system
  const varying = [...bodies.keys()].filter(
    (atom) => without.low[atom] !== withAll.low[atom] || without.high[atom] !== withAll.high[atom],
  )
  // What is reached first depends on what is reached later.
  varying.reverse()
  const enough = { true: new Map<number, Antichain>(), false: new Map<number, Antichain>() }
  let memo = { true: new Map<Formula, Antichain>(), false: new Map<Formula, Antichain>() }

  const sets = (formula: Formula, goal: boolean): Antichain => {
    const known = memo[`${goal}`].get(formula)
    if (known !== undefined) return known
    const found = setsOf(formula, goal)
    // Sets are put together one with another.
    spend(run.budget, 'steps', 10 + found.length ** 2)
    memo[`${goal}`].set(formula, found)
    return found
  }
  const setsOf = (formula: Formula, goal: boolean): Antichain => {
    const before = truthOf(formula, without)
    const after = truthOf(formula, withAll)
    if (goal ? before.low : !before.high) return needless
    if (goal ? !after.low : after.high) return impossible
    switch (formula.kind) {
      case 'constant':
      case 'error':
        return impossible
      case 'atom':
        return enough[`${goal}`].get(formula.atom) ?? impossible
      case 'leaf':
        return offers.setsOf(formula.leaf, goal)
      case 'not':
        return sets(formula.operand, !goal)
      case 'and':
      case 'or': {
        const parts = formula.operands.map((operand) => sets(operand, goal))
        return (formula.kind === 'and') === goal ? every(parts) : either(parts)
      }
      case 'at-least': {
        const parts = formula.operands.map((operand) => sets(operand, goal))
        return several(goal ? formula.count : parts.length - formula.count + 1, parts)
      }
    }
  }
  /** To the fixpoint of one side, the other as it is; whether anything is other than before. */
  const settle = (goal: boolean): boolean => {
    const side = enough[`${goal}`]
    const earlier = new Map(side)
    for (const atom of varying) side.set(atom, goal ? impossible : needless)
    for (let changed = true; changed; ) {
      changed = false
      for (const atom of varying) {
        memo = { true: new Map(), false: new Map() }
        const next = sets(bodies[atom] as Formula, goal)
        if (sameSets(next, side.get(atom) ?? impossible)) continue
        side.set(atom, next)
        changed = true
      }
    }
    return varying.some((atom) => !sameSets(side.get(atom) ?? impossible, earlier.get(atom) ?? impossible))
  }
  // No atom can be counted on to be false, before anything is known to be true.
  for (let changed = true; changed; ) changed = [settle(true), settle(false)].includes(true)
  memo = { true: new Map(), false: new Map() }
  return sets(root, true)
}
