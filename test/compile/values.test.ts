import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, createEngine, type Decision, type Engine, type Environment, tool } from '../../src/index.ts'
import { runs } from '../properties/generate/runs.ts'
import { conditions, jsonConditions } from './conditions.ts'
import { header } from './values-policy.ts'

/** What conditions are asked about that are quick in a way of their own: values of every kind, most of them of the wrong one. */

const texts = [
  'abc',
  'abcd',
  'a',
  'b',
  'bc',
  '',
  'ABC',
  'aXbXc',
  '🙂',
  'a🙂c',
  'İ',
  '\ud800',
  'abc\udc00',
  'x'.repeat(40),
]
const paths = [
  '/srv/data/x',
  '/srv/data',
  '/srv/database',
  '/srv/./data//x/../..',
  '/srv/data/..',
  '//srv/data',
  '/srv/da\u0000ta',
  '/../srv/data/é',
  'srv',
]
const addresses = ['10.1.2.3', '10.1.2.3.', '010.1.2.3', '11.0.0.0', '256.1.1.1', '::ffff:10.1.2.3', 'fe80::1', '1.2.3']
const times = [
  '1970-01-01T00:00:00Z',
  '1970-01-01T00:59:59.9999Z',
  '1969-12-31T23:59:60Z',
  '2023-02-29T00:00:00Z',
  '1970-01-01t01:00:00+01:00',
  '1970-01-01T00:00:00',
  '0001-01-01T00:00:00-23:59',
]
const spans = ['1h30m', '90m', '5ms', '1h30', '', '99999999999999999ms', '2h']
const numbers = [5, 0, -0, 1, 2, 3, 7, 2.5, -1, 1e300, 2 ** 53, Number.NaN, Infinity, 5n, 3n, 2n ** 62n, 2n ** 70n]

class Odd {
  get amount() {
    return 5
  }
}

const strange: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => false,
  () => Symbol('s'),
  () => () => 5,
  () => ({}),
  () => ({ b: 5 }),
  () => ({ b: { c: 'abc' } }),
  () => ({ size: 5, name: 'abc', trusted: true, os: 'linux', k: 5, a: { b: { c: 1 } } }),
  () => Object.assign(Object.create(null), { size: 5, b: 5, trusted: true, os: 'linux' }),
  () => Object.create({ size: 5, b: 5, trusted: true, os: 'linux' }),
  () => Object.assign(new Odd(), { size: 5, b: 5 }),
  () => runInNewContext('({ size: 5, b: 5, trusted: true, os: "linux" })'),
  () => JSON.parse('{"__proto__": {"size": 5, "b": 5}, "constructor": 5, "toString": 5}'),
  () =>
    new Map<string, unknown>([
      ['size', 5],
      ['b', 5],
      ['trusted', true],
      ['k', 5],
    ]),
  () => new Set(['a', 'abc', 5]),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new Date(-3_600_000),
  () => ({
    get b() {
      throw new Error('a getter')
    },
    get trusted() {
      throw new Error('a getter')
    },
  }),
  () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('a proxy')
        },
        getOwnPropertyDescriptor: () => {
          throw new Error('a proxy')
        },
      },
    ),
  () => [],
  () => ['a'],
  () => ['a', 'b', 'abc'],
  () => ['b', 'b'],
  () => ['abc', '\ud800'],
  () => ['b', null],
  () => Object.assign([], { 1: 'a' }),
  () => [5, 7],
  () => [5, 2.5, -0],
  () => [7n, 5],
  () => ['a', 5],
  () => [['a']],
  () => [{ size: 5, name: 'abc' }],
  () => [{ size: 1, name: 'abc' }, { size: 5 }],
  () => [{ size: '5' }, new Map([['size', 5]])],
  () =>
    Object.defineProperty(['b'], 0, {
      get: () => {
        throw new Error('an element')
      },
    }),
  () => new Proxy(['a'], {}),
  () => 'User:ann',
  () => 'User:zed',
  () => 'User:',
  () => 'Doc:1',
  () => 'nobody',
  () => ({ type: 'User', id: 'ann' }),
  () => '1',
  () => 'read',
  () => 'write',
]

const any = fc.oneof(
  fc.constantFrom(
    ...[...texts, ...paths, ...addresses, ...times, ...spans, ...numbers].map((value) => () => value as unknown),
  ),
  fc.constantFrom(...strange),
)

const good = {
  int: 5,
  number: 2.5,
  text: 'abc',
  other: 'ab',
  flag: true,
  mode: 'read',
  when: '1970-01-01T00:00:00Z',
  span: '1h30m',
  path: '/srv/data/x',
  address: '10.1.2.3',
  owner: 'User:ann',
  tags: ['a', 'b'],
  ints: [5, 7],
  numbers: [2.5],
  records: [{ size: 5, name: 'abc' }],
  map: { k: 5 },
  device: { trusted: true, os: 'linux' },
  deep: { a: { b: { c: 1 } } },
}
const contextNames = [...Object.keys(good), 'maybe', 'maybeText', 'maybeInt', 'box']

const context = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...contextNames), any), { maxLength: 12 }),
    fc.constantFrom<(own: Record<string, unknown>) => object>(
      (own) => own,
      (own) => own,
      (own) => Object.assign(Object.create(null), own),
      (own) => Object.assign(runInNewContext('({})') as object, own),
    ),
  )
  .map(([changed, make]) => make({ ...good, ...Object.fromEntries(changed.map(([name, value]) => [name, value()])) }))

const claimNames = ['scopes', 'roles', 'groups', 'role', 'acr', 'authTime', 'tenant']
const token = fc
  .array(
    fc.tuple(
      fc.constantFrom(...claimNames),
      fc.oneof(
        any,
        fc.constantFrom<() => unknown>(
          () => ['a', 'dev'],
          () => 'aal2',
          () => 'dev',
        ),
      ),
    ),
    { maxLength: 4 },
  )
  .map((changed) => Object.fromEntries(changed.map(([name, value]) => [name, value()])))

const args = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'constructor'), any), { maxLength: 3 })
  .map((changed) => Object.fromEntries(changed.map(([name, value]) => [name, value()])))

const session = fc.constantFrom(null, { labels: [] }, { labels: ['untrusted'] })
const actor = fc.constantFrom('User:ann', 'User:bob', 'User:zed', null)
const doc = fc.constantFrom('Doc:1', 'Doc:2', 'Doc:abc', 'Doc:none')
const env = fc
  .record({ context, token, session, now: fc.constantFrom(0, 3_600_000, 1.5) })
  .map(({ session: of, ...rest }) => (of === null ? rest : { ...rest, session: of })) as fc.Arbitrary<Environment>

const facts = [
  { type: 'User', id: 'ann', name: 'ann', limit: 5 },
  { type: 'User', id: 'bob', name: 'abc', limit: 1 },
  {
    type: 'Doc',
    id: '1',
    level: 3,
    title: 'abc',
    private: true,
    state: 'open',
    made: '1970-01-01T00:00:00Z',
    labels: ['a', 'b'],
    note: 'abc',
    owner: 'User:ann',
  },
  {
    type: 'Doc',
    id: '2',
    level: 9,
    title: 'x',
    private: false,
    state: 'closed',
    made: '1971-01-01T00:00:00Z',
    labels: [],
    owner: 'User:bob',
    parent: 'Doc:1',
  },
  { type: 'Doc', id: 'abc', level: 3 },
  { type: 'Doc', id: 'abc/abc', private: true },
]

/** Both engines. Three times the same rules: enough of them for rules of one structure to share their code. */
function engines(rules: string, functions = {}): { readonly interpreted: Engine; readonly compiled: Engine } {
  const { policy, diagnostics } = compile({ 'test.licet': `${header}\n${rules}` })
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const interpreted = createEngine(policy, { backend: 'interpreted', functions, facts })
  return { interpreted, compiled: createEngine(policy, { backend: 'compiled', functions, facts }) }
}

/** Without what is missing, which is worked out only when somebody looks, by the interpreter. */
const plain = ({ allowed, reason, rules, errors, limits, labels }: Decision) => ({
  allowed,
  reason,
  rules,
  limits,
  labels,
  errors: errors.map(({ code, message, at }) => `${code}: ${message} at ${at?.start}-${at?.end}`),
})

describe.each([1, 3])('rules written %i times', (times) => {
  const repeated = (rules: readonly string[]) => Array.from({ length: times }, () => rules.join('\n')).join('\n')

  it('tell of the context and the store what the interpreter tells', () => {
    const { interpreted, compiled } = engines(
      repeated(conditions.map((condition, i) => `allow a${i} on Doc if ${condition}`)),
    )
    fc.assert(
      fc.property(actor, doc, env, (who, what, given) => {
        for (const [i, condition] of conditions.entries()) {
          const expected = interpreted.authorize(who, `a${i}`, what, given)
          expect({ condition, ...plain(compiled.authorize(who, `a${i}`, what, given)) }).toEqual({
            condition,
            ...plain(expected),
          })
          expect([condition, compiled.can(who, `a${i}`, what, given)]).toEqual([condition, expected.allowed])
        }
      }),
      runs(50),
    )
  })

  it('tell of arguments what the interpreter tells', () => {
    const rules = jsonConditions.map((condition, i) => `  allow call t${i} if ${condition}`)
    const { interpreted, compiled } = engines(`server s {\n${repeated(rules)}\n}`)
    fc.assert(
      fc.property(actor, args, env, (who, given, environment) => {
        for (const [i, condition] of jsonConditions.entries()) {
          const item = tool('s', `t${i}`, given)
          const expected = interpreted.authorize(who, 'call', item, environment)
          expect({ condition, ...plain(compiled.authorize(who, 'call', item, environment)) }).toEqual({
            condition,
            ...plain(expected),
          })
          const listed = interpreted.authorize(who, 'list', item, environment)
          expect({ condition, ...plain(compiled.authorize(who, 'list', item, environment)) }).toEqual({
            condition,
            ...plain(listed),
          })
        }
      }),
      runs(50),
    )
  })
})
