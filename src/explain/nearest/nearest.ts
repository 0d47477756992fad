import type { Facts } from '../../facts/store.ts'
import { notLocked } from '../../runtime/asked-target.ts'
import { groundAtoms } from '../../runtime/bodies/body.ts'
import { delegatedRight, ownRight } from '../../runtime/bodies/lines.ts'
import type { Budget } from '../../runtime/budget.ts'
import { decide } from '../../runtime/decide.ts'
import type { Evaluator } from '../../runtime/evaluator.ts'
import { conjunction, type Formula } from '../../runtime/formula.ts'
import { guarded } from '../../runtime/guarded.ts'
import type { RequestInput } from '../../runtime/normalise.ts'
import { rootLines } from '../../runtime/root.ts'
import type { Run } from '../../runtime/run.ts'
import { solve } from '../../runtime/solve/solve.ts'
import { anything, type Truth, truthOf, unsure } from '../../runtime/truth.ts'
import { isError } from '../../value/evaluation-error.ts'
import type { Antichain } from '../antichain.ts'
import { type OfLeaf, sufficientSets } from '../sufficient.ts'
import { type Nearest, nothingNearest } from './change.ts'
import { changedFacts } from './changed-facts.ts'
import { changedRequest } from './changed-request.ts'
import { changeOf, type Edit } from './edit.ts'
import { forced } from './forced.ts'
import { type Proposal, proposalsOf } from './proposals.ts'
import { type Supposed, supposing } from './suppose.ts'
import { type Ways, waysAmong } from './ways.ts'

/** What may be spent on looking for ways, and again on deciding whether they are. */
const limits: Budget = { atoms: 5_000, steps: 2_000_000 }

/**
 * For a denial, what would have to change for it to be an allow. Proposed from the system that the decision was solved from, with
 * everything that may be otherwise as a leaf; disposed of by the decision, made again with each proposal. Never throws.
 */
export function nearest(evaluator: Evaluator, request: RequestInput, facts: Facts): Nearest {
  return guarded(
    () => {
      const begun = evaluator.begin(request, facts, 'offer')
      if (isError(begun) || typeof begun.question.now !== 'number') return nothingNearest
      const { target, action, now } = begun.question
      if (notLocked(begun.policy, target) !== undefined) return nothingNearest
      if (action === 'list' && target.kind !== 'entity') return nothingNearest
      const system = suppose({ ...begun, budget: { ...limits } })
      const deciding: Budget = { ...limits }
      const isEnough = (edits: readonly Edit[]): boolean => {
        const run = evaluator.begin(changedRequest(request, edits, now), facts, 'decide')
        if (isError(run)) return false
        const seen = changedFacts(run.facts, edits, run.policy.schema)
        return decide({ ...run, facts: seen, budget: deciding, supposing: forced(edits) }).allowed
      }
      const byFacts = system.find(false)
      const found = waysAmong(byFacts, isEnough)
      if (found.ways.length > 0 || system.isAllowed) return told(found)
      // Nothing that it looks at would end some deny; others are left to stand.
      return told(fewestRules(waysAmong(system.find(true), isEnough)))
    },
    () => ({ ways: [], truncated: true }),
  )
}

function fewestRules({ ways, truncated }: Ways): Ways {
  const rules = (way: Ways['ways'][number]) => way.filter(({ edit }) => edit.kind === 'rule').length
  const fewest = Math.min(...ways.map(rules))
  return { ways: ways.filter((way) => rules(way) === fewest), truncated }
}

function told({ ways, truncated }: Ways): Nearest {
  return { ways: ways.map((way) => way.map(({ edit }) => changeOf(edit))), truncated }
}

export interface Proposed {
  readonly sets: Antichain
  readonly proposals: readonly Proposal[]
  readonly truncated: boolean
}

/** The system of a question with everything that may be otherwise as leaves, and what to propose from it. */
function suppose(run: Run) {
  const leaves = new Map<number, Supposed>()
  const wide: Run = { ...run, supposing: supposing(leaves) }
  const lines = rootLines(wide)
  const root = conjunction([ownRight(lines), delegatedRight(lines.agents)])
  groundAtoms(wide)
  const { system, budget } = wide
  const isKnown = run.question.actor.key !== ''
  for (const [leaf, one] of system.leaves.entries()) {
    if (one.kind !== 'condition' || one.expr.kind !== 'obtainable' || leaves.has(leaf)) continue
    const { expr, scope } = one
    const { fact } = one.expr
    const offered = fact.kind === 'approved' ? { kind: fact.kind, count: fact.count, of: fact.of } : fact
    const edits: readonly Edit[] = isKnown ? [{ kind: 'obtain', fact: offered, expr, scope }] : []
    leaves.set(leaf, { present: { low: false, high: false }, edits: (wanted) => (wanted ? edits : []) })
  }
  const present = (leaf: number): Truth => leaves.get(leaf)?.present ?? unsure
  const without = solve(system.bodies, budget, present)

  const find = (rulesMayFall: boolean): Proposed => {
    const { proposals, among, ofLeaf } = proposalsOf(leaves, depthsOf(root, wide), run.policy.satisfying, rulesMayFall)
    let truncated = false
    const withAll = solve(system.bodies, budget, (leaf) => (ofLeaf.has(leaf) ? anything : present(leaf)))
    const setsOf: OfLeaf = (leaf, goal) => (ofLeaf.get(leaf)?.[`${goal}`] ?? []).map((one) => [one])
    const sets = truthOf(root, withAll).low
      ? sufficientSets(root, wide, { ...among, setsOf }, { without, withAll }, () => {
          truncated = true
        })
      : []
    return { sets, proposals, truncated }
  }
  return { find, isAllowed: truthOf(root, without).low }
}

/** How many roles and permissions lie between the question and each leaf. */
function depthsOf(root: Formula, { system: { bodies } }: Run): ReadonlyMap<number, number> {
  const depths = new Map<number, number>()
  const seen = new Set<Formula>()
  const reached = new Set<number>()
  let level: Formula[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    const next: Formula[] = []
    for (let formula = level.pop(); formula !== undefined; formula = level.pop()) {
      if (seen.has(formula)) continue
      seen.add(formula)
      if (formula.kind === 'leaf') {
        if (!depths.has(formula.leaf)) depths.set(formula.leaf, depth)
      } else if (formula.kind === 'not') level.push(formula.operand)
      else if ('operands' in formula) for (const operand of formula.operands) level.push(operand)
      else if (formula.kind === 'atom' && !reached.has(formula.atom)) {
        reached.add(formula.atom)
        const body = bodies[formula.atom]
        if (body !== undefined) next.push(body)
      }
    }
    level = next
  }
  return depths
}
