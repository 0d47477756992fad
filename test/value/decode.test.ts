import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Type } from '../../src/ir/type.ts'
import { decode } from '../../src/value/decode.ts'
import { entity } from '../../src/value/entity.ts'
import { isError } from '../../src/value/evaluation-error.ts'
import { readField, visibleNames } from '../../src/value/read.ts'
import { absent, type RecordValue } from '../../src/value/value.ts'
import { hostile } from './hostile.ts'

const json: Type = { kind: 'json' }
const int: Type = { kind: 'int' }
const string: Type = { kind: 'string' }
const setOf = (of: Type): Type => ({ kind: 'set', of })
const union = (...of: readonly Type[]): Type => ({ kind: 'union', of })
const literal = (value: string): Type => ({ kind: 'literal', value })
const user: Type = { kind: 'entity', name: 'User' }

/** The value, or the code of the error. */
function check(raw: unknown, type: Type | Exclude<Type['kind'], 'literal'>): unknown {
  const value = decode(raw, typeof type === 'string' ? ({ kind: type } as Type) : type)
  return isError(value) ? value.code : value === absent ? 'absent' : value
}

describe('a typed read', () => {
  it.each([
    ['text', string, 'text'],
    [true, { kind: 'boolean' }, true],
    [7, int, 7],
    [7, { kind: 'number' }, 7],
    [1.5, { kind: 'number' }, 1.5],
    [-0, int, 0],
    [-0, { kind: 'number' }, 0],
    [7n, int, 7],
    [2n ** 60n, int, 2n ** 60n],
    [2n ** 60n, { kind: 'number' }, 2 ** 60],
    [1e300, json, 1e300],
    ['a', literal('a'), 'a'],
    ['b', union(literal('a'), literal('b')), 'b'],
    [7, union(string, int), 7],
    ['User:ann', user, entity('User', 'ann')],
    [{ type: 'User', id: 'ann', email: 'x' }, user, entity('User', 'ann')],
    ['User:ann', string, 'User:ann'],
    ['1h', { kind: 'duration' }, { kind: 'duration', milliseconds: 3_600_000 }],
    [new Date(5), { kind: 'datetime' }, { kind: 'datetime', milliseconds: 5 }],
    ['/a/../b', { kind: 'path' }, { kind: 'path', segments: ['b'] }],
  ] as readonly (readonly [unknown, Type, unknown])[])('of %s as %j is %s', (raw, type, value) => {
    expect(check(raw, type)).toStrictEqual(value)
  })

  // In JavaScript `"5" < 100`, `[7] < 100` and `null < 100` are true: nothing is ever converted.
  it.each([
    ['5', int],
    [[7], int],
    [1.5, int],
    [true, int],
    [7, string],
    [['a'], string],
    [Object('a'), string],
    [Object(7), int],
    [1, { kind: 'boolean' }],
    ['true', { kind: 'boolean' }],
    ['c', union(literal('a'), literal('b'))],
    ['Group:ann', user],
    [{ type: 'User' }, user],
    [1767225600000, { kind: 'datetime' }],
    [5, { kind: 'duration' }],
    ['a', setOf(string)],
    [{ length: 1, 0: 'a' }, setOf(string)],
    [[], { kind: 'record', fields: [] }],
    [new Date(0), { kind: 'map', of: string }],
    [new (class Role {})(), json],
    [() => 1, json],
    [Symbol('x'), json],
    [Object.create({ inherited: 1 }), json],
  ] as readonly (readonly [unknown, Type])[])('of %s as %j is of the wrong kind', (raw, type) => {
    expect(check(raw, type)).toBe('wrong-kind')
  })

  it.each([
    [Number.NaN, { kind: 'number' }, 'bad-value'],
    [Number.POSITIVE_INFINITY, json, 'bad-value'],
    // JSON.parse has made 9007199254740992 of 9007199254740993: the digits are lost.
    [2 ** 53, int, 'bad-value'],
    [2n ** 63n, int, 'overflow'],
    [2n ** 53n + 1n, { kind: 'number' }, 'bad-value'],
    ['\ud800', string, 'bad-value'],
    ['User:', user, 'bad-value'],
    [new Date(Number.NaN), { kind: 'datetime' }, 'bad-value'],
    ['2026-02-30T00:00:00Z', { kind: 'datetime' }, 'bad-value'],
    ['10.0.0.256', { kind: 'ip' }, 'bad-value'],
    ['10.0.0.0/64', { kind: 'cidr' }, 'bad-value'],
    ['a/b', { kind: 'path' }, 'bad-value'],
    ['https://a@b/', { kind: 'url' }, 'bad-value'],
  ] as readonly (readonly [unknown, Type, string])[])('of %s as %j is %s', (raw, type, code) => {
    expect(check(raw, type)).toBe(code)
  })

  it('of null and undefined is absent, whatever the type', () => {
    for (const type of [string, json, user, setOf(int)]) {
      expect(check(null, type)).toBe('absent')
      expect(check(undefined, type)).toBe('absent')
    }
  })
})

describe('a set', () => {
  it('has each scalar once', () => expect(check(['a', 'b', 'a'], setOf(string))).toMatchObject({ members: ['a', 'b'] }))

  it('comes from an array or a Set', () =>
    expect(check(new Set([1, 2]), setOf(int))).toMatchObject({ members: [1, 2] }))

  it.each([[['a', 7]], [['a', null]]])('of text from %j knows "a" and has a gap', (raw) => {
    const set = check(raw, setOf(string))
    expect(set).toMatchObject({ kind: 'set', members: ['a'], gap: { kind: 'error' } })
  })

  it('that claims any length is refused before it is walked', () => {
    expect(check(new Array(2 ** 32 - 1), setOf(string))).toBe('budget')
  })

  it('nests to 64 levels, and leaves a gap beyond', () => {
    const nested = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1)
    expect(JSON.stringify(check(nested(60), json))).not.toContain('gap')
    expect(JSON.stringify(check(nested(100_000), json))).toContain('gap')
  })

  it('that stands for a vast tree is cut off, not unfolded', () => {
    const tree = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], 1)
    expect(JSON.stringify(check(tree, json))).toContain('budget')
  })
})

describe('a record', () => {
  const record = (raw: unknown) => decode(raw, json) as RecordValue
  const field = (raw: unknown, name: string, type: Type = json) => {
    const value = readField(record(raw), name, type)
    return isError(value) ? value.code : value === absent ? 'absent' : value
  }

  it('is read field by field, so that what nobody asks for does no harm', () => {
    expect(field({ a: 1, b: '2' }, 'a', int)).toBe(1)
    expect(field({ a: 1, b: '2' }, 'b', int)).toBe('wrong-kind')
    expect(field({ a: 1 }, 'c', int)).toBe('absent')
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('has %s only where someone put it', (name) => {
    expect(field({}, name)).toBe('absent')
    expect(field(Object.create(null), name)).toBe('absent')
    expect(field(JSON.parse(`{${JSON.stringify(name)}: 7}`), name)).toBe(7)
  })

  it('comes from a Map too, its keys text', () => {
    expect(
      field(
        new Map<string, unknown>([
          ['a', 1],
          ['__proto__', 2],
        ]),
        '__proto__',
      ),
    ).toBe(2)
    expect(check(new Map([[1, 1]]), json)).toBe('wrong-kind')
  })

  it('has what is its own, and shows of that no symbols and nothing that is not enumerable', () => {
    const raw = Object.defineProperty({ [Symbol('s')]: 1 }, 'hidden', { value: 1, enumerable: false })
    expect(field(raw, 'hidden')).toBe(1)
    expect(field(raw, 'toString')).toBe('absent')
    expect(visibleNames(record(raw))).toEqual([])
  })
})

// Invariant 19.
describe('no input throws or changes a prototype', () => {
  const types: readonly Type[] = [
    string,
    int,
    json,
    user,
    setOf(json),
    setOf(user),
    union(user, string),
    { kind: 'number' },
    { kind: 'datetime' },
    { kind: 'url' },
    { kind: 'map', of: int },
    { kind: 'record', fields: [{ name: 'a', type: int, optional: false }] },
  ]

  it('of those made to be hostile', () => {
    for (const raw of hostile()) {
      for (const type of types) {
        const value = decode(raw, type)
        if (value === absent || isError(value) || typeof value !== 'object' || value.kind !== 'record') continue
        expect(() => [visibleNames(value), readField(value, 'a', json)]).not.toThrow()
      }
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('of any there is', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
    })
    fc.assert(fc.property(anything, fc.constantFrom(...types), (raw, type) => void decode(raw, type)))
  })
})
