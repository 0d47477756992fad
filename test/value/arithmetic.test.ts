import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calculate, type Domain, negate, type Operator } from '../../src/value/arithmetic.ts'
import { isError } from '../../src/value/evaluation-error.ts'
import type { Value } from '../../src/value/value.ts'

const duration = (milliseconds: number): Value => ({ kind: 'duration', milliseconds })
const datetime = (milliseconds: number): Value => ({ kind: 'datetime', milliseconds })
const largest = 2n ** 63n - 1n

function check(operator: Operator, domain: Domain, left: Value, right: Value): unknown {
  const value = calculate(operator, domain, left, right)
  return isError(value) ? value.code : value
}

describe('arithmetic', () => {
  it.each([
    ['+', 'int', 1, 2, 3],
    ['-', 'int', 0, 0, 0],
    ['*', 'int', -1, 0, 0],
    ['+', 'int', Number.MAX_SAFE_INTEGER, 1, 2n ** 53n],
    ['-', 'int', 2n ** 53n, 1, Number.MAX_SAFE_INTEGER],
    ['*', 'int', 2 ** 31, 2 ** 31, 2n ** 62n],
    ['+', 'int', largest, 1, 'overflow'],
    ['-', 'int', -largest, 2, 'overflow'],
    ['*', 'int', 2 ** 40, 2 ** 40, 'overflow'],
    ['+', 'int', 1.5, 1, 'wrong-kind'],
    ['+', 'int', '1', 1, 'wrong-kind'],
    ['+', 'number', 0.5, 0.25, 0.75],
    ['*', 'number', 1e308, 10, 'overflow'],
    ['*', 'number', -1, 0, 0],
    ['+', 'string', 'a', 'b', 'ab'],
    ['+', 'string', 'a', 1, 'wrong-kind'],
    ['+', 'string', 'a'.repeat(60_000), 'b'.repeat(60_000), 'budget'],
    ['-', 'time', datetime(5), datetime(3), duration(2)],
    ['+', 'time', datetime(5), duration(3), datetime(8)],
    ['+', 'time', duration(3), datetime(5), datetime(8)],
    ['-', 'time', datetime(5), duration(3), datetime(2)],
    ['-', 'time', duration(3), duration(5), duration(-2)],
    ['*', 'time', duration(3), 2, duration(6)],
    ['*', 'time', 2, duration(3), duration(6)],
    ['+', 'time', datetime(5), datetime(3), 'wrong-kind'],
    ['-', 'time', duration(5), datetime(3), 'wrong-kind'],
    ['*', 'time', duration(3), 1.5, 'wrong-kind'],
    ['*', 'time', duration(3), duration(3), 'wrong-kind'],
    ['+', 'time', datetime(8.64e15), duration(1), 'overflow'],
    ['*', 'time', duration(2 ** 40), 2 ** 40, 'overflow'],
  ] as readonly (readonly [Operator, Domain, Value, Value, unknown])[])(
    '%s of %s: %s, %s is %s',
    (operator, domain, left, right, expected) => expect(check(operator, domain, left, right)).toStrictEqual(expected),
  )

  it('of integers is exact, or an overflow', () => {
    const int = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: largest }), fc.maxSafeInteger().map(BigInt))
    const one = (value: bigint): Value => (Number.isSafeInteger(Number(value)) ? Number(value) : value)
    fc.assert(
      fc.property(int, int, fc.constantFrom<Operator>('+', '-', '*'), (a, b, operator) => {
        const exact = operator === '+' ? a + b : operator === '-' ? a - b : a * b
        const expected = exact > largest || exact < -largest - 1n ? 'overflow' : one(exact)
        expect(check(operator, 'int', one(a), one(b))).toBe(expected)
      }),
    )
  })

  it('negates within bounds', () => {
    expect(negate('int', 5)).toBe(-5)
    expect(negate('int', 0)).toBe(0)
    expect(isError(negate('int', -largest - 1n))).toBe(true)
    expect(negate('time', duration(5))).toEqual(duration(-5))
    expect(isError(negate('time', datetime(5)))).toBe(true)
  })
})
