import type { Missing } from '../runtime/decision.ts'
import { nothingMissing } from '../runtime/denial.ts'
import { listLines } from '../runtime/listed.ts'
import { isAllowed } from '../runtime/partial/bounds.ts'
import type { Run } from '../runtime/run.ts'
import { solve } from '../runtime/solve/solve.ts'
import type { Model, Truth } from '../runtime/truth.ts'
import { anything, no, truthOf, unsure, yes } from '../runtime/truth.ts'
import { offersOf } from './offers.ts'

const maxFacts = 4

/**
 * For an item that is not listed, what another token would need for it to be: one set, if there is any. Confirmations and approvals
 * belong to a use, and are unknown in a list.
 */
export function missingForList(run: Run): Missing {
  const { open, hiding, uses } = listLines(run)
  const { bodies } = open.system
  const offers = offersOf(open.system, run.policy.satisfying)
  const kindOf = (offer: number) => offers.offers[offer]?.fact.kind
  const ofToken = [...offers.offers.keys()].filter((offer) => !['confirmed', 'approved'].includes(kindOf(offer) ?? ''))

  const modelWith = (set: readonly number[], others: Truth): Model =>
    solve(bodies, run.budget, (leaf) => {
      const offer = offers.ofLeaf.get(leaf)
      if (offer === undefined || !ofToken.includes(offer)) return others
      return set.some((held) => offers.implies(held, offer)) ? yes : no
    })
  const isListed = (set: readonly number[]): boolean => {
    const certain = modelWith(set, unsure)
    const lines = [...hiding.deny, ...hiding.agents.flatMap((agent) => agent.deny)]
    if (lines.some(({ condition }) => truthOf(condition, certain).high)) return false
    const best = modelWith(set, anything)
    return uses.some((use) => isAllowed(use, best))
  }
  const smallest = (set: readonly number[]): readonly number[] =>
    set.reduce<readonly number[]>((kept, offer) => {
      const without = kept.filter((other) => other !== offer)
      return isListed(without) ? without : kept
    }, set)

  // A token has one `acr`.
  const plain = ofToken.filter((offer) => kindOf(offer) !== 'acr')
  const all = [plain, ...ofToken.filter((offer) => kindOf(offer) === 'acr').map((acr) => [...plain, acr])]
  const enough = isListed([]) ? undefined : all.find(isListed)
  if (enough === undefined) return nothingMissing
  const set = smallest(enough)
  if (set.length > maxFacts) return { sets: [], truncated: true }
  // There is another set where the item would be listed without some fact of this one.
  const truncated = set.some((fact) => all.some((one) => isListed(one.filter((offer) => offer !== fact))))
  return { sets: [set.flatMap((offer) => offers.offers[offer]?.fact ?? [])], truncated }
}
