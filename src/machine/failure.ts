import type { Span } from '../base/source.ts'
import { absentError } from '../runtime/cases.ts'
import { evaluationError, isBudget, leastError } from '../value/evaluation-error.ts'
import type { ErrorCode, EvaluationError } from '../value/value.ts'
import { Doubt, erring, errorsIn, exceeding } from './doubt.ts'
import type { Registers } from './registers.ts'

/** Where an expression stands in the policy, and what its operands are called there, for what can go wrong with it. */
export interface Site {
  readonly at: Span
  readonly operands: readonly string[]
}

type Tracing = Pick<Registers, 'tracing'>

/** An error as a value and as a truth. What it says is put together only while somebody wants to know. */
export function fail(r: Tracing, code: ErrorCode, message: () => string, at?: Span): Doubt {
  return r.tracing ? new Doubt(false, [evaluationError(code, message(), at)]) : erring
}

/** A doubt as the gap of a set. */
export class Gap implements EvaluationError {
  readonly kind = 'error'
  readonly code: ErrorCode
  readonly message: string
  readonly at?: Span
  readonly doubt: Doubt

  constructor(doubt: Doubt) {
    const untold = evaluationError(doubt.exceeds ? 'budget' : 'absent', '')
    const { code, message, at } = errorsIn([doubt]).reduce(leastError, undefined) ?? untold
    this.code = code
    this.message = message
    if (at !== undefined) this.at = at
    this.doubt = doubt
  }
}

/** An error of a function of values, which has no place of its own. */
export function failed(r: Tracing, error: EvaluationError, at: Span): Doubt {
  if (error instanceof Gap) return error.doubt
  if (!r.tracing) return isBudget(error) ? exceeding : erring
  return new Doubt(false, [error.at === undefined ? { ...error, at } : error])
}

/** An operand that is not set where it has to be. */
export function notSet(r: Tracing, site: Site, operand: number): Doubt {
  return r.tracing ? new Doubt(false, [absentError(site.at, site.operands[operand])]) : erring
}

export function wrongKind(r: Tracing, expected: string, at: Span): Doubt {
  return fail(r, 'wrong-kind', () => `expected ${expected}`, at)
}
