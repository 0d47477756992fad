import { assertNever } from '../base/assert-never.ts'
import { evaluationError } from './evaluation-error.ts'
import { integer, isInt64 } from './integer.ts'
import { kindOf } from './kind.ts'
import { maxTextLength } from './limits.ts'
import { calculateTime } from './time-arithmetic.ts'
import type { EvaluationError, Value } from './value.ts'

export type Operator = '+' | '-' | '*'

/** What the operands are taken for: `int` 64-bit, `number` finite doubles, `time` datetimes and durations, `string`. */
export type Domain = 'int' | 'number' | 'time' | 'string'

/** The result, an error where an operand is of the wrong kind or the result is out of range; never rounded or wrapped. */
export function calculate(operator: Operator, domain: Domain, left: Value, right: Value): Value | EvaluationError {
  switch (domain) {
    case 'int':
      return isInteger(left) && isInteger(right) ? integers(operator, left, right) : wrongKinds(left, right)
    case 'number':
      return isNumber(left) && isNumber(right)
        ? doubles(operator, Number(left), Number(right))
        : wrongKinds(left, right)
    case 'time':
      return calculateTime(operator, left, right) ?? wrongKinds(left, right)
    case 'string':
      return typeof left === 'string' && typeof right === 'string' ? join([left, right]) : wrongKinds(left, right)
    default:
      return assertNever(domain)
  }
}

export function negate(domain: 'int' | 'number' | 'time', operand: Value): Value | EvaluationError {
  if (domain !== 'time') return calculate('-', domain, 0, operand)
  if (typeof operand !== 'object' || operand.kind !== 'duration') return wrongKinds(operand, operand)
  return { kind: 'duration', milliseconds: 0 - operand.milliseconds }
}

/** Texts put together, bounded, so that no expression can make much out of little. */
export function join(parts: readonly string[]): string | EvaluationError {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return length > maxTextLength ? evaluationError('budget', `text longer than ${maxTextLength}`) : parts.join('')
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isInteger(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

function integers(
  operator: Operator,
  left: number | bigint,
  right: number | bigint,
): number | bigint | EvaluationError {
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = apply(operator, left, right)
    // A safe result of safe operands is exact; adding zero turns -0 into 0.
    if (Number.isSafeInteger(quick)) return quick + 0
  }
  const exact = applyExactly(operator, BigInt(left), BigInt(right))
  return isInt64(exact) ? integer(exact) : evaluationError('overflow', 'an integer that does not fit into 64 bits')
}

function doubles(operator: Operator, left: number, right: number): number | EvaluationError {
  const result = apply(operator, left, right)
  return Number.isFinite(result) ? result + 0 : evaluationError('overflow', 'a number that is not finite')
}

function apply(operator: Operator, left: number, right: number): number {
  return operator === '+' ? left + right : operator === '-' ? left - right : left * right
}

function applyExactly(operator: Operator, left: bigint, right: bigint): bigint {
  return operator === '+' ? left + right : operator === '-' ? left - right : left * right
}

function wrongKinds(left: Value, right: Value): EvaluationError {
  return evaluationError('wrong-kind', `no such arithmetic with ${kindOf(left)} and ${kindOf(right)}`)
}
