import { notLocked } from './asked-target.ts'
import { groundAtoms } from './bodies/body.ts'
import type { Lines } from './bodies/lines.ts'
import { combine, decidingRules } from './combine.ts'
import type { Decision } from './decision.ts'
import { denial, nothingMissing } from './denial.ts'
import { errorsOf, reportedOf } from './errors.ts'
import { listed } from './listed.ts'
import { appliedLabels, appliedLimits, obligationsOf } from './obligations.ts'
import { rootLines } from './root.ts'
import type { Run } from './run.ts'
import { solve } from './solve/solve.ts'
import type { Model } from './truth.ts'

/** The decision of the normative text. Of `missing` it says nothing: that is for who wants to know. */
export function decide(run: Run): Decision {
  const closed = notLocked(run.policy, run.question.target)
  if (closed !== undefined) return denial('not-permitted', [closed])
  if (run.question.action === 'list' && run.question.target.kind !== 'entity') return listed(run)
  const lines = rootLines(run)
  return decisionOf(run, lines, solved(run))
}

/** Looks into all that has been reached and solves it. */
export function solved(run: Run): Model {
  groundAtoms(run)
  return solve(run.system.bodies, run.budget)
}

export function decisionOf(run: Run, lines: Lines, model: Model): Decision {
  const { allowed, reason, deciding } = combine(lines, model)
  const rules = decidingRules(deciding)
  if (!allowed) {
    const conditions = deciding.map(({ condition }) => condition)
    const errors = reason === 'error' ? reportedOf(errorsOf(conditions, run.system, model), deciding) : []
    return { ...denial(reason, errors), rules }
  }
  const limits = obligationsOf(run, 'limit')
  const labels = obligationsOf(run, 'label')
  // They may have reached further atoms; those that were there keep their values.
  const more = run.system.bodies.length < run.system.atoms.length ? solved(run) : model
  const erring = [...limits, ...labels].map(({ condition }) => condition)
  return {
    allowed,
    reason,
    rules,
    errors: errorsOf(erring, run.system, more),
    missing: nothingMissing,
    limits: appliedLimits(limits, more),
    labels: appliedLabels(labels, more),
  }
}
