import type { Span } from '../base/source.ts'
import { isError } from '../value/evaluation-error.ts'
import type { Absent, EvaluationError, SetValue, Value } from '../value/value.ts'
import type { Outcome } from './cases.ts'

/** An error is told where it arose: what knows no place, such as a function of values, leaves it to the expression it stands in. */
export function located(outcome: Outcome, at: Span): Outcome {
  return isError(outcome) ? errorAt(outcome, at) : outcome
}

export function errorAt(error: EvaluationError, at: Span): EvaluationError {
  return error.at === undefined ? { ...error, at } : error
}

/** The same of what has been read, with the gaps in it. */
export function readAt<T extends Value | Absent | EvaluationError>(read: T, at: Span): T | SetValue | EvaluationError {
  if (isError(read)) return errorAt(read, at)
  return isSet(read) ? setAt(read, at) : read
}

function setAt(set: SetValue, at: Span): SetValue {
  const { members, gap } = set
  if (gap === undefined && !members.some(isSet)) return set
  const inside = members.map((member) => (isSet(member) ? setAt(member, at) : member))
  return { ...set, members: inside, ...(gap === undefined ? {} : { gap: errorAt(gap, at) }) }
}

function isSet(value: Value | Absent): value is SetValue {
  return typeof value === 'object' && value.kind === 'set'
}
