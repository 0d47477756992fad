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

/** A text that two errors share exactly when they say the same of the same place; errors are ordered by it. */
export function errorKey({ code, message, at }: EvaluationError): string {
  return JSON.stringify([code, message, at?.file, at?.start, at?.end])
}

/**
 * Whether a value could not be told because something is larger than it may be: a text, a list, what is compared. Elsewhere an error
 * says that there is no such value; this one says that nobody looked. So `recover` keeps it.
 */
export function isBudget({ code }: EvaluationError): boolean {
  return code === 'budget'
}

/** The one that is told where only the first can be; a budget before all others, since what it hides could have decided. */
export function firstError(a: EvaluationError | undefined, b: EvaluationError): EvaluationError {
  return a === undefined || (isBudget(b) && !isBudget(a)) ? b : a
}

/** The one that is told where only one can be, whichever was met first; a budget before all others. */
export function leastError(a: EvaluationError | undefined, b: EvaluationError): EvaluationError {
  if (a === undefined || isBudget(a) !== isBudget(b)) return firstError(a, b)
  return errorKey(b) < errorKey(a) ? b : a
}

/** Several errors where a value or a gap has room for one; as an error itself it is the least of them. */
interface Several extends EvaluationError {
  readonly all: readonly EvaluationError[]
}

export function together(errors: readonly EvaluationError[]): EvaluationError | undefined {
  const all = [...new Set(errors.flatMap(errorsIn))]
  const [only] = all
  if (only === undefined || all.length === 1) return only
  const several: Several = { ...all.reduce(leastError), all }
  return several
}

/** The errors that one stands for: itself, or those that `together` has put into it. */
export function errorsIn(error: EvaluationError): readonly EvaluationError[] {
  return 'all' in error ? (error as Several).all : [error]
}
