import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonOptions, JsonValue } from '../../src/base/json.ts'
import { parseJson, stringifyJson } from '../../src/base/json.ts'
import { locate, locateKey } from '../../src/base/json-locate.ts'

function refused(text: string, options?: JsonOptions): string {
  const { error } = parseJson(text, options)
  return error === undefined ? 'accepted' : `${error.reason} at ${error.offset}`
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('parseJson', () => {
  it.each([
    ['', 'syntax at 0'],
    ['{"a":1,}', 'syntax at 7'],
    ['[1,]', 'syntax at 3'],
    ['[1 2]', 'syntax at 3'],
    ['[1}', 'syntax at 2'],
    ['{"a" 1}', 'syntax at 5'],
    ['{a:1}', 'syntax at 1'],
    ['{"a":1', 'syntax at 6'],
    ['1 2', 'syntax at 2'],
    ['01', 'syntax at 1'],
    ['-', 'syntax at 0'],
    ['.5', 'syntax at 0'],
    ['1.', 'syntax at 1'],
    ['+1', 'syntax at 0'],
    ['NaN', 'syntax at 0'],
    ['Infinity', 'syntax at 0'],
    ['tru', 'syntax at 0'],
    ['truex', 'syntax at 4'],
    ['"a', 'syntax at 0'],
    ['"a\nb"', 'syntax at 2'],
    ['"\\x41"', 'syntax at 1'],
    ['"\\u12g4"', 'syntax at 1'],
    ["'a'", 'syntax at 0'],
    ['\uFEFF1', 'syntax at 0'],
    ['/* no */ 1', 'syntax at 0'],
    ['[\u00a01]', 'syntax at 1'],
    ['{"a":1,"a":2}', 'duplicate-key at 7'],
    ['{"a":1,"\\u0061":2}', 'duplicate-key at 7'],
    ['[{"b":{"a":[],"c":0,"a":{}}}]', 'duplicate-key at 20'],
    ['{"__proto__":1,"__proto__":2}', 'duplicate-key at 15'],
    ['"\ud800"', 'surrogate at 1'],
    ['"\udc00\ud800"', 'surrogate at 1'],
    ['"\\ud800"', 'surrogate at 1'],
    ['"\\udc00"', 'surrogate at 1'],
    ['"\\ud800\\u0041"', 'surrogate at 1'],
    ['"\\ud83d\ude00"', 'surrogate at 1'],
    ['{"\\uDEAD":1}', 'surrogate at 2'],
    ['1e999', 'number at 0'],
    ['[-1e400]', 'number at 1'],
    ['9007199254740992', 'number at 0'],
    ['[0,-9007199254740993]', 'number at 3'],
    [deep(65), 'depth at 64'],
    [deep(100_000), 'depth at 64'],
    ['{"a":'.repeat(100_000), 'depth at 320'],
  ])('refuses %j', (text, reason) => {
    expect(refused(text)).toBe(reason)
  })

  it.each([
    ['null', null],
    [' [ ] ', []],
    ['{}', {}],
    ['-0.0', -0],
    ['[1,-1.5e2,true,false]', [1, -150, true, false]],
    ['9007199254740991', 9007199254740991],
    ['1.152921504606847e18', 1.152921504606847e18],
    ['"\\u0041\\n\\ud83d\\ude00😀"', 'A\n😀😀'],
    ['{"a":{"a":[{"a":1}]},"b":1}', { a: { a: [{ a: 1 }] }, b: 1 }],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual({ value })
  })

  it('keeps to the limits it is given, up or down', () => {
    expect(refused('[1,2,3]', { nodes: 3 })).toBe('nodes at 5')
    expect(refused('[1,2]', { nodes: 3 })).toBe('accepted')
    expect(refused('"abc"', { size: 4 })).toBe('size at 4')
    expect(refused(deep(2), { depth: 1 })).toBe('depth at 1')
    expect(refused(deep(100_000), { depth: 200_000, nodes: 200_000 })).toBe('accepted')
    expect(refused(`[${'1,'.repeat(100_000)}1]`)).toBe('nodes at 199999')
    expect(refused(`"${'x'.repeat(4 * 1024 * 1024)}"`)).toBe('size at 4194304')
  })

  it('reads wide integers as bigint when asked, up to 64 bits', () => {
    const bigints = { bigints: true }
    expect(parseJson('{"a":[0,{"__proto__":9223372036854775807}],"b":-9223372036854775808}', bigints).value).toEqual(
      JSON.parse('{"a":[0,{"__proto__":0}],"b":0}', (key, value) =>
        key === '__proto__' ? 9223372036854775807n : key === 'b' ? -9223372036854775808n : value,
      ),
    )
    expect(parseJson('9007199254740992', bigints).value).toBe(9007199254740992n)
    expect(parseJson('9007199254740991', bigints).value).toBe(9007199254740991)
    expect(refused('9223372036854775808', bigints)).toBe('number at 0')
    expect(refused('9'.repeat(300), bigints)).toBe('number at 0')
    expect(refused('9'.repeat(400), bigints)).toBe('number at 0')
  })

  it('sets no prototype', () => {
    const { value } = parseJson('{"__proto__":{"admin":true},"constructor":1}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect('admin' in (value as object)).toBe(false)
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true},"constructor":1}')
  })

  it('agrees with JSON.parse on I-JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), fc.nat(3), (value, indent) => {
        const text = stringifyJson(value as JsonValue, indent)
        expect(parseJson(text)).toEqual({ value: JSON.parse(text) })
      }),
      { numRuns: 1000 },
    )
  })

  it('never accepts a text that JSON.parse refuses, and never throws', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0',
      '1e5',
      'null',
      ' ',
      '"',
      '\\',
      '\\u',
      'e',
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = tokens.join('')
        const native = attempt(() => JSON.parse(text))
        const { value, error } = parseJson(text)
        if (native === undefined) expect(error).toBeDefined()
        else if (error === undefined) expect({ value }).toEqual(native)
        else expect(error.reason).toMatch(/^(number|duplicate-key)$/)
      }),
      { numRuns: 20_000 },
    )
  })
})

function attempt(run: () => unknown): { value: unknown } | undefined {
  try {
    return { value: run() }
  } catch {
    return undefined
  }
}

/** JSON values with what our reader knows beyond JSON: wide integers. */
const anyJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.constantFrom<JsonValue>(null, true, 2 ** 60, -1e21, 1e300, 9223372036854775807n, -9007199254740993n),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary' }),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constant('__proto__'), fc.string()), tie('value'), { maxKeys: 4 }),
  ),
})).value

describe('stringifyJson', () => {
  it('invariant 16: what it writes parses to the value', () => {
    fc.assert(
      fc.property(anyJson, fc.nat(2), (value, indent) => {
        expect(parseJson(stringifyJson(value, indent), { bigints: true }).value).toStrictEqual(plainPrototypes(value))
      }),
      { numRuns: 1000 },
    )
  })

  it('writes as JSON.stringify does, but for the numbers beyond 2^53', () => {
    const value = { a: [], b: {}, c: [1, { d: 'x\u2028"' }], e: null }
    expect(stringifyJson(value)).toBe(JSON.stringify(value))
    expect(stringifyJson(value, 2)).toBe(JSON.stringify(value, null, 2))
    expect(stringifyJson([2 ** 60, 2n ** 60n, 1e21])).toBe('[1.152921504606847e+18,1152921504606846976,1e+21]')
  })
})

/** fast-check also makes objects without a prototype. */
function plainPrototypes(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(plainPrototypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainPrototypes(member)]))
}

describe('locate', () => {
  const text = ' { "a" : [ 1, {"\\u0062":"]}\\"" , "c": -2.5e3} ] , "d":true } '
  const at = (range: { start: number; end: number } | undefined) => range && text.slice(range.start, range.end)

  it.each([
    [[], text.trim()],
    [['a'], '[ 1, {"\\u0062":"]}\\"" , "c": -2.5e3} ]'],
    [['a', 0], '1'],
    [['a', 1, 'b'], '"]}\\""'],
    [['a', 1, 'c'], '-2.5e3'],
    [['d'], 'true'],
    [['x'], undefined],
    [['a', 2], undefined],
    [['a', 'b'], undefined],
    [['d', 'e'], undefined],
  ])('finds the value at %j', (path, span) => {
    expect(at(locate(text, path))).toBe(span)
  })

  it('finds keys', () => {
    expect(at(locateKey(text, ['a', 1, 'b']))).toBe('"\\u0062"')
    expect(locateKey(text, ['a', 1])).toBeUndefined()
  })

  it('finds the text of every value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        for (const [path, inner] of everything(JSON.parse(text), [])) {
          const range = locate(text, path)
          expect(JSON.parse(text.slice(range?.start, range?.end))).toEqual(inner)
        }
      }),
    )
  })
})

function everything(value: unknown, path: (string | number)[]): [(string | number)[], unknown][] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : []
  return [[path, value], ...entries.flatMap(([step, inner]) => everything(inner, [...path, step]))]
}
