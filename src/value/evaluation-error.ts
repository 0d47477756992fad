import type { Span } from '../base/source.ts'
import type { ErrorCode, EvaluationError } from './value.ts'

export function evaluationError(code: ErrorCode, message: string, at?: Span): EvaluationError {
  return at === undefined ? { kind: 'error', code, message } : { kind: 'error', code, message, at }
}

/**
 * Tells an error from a value. For results of evaluation only: an object from outside may call itself an error, and is
 * always wrapped in a `RecordValue` before it gets here.
 */
export function isError(value: unknown): value is EvaluationError {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'error'
}
