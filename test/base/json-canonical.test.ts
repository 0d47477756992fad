import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/base/canonical.ts'

describe('canonicalJson', () => {
  it.each<[unknown, string | undefined]>([
    [
      // RFC 8785, section 3.2.2.
      {
        numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      },
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      // RFC 8785, section 3.2.3: by UTF-16 units, not by code points.
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    [-0, '0'],
    [[], '[]'],
    [{}, '{}'],
    [9223372036854775807n, '9223372036854775807'],
    [{ b: undefined, a: 1 }, '{"a":1}'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    [Number.NaN, undefined],
    [[Number.POSITIVE_INFINITY], undefined],
    ['\ud800', undefined],
    [{ '\udc00': 1 }, undefined],
    [undefined, undefined],
    [[undefined], undefined],
    [new Array(1), undefined],
    [new Date(0), undefined],
    [new Map(), undefined],
    [() => 1, undefined],
  ])('%#', (value, form) => {
    expect(canonicalJson(value)).toBe(form)
  })

  it('does not follow a cycle', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(canonicalJson(cycle)).toBeUndefined()
  })

  it('is the same for the same value, whatever the order of keys, and reads back to it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const form = canonicalJson(value)
        expect(JSON.parse(form ?? '')).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed(value))).toBe(form)
        expect(canonicalJson(JSON.parse(form ?? ''))).toBe(form)
      }),
    )
  })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}
