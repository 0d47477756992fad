import type { EvaluationError } from '../value/value.ts'
import { badRequest } from './asked-target.ts'
import type { Decision, Missing, Reason } from './decision.ts'

export const nothingMissing: Missing = { sets: [], truncated: false }

export function denial(reason: Reason, errors: readonly EvaluationError[] = []): Decision {
  return { allowed: false, reason, rules: [], errors, missing: nothingMissing, limits: [], labels: [] }
}

/** A whole decision that could not be made. */
export function failure(what: 'budget' | 'request'): Decision {
  if (what === 'request') return denial('error', [badRequest()])
  return denial('error', [{ kind: 'error', code: 'budget', message: 'the decision took more than it may' }])
}
