import type { Facts } from '../../facts/store.ts'
import { isError } from '../../value/evaluation-error.ts'
import type { EvaluationError } from '../../value/value.ts'
import { notLocked } from '../asked-target.ts'
import { decide, decisionOf, solved } from '../decide.ts'
import type { Decision } from '../decision.ts'
import { denial, failure } from '../denial.ts'
import type { Evaluator } from '../evaluator.ts'
import { guarded } from '../guarded.ts'
import { listedForNone } from '../listed.ts'
import type { RequestInput } from '../normalise.ts'
import type { UnknownInput } from '../question.ts'
import { rootLines } from '../root.ts'
import type { Run } from '../run.ts'
import { boundsOf, type Outcome } from './bounds.ts'
import { complete } from './complete.ts'
import { reduce } from './reduce.ts'
import type { Residual } from './residual.ts'

export interface PartialDecision {
  readonly outcome: Outcome
  readonly residual: Residual
  /** Why the request is denied whatever is still unknown: it is not a right one, or took too long. */
  readonly errors: readonly EvaluationError[]
}

/**
 * A decision with some inputs left open: *deny* if it is a denial for every completion, *allow* if it is an allow for every
 * one, else *depends*, with the condition that remains.
 */
export function partial(
  evaluator: Evaluator,
  request: RequestInput,
  facts: Facts,
  open: readonly UnknownInput[],
): PartialDecision {
  return guarded<PartialDecision>(
    () => {
      const run = evaluator.begin(request, facts, 'decide', new Set(open))
      return isError(run) ? denied([run]) : partially(run, open)
    },
    (why) => denied(failure(why).errors),
  )
}

const ofUse: ReadonlySet<UnknownInput> = new Set(['args', 'uri', 'approvals', 'confirmed'])

function isList({ question }: Run): boolean {
  return question.action === 'list' && question.target.kind !== 'entity'
}

function partially(run: Run, open: readonly UnknownInput[]): PartialDecision {
  const closed = notLocked(run.policy, run.question.target)
  if (closed !== undefined) return denied([closed])
  if (isList(run)) {
    // A list leaves open what belongs to a use by itself; what else is open decides later, and nothing of it is kept.
    if (open.some((input) => !ofUse.has(input)))
      return { outcome: listedForNone(run) ? 'deny' : 'depends', residual: empty, errors: [] }
    const { allowed, errors } = decide(run)
    return { outcome: allowed ? 'allow' : 'deny', residual: empty, errors }
  }
  const lines = rootLines(run)
  const { outcome, certain } = boundsOf(run, lines)
  return { outcome, residual: reduce(lines, run.system, certain), errors: [] }
}

/** The decision on the complete request, from what was left of it: the same that `decide` makes, on the same facts. */
export function evaluateResidual(
  evaluator: Evaluator,
  residual: Residual,
  request: RequestInput,
  facts: Facts,
): Decision {
  return guarded(() => {
    const run = evaluator.begin(request, facts, 'decide')
    if (isError(run)) return denial('error', [run])
    const closed = notLocked(run.policy, run.question.target)
    if (closed !== undefined) return denial('not-permitted', [closed])
    if (isList(run)) return decide(run)
    const lines = complete(run, residual)
    return decisionOf(run, lines, solved(run))
  }, failure)
}

const empty: Residual = { version: 1, allow: [], deny: [], agents: [], atoms: [], leaves: [] }

function denied(errors: readonly EvaluationError[]): PartialDecision {
  return { outcome: 'deny', residual: empty, errors }
}
