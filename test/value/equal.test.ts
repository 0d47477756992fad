import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Type } from '../../src/ir/type.ts'
import { canonicalKey } from '../../src/value/canonical-key.ts'
import { compare } from '../../src/value/compare.ts'
import { decode } from '../../src/value/decode.ts'
import { entity } from '../../src/value/entity.ts'
import { contains, containsAll, containsAny, equal } from '../../src/value/equal.ts'
import { evaluationError, isError } from '../../src/value/evaluation-error.ts'
import { setOf } from '../../src/value/set.ts'
import { setSize } from '../../src/value/set-size.ts'
import type { SetValue, Value } from '../../src/value/value.ts'
import { hostile } from './hostile.ts'

const v = (raw: unknown, type: Type = { kind: 'json' }) => decode(raw, type) as Value
const s = (raw: unknown) => v(raw) as SetValue
const unknown = evaluationError('missing-attribute', 'cannot be told')
const gapped = (...members: Value[]) => setOf(members, unknown)

function check(answer: unknown): unknown {
  return isError(answer) ? 'error' : answer
}

describe('equality', () => {
  it.each([
    [1, 1, true],
    [1, 2, false],
    // As numbers: no rounding between 64-bit integers and doubles.
    [2n ** 60n, 2 ** 60, true],
    [2n ** 60n + 1n, 2 ** 60, false],
    ['a', 'a', true],
    [entity('User', 'a'), entity('User', 'a'), true],
    [entity('User', 'a'), entity('Group', 'a'), false],
    [v('10.0.0.1', { kind: 'ip' }), v('::ffff:10.0.0.1', { kind: 'ip' }), false],
    [v('10.1.0.0/8', { kind: 'cidr' }), v('10.0.0.0/8', { kind: 'cidr' }), true],
    [v('60s', { kind: 'duration' }), v('1m', { kind: 'duration' }), true],
    [v('/a/../b', { kind: 'path' }), v('/b', { kind: 'path' }), true],
    [v('https://a.b/?x', { kind: 'url' }), v('https://a.b/?y', { kind: 'url' }), false],
    [v([1, 2]), v([2, 1, 1]), true],
    [v([1]), v([1, 2]), false],
    [v([{ a: 1 }, { a: 1 }]), v([{ a: 1 }]), true],
    [v({ a: 1, b: [1] }), v({ b: [1], a: 1 }), true],
    [v({ a: 1 }), v({ a: 1, b: 2 }), false],
    // Null reads as absent.
    [v({ a: 1, b: null }), v({ a: 1 }), true],
  ] as readonly (readonly [Value, Value, boolean])[])('of %s and %s is %s', (a, b, expected) => {
    expect(equal(a, b)).toBe(expected)
    expect(equal(b, a)).toBe(expected)
  })

  it.each([
    ['5', 5],
    [true, 1],
    ['User:a', entity('User', 'a')],
    [v('1h', { kind: 'duration' }), v('1970-01-01T01:00:00Z', { kind: 'datetime' })],
    [v([1]), 1],
    [v({ a: 1 }), v({ a: '1' })],
    [v([1]), v(['1'])],
  ] as readonly (readonly [Value, Value])[])('across the kinds of %s and %s is an error', (a, b) => {
    expect(check(equal(a, b))).toBe('error')
    expect(check(equal(b, a))).toBe('error')
  })

  it('with a gap is an error, unless another member decides', () => {
    expect(check(equal(gapped('a'), setOf(['a'])))).toBe('error')
    expect(check(equal(gapped('a'), setOf(['b'])))).toBe(false)
    expect(check(equal(gapped('a'), setOf(['a', 'b'])))).toBe('error')
  })

  it('sees of a record what its type declares', () => {
    const type: Type = { kind: 'record', fields: [{ name: 'a', type: { kind: 'int' }, optional: true }] }
    expect(equal(v({ a: 1, b: 1 }, type), v({ a: 1, b: 2 }, type))).toBe(true)
    expect(check(equal(v({ a: '1' }, type), v({ a: 1 }, type)))).toBe('error')
  })

  it('of cyclic and vast values ends', () => {
    const cycle = () => {
      const raw: Record<string, unknown> = {}
      raw.self = raw
      return v(raw)
    }
    expect(check(equal(cycle(), cycle()))).toBe('error')
    const vast = () => v(Array.from({ length: 50 }).reduce<unknown>((inner) => ({ a: inner, b: inner }), 1))
    expect(check(equal(vast(), vast()))).toBe('error')
  })
})

describe('membership', () => {
  it.each([
    [s(['a', 'b']), 'a', true],
    [s(['a', 'b']), 'c', false],
    [s([]), 'c', false],
    [gapped('a'), 'a', true],
    [gapped('a'), 'b', 'error'],
    // `deny if "admin" in roles` must not be slipped past with a list of something else.
    [s([['admin']]), 'admin', 'error'],
    [s([1, 'a']), 'a', true],
    [s([1, 'a']), 'b', 'error'],
    [s([{ a: 1 }]), v({ a: 1 }), true],
    [s([{ a: 1 }]), v({ a: 2 }), false],
  ] as readonly (readonly [SetValue, Value, unknown])[])('of %j: has %j: %s', (set, value, expected) => {
    expect(check(contains(set, value))).toBe(expected)
  })

  it.each([
    [s(['a', 'b']), s(['a']), true, true],
    [s(['a']), s(['a', 'b']), false, true],
    [s(['a']), s(['b']), false, false],
    [s(['a']), s([]), true, false],
    [s([]), s(['a']), false, false],
    [s([]), gapped(), 'error', false],
    [gapped('a'), s(['b']), 'error', 'error'],
    [s(['a']), gapped('a'), 'error', true],
    [s(['a']), gapped('b'), false, 'error'],
  ] as readonly (readonly [SetValue, SetValue, unknown, unknown])[])(
    '%j has all of %j: %s, any: %s',
    (a, b, all, any) => {
      expect(check(containsAll(a, b))).toBe(all)
      expect(check(containsAny(a, b))).toBe(any)
    },
  )

  it('counts distinct members', () => {
    expect(setSize(s(['a', 'a', { b: 1 }, { b: 1 }]))).toBe(2)
    expect(check(setSize(gapped('a')))).toBe('error')
  })

  it('of large sets takes no quadratic time', () => {
    const many = s(Array.from({ length: 50_000 }, (_, i) => `x${i}`))
    expect(equal(many, s(Array.from({ length: 50_000 }, (_, i) => `x${49_999 - i}`)))).toBe(true)
  })
})

describe('the error of a comparison', () => {
  const shuffled = (...members: Value[]) => [setOf(members), setOf([...members].reverse())]
  const number = evaluationError('wrong-kind', 'a comparison of number with string')
  const list = (...raw: unknown[]) => raw.map((one) => v(one))

  it('is the gap, whatever else is wrong', () => {
    expect(contains(gapped(1, true), 'a')).toBe(unknown)
    expect(contains(gapped(1, ...list([1])), v(['a']))).toBe(unknown)
    expect(containsAll(s(['a']), gapped(1))).toBe(unknown)
    expect(containsAny(gapped(), gapped(1))).toBe(unknown)
    expect(setSize(gapped(...list([null])))).toBe(unknown)
  })

  it('is otherwise the least, in whichever order the members are', () => {
    for (const set of shuffled(1, v('1m', { kind: 'duration' }), 's')) {
      expect(contains(set, 'a')).toMatchObject({ message: 'a comparison of duration with string' })
      expect(containsAny(set, setOf(['a', true]))).toMatchObject({ message: 'a comparison of duration with boolean' })
      expect(containsAll(setOf(['s']), set)).toMatchObject({ message: 'a comparison of string with duration' })
    }
    for (const set of shuffled(...list([1], [true])))
      expect(contains(set, v(['a']))).toEqual(evaluationError('wrong-kind', 'a comparison of boolean with string'))
    for (const set of shuffled(...list({ a: [null] }, [null])))
      for (const told of [setSize(set), canonicalKey(set)]) expect(told).toMatchObject({ code: 'absent' })
    expect(equal(v({ a: 1, b: true }), v({ b: 'x', a: 'y' }))).toEqual(
      evaluationError('wrong-kind', 'a comparison of boolean with string'),
    )
    expect(equal(v({ b: 'x', a: 1 }), v({ b: 'x', a: 'y' }))).toEqual(number)
  })
})

describe('order', () => {
  it.each([
    [1, '<', 2, true],
    [2n ** 60n, '<', 2 ** 61, true],
    [2n ** 60n + 1n, '<=', 2 ** 60, false],
    [2, '>=', 2, true],
    [v('1h', { kind: 'duration' }), '>', v('1m', { kind: 'duration' }), true],
    ['a', '<', 'b', 'error'],
    ['5', '<', 100, 'error'],
    [v([7]), '<', 100, 'error'],
    [true, '<', 2, 'error'],
    [v('1h', { kind: 'duration' }), '<', v('1970-01-01T01:00:00Z', { kind: 'datetime' }), 'error'],
    [1, '!=', 2, true],
    [1, '!=', '1', 'error'],
  ] as const)('%s %s %s is %s', (a, operator, b, expected) =>
    expect(check(compare(operator, a as Value, b as Value))).toBe(expected),
  )
})

describe('the canonical key', () => {
  const raw = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, 1, 2 ** 60, 2n ** 60n, 'a', '', '1', 'User:a', true, false),
      fc.string({ unit: fc.constantFrom('a', ':', '1', '[', '{', '}'), maxLength: 4 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'a:', '1'), tie('value'), { maxKeys: 3 }),
    ),
  })).value

  it('is shared exactly by equal values', () => {
    fc.assert(
      fc.property(raw, raw, (a, b) => {
        // Across kinds equality is an error, and the keys differ.
        expect(canonicalKey(v(a)) === canonicalKey(v(b))).toBe(equal(v(a), v(b)) === true)
      }),
      { numRuns: 2000 },
    )
  })

  it('tells kinds apart that look alike', () => {
    const alike = ['1', 1, true, v(['1']), v([1]), entity('User', '1'), v({ '1': 1 }), v('1s', { kind: 'duration' })]
    expect(new Set(alike.map((value) => canonicalKey(value))).size).toBe(alike.length)
  })

  it('of hostile values throws nothing', () => {
    for (const one of hostile()) {
      const value = decode(one, { kind: 'json' })
      if (typeof value === 'symbol' || isError(value)) continue
      expect(() => [canonicalKey(value), equal(value, value)]).not.toThrow()
    }
  })
})
