import { evaluationError } from './evaluation-error.ts'
import { timeOf } from './time.ts'
import type { EvaluationError, Time, Value } from './value.ts'

/**
 * datetime - datetime, datetime ± duration, duration + datetime, duration ± duration, duration * integer either way;
 * undefined for any other pair of kinds.
 */
export function calculateTime(
  operator: '+' | '-' | '*',
  left: Value,
  right: Value,
): Time | EvaluationError | undefined {
  if (operator === '*') return product(left, right) ?? product(right, left)
  if (!isTime(left) || !isTime(right)) return undefined
  const kind = resultKind(operator, left.kind, right.kind)
  if (kind === undefined) return undefined
  const sign = operator === '+' ? 1 : -1
  return inRange(timeOf(kind, left.milliseconds + sign * right.milliseconds))
}

function resultKind(operator: '+' | '-', left: Time['kind'], right: Time['kind']): Time['kind'] | undefined {
  if (left === right) return operator === '-' || left === 'duration' ? 'duration' : undefined
  return left === 'datetime' || operator === '+' ? 'datetime' : undefined
}

function product(time: Value, factor: Value): Time | EvaluationError | undefined {
  if (!isTime(time) || time.kind !== 'duration') return undefined
  if (typeof factor === 'bigint') return time.milliseconds === 0 ? time : inRange(undefined)
  if (typeof factor !== 'number' || !Number.isSafeInteger(factor)) return undefined
  return inRange(timeOf('duration', time.milliseconds * factor))
}

function inRange(time: Time | undefined): Time | EvaluationError {
  return time ?? evaluationError('overflow', 'a point in time or a duration out of range')
}

function isTime(value: Value): value is Time {
  return typeof value === 'object' && (value.kind === 'datetime' || value.kind === 'duration')
}
