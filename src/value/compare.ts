import { equal } from './equal.ts'
import { evaluationError, isError } from './evaluation-error.ts'
import { kindOf } from './kind.ts'
import type { EvaluationError, Value } from './value.ts'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

/** `==` and `!=` as `equal`; order only of numbers, mathematically, of datetimes and of durations. */
export function compare(operator: Comparison, left: Value, right: Value): boolean | EvaluationError {
  if (operator === '==') return equal(left, right)
  if (operator === '!=') {
    const same = equal(left, right)
    return isError(same) ? same : !same
  }
  const a = rank(left)
  const b = rank(right)
  if (a === undefined || b === undefined || kindOf(left) !== kindOf(right)) {
    return evaluationError('wrong-kind', `there is no order between ${kindOf(left)} and ${kindOf(right)}`)
  }
  switch (operator) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

/** JavaScript orders numbers and bigints exactly, without rounding. */
function rank(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'object' && (value.kind === 'datetime' || value.kind === 'duration')) return value.milliseconds
  return undefined
}
