import type { Facts } from '../facts/store.ts'
import { notLocked } from '../runtime/asked-target.ts'
import { groundAtoms } from '../runtime/bodies/body.ts'
import { delegatedRight, ownRight } from '../runtime/bodies/lines.ts'
import type { Missing, MissingFact } from '../runtime/decision.ts'
import { nothingMissing } from '../runtime/denial.ts'
import type { Evaluator } from '../runtime/evaluator.ts'
import { conjunction } from '../runtime/formula.ts'
import { guarded } from '../runtime/guarded.ts'
import type { RequestInput } from '../runtime/normalise.ts'
import { rootLines } from '../runtime/root.ts'
import type { Run } from '../runtime/run.ts'
import { solve } from '../runtime/solve/solve.ts'
import type { Model } from '../runtime/truth.ts'
import { no, truthOf, yes } from '../runtime/truth.ts'
import { isError } from '../value/evaluation-error.ts'
import { impossible } from './antichain.ts'
import { missingForList } from './missing-for-list.ts'
import { offersOf } from './offers.ts'
import { type OfLeaf, sufficientSets } from './sufficient.ts'

const maxSets = 8

/**
 * For a denial, the smallest sets of facts that the caller could go and get so that it would be an allow: disjoint from what is
 * held, none with a fact too many. Empty where they would not help, and for who is not authenticated. Never throws.
 */
export function missing(evaluator: Evaluator, request: RequestInput, facts: Facts): Missing {
  return guarded(
    () => {
      const run = evaluator.begin(request, facts, 'offer')
      if (isError(run) || run.question.actor.key === '') return nothingMissing
      if (notLocked(run.policy, run.question.target) !== undefined) return nothingMissing
      if (run.question.action === 'list' && run.question.target.kind !== 'entity') return missingForList(run)
      return missingIn(run)
    },
    () => ({ sets: [], truncated: true }),
  )
}

function missingIn(run: Run): Missing {
  const lines = rootLines(run)
  const root = conjunction([ownRight(lines), delegatedRight(lines.agents)])
  groundAtoms(run)
  const { system, budget, policy } = run
  const without = solve(system.bodies, budget, () => no)
  const withAll = solve(system.bodies, budget, () => yes)
  if (truthOf(root, without).low || !truthOf(root, withAll).low) return nothingMissing

  const offers = offersOf(system, policy.satisfying)
  let truncated = false
  // To have a fact where having it takes access away is nothing to offer, and nothing to rely on.
  const setsOf: OfLeaf = (leaf, goal) => {
    const offer = offers.ofLeaf.get(leaf)
    return goal && offer !== undefined ? [[offer]] : impossible
  }
  const found = sufficientSets(root, run, { ...offers, setsOf }, { without, withAll }, () => {
    truncated = true
  })
  const isEnough = (set: readonly number[]): boolean => {
    const holds = (leaf: number) => set.some((offer) => offers.implies(offer, offers.ofLeaf.get(leaf) ?? -1))
    const model: Model = solve(system.bodies, budget, (leaf) => (holds(leaf) ? yes : no))
    return truthOf(root, model).low
  }
  // What has been carried along so far is sound; that no fact is too many is seen only on the whole.
  const minimal = found.filter(
    (set) => isEnough(set) && !set.some((fact) => isEnough(set.filter((other) => other !== fact))),
  )
  const sets = distinct(minimal.map((set) => set.flatMap((offer) => offers.offers[offer]?.fact ?? [])))
  return { sets: sets.slice(0, maxSets), truncated: truncated || sets.length > maxSets }
}

/** Sets as they are told: approvals in the same words are told once, and no set that another is part of. */
function distinct(sets: readonly (readonly MissingFact[])[]): readonly (readonly MissingFact[])[] {
  const found = new Map<string, readonly MissingFact[]>()
  for (const set of sets) {
    const facts = new Map(set.map((fact) => [JSON.stringify(fact), fact]))
    const keys = [...facts.keys()].sort()
    found.set(
      keys.join(),
      keys.flatMap((key) => facts.get(key) ?? []),
    )
  }
  const sorted = [...found].sort(([a, x], [b, y]) => x.length - y.length || (a < b ? -1 : 1)).map(([, set]) => set)
  const told = sorted.map((set) => new Set(set.map((fact) => JSON.stringify(fact))))
  return sorted.filter((_, i) => !told.some((other, j) => j < i && [...other].every((fact) => told[i]?.has(fact))))
}
