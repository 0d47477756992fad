import { groundAtoms } from './bodies/body.ts'
import type { Lines } from './bodies/lines.ts'
import type { Outcome } from './cases.ts'
import { unknown } from './cases.ts'
import { combine, decidingRules, isUnsure } from './combine.ts'
import type { Decision, Reason } from './decision.ts'
import { denial } from './denial.ts'
import { errorsOf } from './errors.ts'
import { usesOf } from './mcp-actions.ts'
import { isAllowed } from './partial/bounds.ts'
import type { Question } from './question.ts'
import { rootLines } from './root.ts'
import type { Run } from './run.ts'
import { solve } from './solve/solve.ts'
import type { Model } from './truth.ts'
import { anything, truthOf, unsure } from './truth.ts'

/**
 * Whether an item is shown: some use of it could still be allowed, whatever its arguments are and whoever approves, and no
 * `deny list` or `deny *` holds or may hold. Calls are decided by their own rules.
 */
export function listed(run: Run): Decision {
  const { open, hiding, uses, certain, best } = uncertain(run)
  const hidden = hiddenBy(hiding, open, certain)
  if (hidden !== undefined) return hidden
  if (!uses.some((lines) => isAllowed(lines, best)))
    return denial(nearest(uses.map((lines) => combine(lines, best).reason)))
  return { ...denial('granted'), allowed: true }
}

/** Whether an item is hidden whatever else of the request is still unknown: surely denied, or of no possible use. */
export function listedForNone(run: Run): boolean {
  const { hiding, uses, certain, best } = uncertain(run)
  const lines = [...hiding.deny, ...hiding.agents.flatMap((agent) => agent.deny)]
  if (lines.some(({ condition }) => truthOf(condition, certain).low)) return true
  return !uses.some((lines) => isAllowed(lines, best))
}

/** The lines that a list hangs on, with what is certain of them and what is possible at best, uses being unknown. */
function uncertain(run: Run) {
  const lines = listLines(run)
  const { bodies } = lines.open.system
  return {
    ...lines,
    certain: solve(bodies, run.budget, () => unsure),
    best: solve(bodies, run.budget, () => anything),
  }
}

/** The lines that a list hangs on: those that hide the item, and those of each use of it, with what belongs to a use unknown. */
export function listLines(run: Run): { readonly open: Run; readonly hiding: Lines; readonly uses: readonly Lines[] } {
  const open: Run = { ...run, question: withUseUnknown(run.question) }
  const hiding = rootLines(open, 'list')
  const uses = usesOf(run.question.target).map((use) => rootLines(open, use))
  groundAtoms(open)
  return { open, hiding, uses }
}

/** What belongs to one use and not to the caller. */
function withUseUnknown(question: Question): Question {
  const inputs = new Map<Parameters<Question['inputs']['get']>[0], Outcome>(question.inputs)
  if (inputs.has('args')) inputs.set('args', unknown)
  return { ...question, inputs, approvals: unknown, confirmed: unknown }
}

function hiddenBy({ deny, agents }: Lines, run: Run, model: Model): Decision | undefined {
  const lines = [...deny, ...agents.flatMap((agent) => agent.deny)].filter(
    ({ condition }) => truthOf(condition, model).high,
  )
  if (lines.length === 0) return undefined
  const definite = lines.filter(({ condition }) => !isUnsure(condition, model))
  if (definite.length > 0) return { ...denial('forbidden'), rules: decidingRules(definite) }
  const errors = errorsOf(
    lines.map(({ condition }) => condition),
    run.system,
    model,
  )
  return { ...denial('error', errors), rules: decidingRules(lines) }
}

/** The reason that says most of several denials. */
function nearest(reasons: readonly Reason[]): Reason {
  const order: readonly Reason[] = ['error', 'forbidden', 'not-delegated', 'not-permitted']
  return order.find((reason) => reasons.includes(reason)) ?? 'not-permitted'
}
