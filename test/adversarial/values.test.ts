import { describe, expect, it } from 'vitest'
import { tool } from '../../src/index.ts'
import { codesOf, engine } from './policy.ts'

/** The reason for a call of `t` with these arguments, where a rule for it has this condition. */
function reason(condition: string, args: unknown, more = ''): string {
  return engine(`actor User\n${more}\nserver s { allow call t if ${condition} }`).authorize(
    'User:ann',
    'call',
    tool('s', 't', args),
  ).reason
}

describe('a value of the wrong kind is an error:', () => {
  it.each([
    ['"5" < 100', { n: '5' }],
    ['[7] < 100', { n: [7] }],
    ['null < 100', { n: null }],
    ['true < 100', { n: true }],
    ['{} < 100', { n: {} }],
    ['an object that turns itself into 5', { n: { valueOf: () => 5 } }],
    ['a Number object', { n: Object(5) }],
    ['NaN', { n: Number.NaN }],
    ['-Infinity', { n: Number.NEGATIVE_INFINITY }],
    ['nothing', {}],
  ])('%s', (_, args) => {
    expect(reason('args.n < 100', { n: 5 })).toBe('granted')
    expect(reason('args.n < 100', args)).toBe('error')
    expect(reason('not (args.n >= 100)', args)).toBe('error')
  })

  it('in a deny, too', () => {
    const rules = 'allow call t if actor is User  deny call t if args.n > 100'
    const ask = (n: unknown) =>
      engine(`actor User server s { ${rules} }`).authorize('User:ann', 'call', tool('s', 't', { n })).reason
    expect(ask(5)).toBe('granted')
    expect(ask(500)).toBe('forbidden')
    for (const n of ['5', [500], null, { n: 5 }]) expect(ask(n)).toBe('error')
  })

  it('in an attribute it is not even stored', () => {
    const asked = engine('actor User { level: int }  resource Doc { allow read if actor.level > 1 }', 'given Doc:1 { }')
    expect(asked.facts.put({ type: 'User', id: 'ann', level: '5' as never })).toMatchObject([{ code: 'type-mismatch' }])
    expect(asked.authorize('User:ann', 'read', 'Doc:1').reason).toBe('error')
  })

  it('and equality across kinds is no false', () => {
    expect(reason('args.a == args.b', { a: 1, b: 1 })).toBe('granted')
    expect(reason('args.a != args.b', { a: 1, b: '1' })).toBe('error')
    expect(reason('args.a != args.b', { a: null, b: 1 })).toBe('error')
  })
})

describe('names that JavaScript gives a meaning of its own', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']

  it.each(names)('`%s` is found among arguments only where it was sent', (name) => {
    const condition = `args["${name}"] == "x"`
    expect(reason(condition, JSON.parse(`{"${name}": "x"}`))).toBe('granted')
    expect(reason(condition, {})).toBe('error')
    expect(reason(`args has "${name}"`, {})).toBe('not-permitted')
    expect(reason(`args has "${name}"`, JSON.parse(`{"${name}": null}`))).toBe('not-permitted')
  })

  it('`__proto__` among arguments lends them nothing', () => {
    const inherited = JSON.parse('{"__proto__": {"admin": true}}')
    expect(reason('args has admin and args.admin', inherited)).toBe('not-permitted')
    expect(reason('args has admin and args.admin', Object.create({ admin: true }))).toBe('error')
    expect(reason('args has admin and args.admin', { admin: true })).toBe('granted')
  })

  it.each(names.slice(0, 3))('`%s` is no attribute, and no declaration', (name) => {
    expect(codesOf(`actor User { ${name}: string }`)).toContain('undeclarable-name')
    expect(codesOf(`actor User\nresource Doc { role ${name}: User  allow read if ${name} }`)).toContain(
      'undeclarable-name',
    )
    const asked = engine('open actor User  resource Doc { allow read if actor is User }', 'given Doc:1 { }')
    const record = JSON.parse(`{"type": "User", "id": "ann", "${name}": {"x": 1}}`)
    expect(asked.facts.put(record)).not.toEqual([])
    expect(asked.authorize(record, 'read', 'Doc:1').allowed).toBe(false)
  })

  it.each(names)('`User:%s`, an action and a relation of that name are nobody, none and none', (name) => {
    const asked = engine(
      'actor User  role staff: User  resource Doc { role reader: User  allow read if reader or staff }',
      'given Doc:1 { reader: User:ann }',
    )
    expect(asked.can(`User:${name}`, 'read', 'Doc:1')).toBe(false)
    expect(asked.authorize('User:ann', name, 'Doc:1').reason).toBe('error')
    expect(asked.authorize('User:ann', 'read', `Doc:${name}`).reason).toBe('error')
    expect(asked.authorize(`${name}:ann`, 'read', 'Doc:1').reason).toBe('error')
    expect(asked.facts.add({ object: 'Doc:1', relation: name, subject: 'User:bob' })).toHaveLength(1)
  })

  it('nothing of it changes a prototype', () => {
    const before = Reflect.ownKeys(Object.prototype)
    reason(
      'args.a == args.b',
      JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
    )
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
    expect(({} as Record<string, unknown>).polluted).toBe(undefined)
  })
})

describe('numbers', () => {
  const ask = (condition: string, n: bigint | number) =>
    engine('actor User { n: int }\nresource Doc { allow read if %s }'.replace('%s', condition), [
      { type: 'User', id: 'ann', n },
      { type: 'Doc', id: '1' },
    ]).authorize('User:ann', 'read', 'Doc:1').reason
  const largest = 2n ** 63n - 1n

  it('past 64 bits are an error, not a wrap', () => {
    expect(ask('actor.n + 1 > 0', largest - 1n)).toBe('granted')
    expect(ask('actor.n + 1 > 0', largest)).toBe('error')
    expect(ask('actor.n + 1 < 0', largest)).toBe('error')
    expect(ask('actor.n - 1 < 0', -(2n ** 63n))).toBe('error')
    expect(ask('actor.n * 2 > 0', 2n ** 62n)).toBe('error')
    expect(ask('-actor.n < 0', -(2n ** 63n))).toBe('error')
  })

  it('beyond 2^53 are told apart', () => {
    expect(ask('actor.n == 9007199254740993', 2n ** 53n + 1n)).toBe('granted')
    expect(ask('actor.n == 9007199254740992', 2n ** 53n + 1n)).toBe('not-permitted')
    expect(ask('actor.n < 9007199254740993', 2n ** 53n)).toBe('granted')
  })
})

describe('paths', () => {
  const inside = 'path(args.p) in path("/srv/data")'

  it.each([
    ['/srv/data/../../etc/passwd'],
    ['/srv/data/..'],
    ['/srv/data/./../database/x'],
    ['/srv/database/x'],
    ['/srv/data\\..\\..\\etc'],
    ['srv/data/x'],
    ['../srv/data/x'],
    [''],
    ['/srv/data/a\0b/../../../etc'],
  ])('%j does not get out of its folder', (p) => {
    expect(reason(inside, { p: '/srv/data/a/../b' })).toBe('granted')
    expect(['not-permitted', 'error']).toContain(reason(inside, { p }))
  })

  it('that leave and come back are inside', () => {
    expect(reason(inside, { p: '/srv/data/../data/x' })).toBe('granted')
    expect(reason(inside, { p: '/srv//data///x' })).toBe('granted')
    expect(reason(`not (${inside})`, { p: '/srv//data///x' })).toBe('not-permitted')
  })
})

describe('times', () => {
  const asked = engine(
    'actor User  resource Doc { role reader: User  allow read if reader }',
    'given Doc:1 { reader: User:ann until datetime("2026-01-01T00:00:00Z") }',
  )
  const at = (now: string | number | Date) => asked.authorize('User:ann', 'read', 'Doc:1', { now }).reason

  it('end at the very instant of `until`', () => {
    expect(at('2025-12-31T23:59:59.999Z')).toBe('granted')
    expect(at('2026-01-01T00:00:00Z')).toBe('not-permitted')
    expect(at('2026-01-01T00:00:00.001Z')).toBe('not-permitted')
  })

  it('have an offset, and exist', () => {
    expect(at('2026-01-01T00:30:00+01:00')).toBe('granted')
    expect(at('2025-12-31T23:30:00-01:00')).toBe('not-permitted')
    for (const now of [
      '2025-12-31T00:00:00',
      '2025-02-30T00:00:00Z',
      '2025',
      '',
      Number.NaN,
      new Date(Number.NaN),
      1e300,
    ])
      expect(at(now)).toBe('error')
  })

  it('of an authentication that is yet to come are an error', () => {
    const recent = engine('actor User  resource Doc { allow read if authAge() <= 5m }', 'given Doc:1 { }')
    const ask = (authTime: unknown) =>
      recent.authorize('User:ann', 'read', 'Doc:1', { now: '2026-01-01T00:00:00Z', token: { authTime } }).reason
    expect(ask('2025-12-31T23:57:00Z')).toBe('granted')
    expect(ask('2026-01-01T00:00:01Z')).toBe('error')
    expect(ask(undefined)).toBe('not-permitted')
  })
})
