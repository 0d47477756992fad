import { runInNewContext } from 'node:vm'
import type { Draw } from '../drawn.ts'

/** Who makes a request; most do most of it as everybody does. */
export interface Caller extends Draw {
  /** Holds at most so often in a hundred: something is done otherwise. */
  odd(percent: number): boolean
}

/** `oddness` in a hundred; without any everything is as it should be. */
export function callerOf(draw: Draw, oddness: number): Caller {
  return { ...draw, odd: (percent) => oddness > 0 && draw.chance((percent * oddness) / 100) }
}

/** A part of a request. It is made anew for each who is asked, since it may ask back, and some can be looked at only once. */
export interface Recipe {
  /** As a counter-example shows it. */
  readonly shown: string
  make(at: Kitchen): unknown
}

export interface Kitchen {
  /** Does something with the engine that is asked, in the middle of a decision. */
  interrupt(kind: number): void
  /** What a caller holds on to from one question to the next. */
  shared(index: number): unknown
}

export function just(value: unknown, shown = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)): Recipe {
  return { shown: shown ?? String(value), make: () => value }
}

/** Made by a function each time. */
export function fresh(shown: string, make: (at: Kitchen) => unknown): Recipe {
  return { shown, make }
}

export type Fields = readonly (readonly [name: string, value: Recipe])[]
type Made = Record<string, unknown>

class Given {
  constructor(fields: Made) {
    Object.assign(this, fields)
  }
}

class List extends Array<unknown> {}

const otherRealm = (code: string): object => runInNewContext(code) as object
const foreign = { object: otherRealm('({})'), make: otherRealm('() => ({})') as () => object }

function fail(): never {
  throw new Error('a trap that throws')
}

const own = (target: object, name: string, value: unknown): object =>
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })

function accessors(fields: Made, before: () => void): object {
  const made = {}
  for (const name of Object.keys(fields)) {
    const get = () => {
      before()
      return fields[name]
    }
    Object.defineProperty(made, name, { enumerable: true, configurable: true, get })
  }
  return made
}

/** Ways to hold the same record; the first ones are what users send, the others what else JavaScript has. */
const recordForms: Readonly<Record<string, (fields: Made, at: Kitchen, which: number) => unknown>> = {
  plain: (fields) => fields,
  'in another order': (fields) => Object.fromEntries(Object.entries(fields).toReversed()),
  frozen: (fields) => Object.freeze(fields),
  'without prototype': (fields) => Object.assign(Object.create(null), fields),
  'of another realm': (fields) => Object.assign(foreign.make(), fields),
  'with undefined members': (fields) => ({ ...fields, agents: undefined, args: undefined, id: undefined, ...fields }),
  'with `__proto__` of its own': (fields, _, which) =>
    own(fields, '__proto__', which % 2 === 0 ? { confirmed: true, level: 3 } : null),
  'with `constructor` of its own': (fields, _, which) => own(fields, 'constructor', which % 2 === 0 ? Object : 'x'),
  'with a symbol': (fields) => ({ ...fields, [Symbol('s')]: 1 }),
  'that lost a member': (fields) => {
    const made: Made = { gone: 1, ...fields }
    delete made.gone
    return made
  },
  'of getters': (fields) => accessors(fields, () => undefined),
  'of getters that ask': (fields, { interrupt }, which) => accessors(fields, () => interrupt(which)),
  'of getters that throw': (fields) => accessors(fields, fail),
  'behind a proxy': (fields) => new Proxy(fields, {}),
  'behind a proxy that asks': (fields, { interrupt }, which) =>
    new Proxy(fields, {
      get: (target, name) => {
        interrupt(which)
        return Reflect.get(target, name)
      },
    }),
  'behind a proxy that throws': (fields, _, which) =>
    new Proxy(
      fields,
      which % 2 === 0
        ? { get: fail }
        : { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail },
    ),
  'behind a proxy that is gone': (fields) => {
    const { proxy, revoke } = Proxy.revocable(fields, {})
    revoke()
    return proxy
  },
  'as an instance of a class': (fields) => new Given(fields),
  'as an instance that denies it': (fields) => own(new Given(fields), 'constructor', Object),
  inherited: (fields) => Object.create(fields),
  'inherited in part': (fields) => {
    const [[name, value] = ['x', 1], ...others] = Object.entries(fields)
    return own(Object.create(Object.fromEntries(others)), name, value)
  },
  hidden: (fields) =>
    Object.defineProperties({}, Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }]))),
  'as a function': (fields) => {
    const { name: _, length: __, ...others } = fields
    return Object.assign(() => undefined, others)
  },
  'as a list': (fields) => Object.assign([], fields),
  'as a map': (fields) => new Map(Object.entries(fields)),
  'as a date': (fields) => Object.assign(new Date(0), fields),
  'in a list': (fields) => [fields],
  'as text': (fields) => String(fields.id ?? fields.name ?? ''),
}

const listForms: Readonly<Record<string, (items: unknown[], at: Kitchen, which: number) => unknown>> = {
  plain: (items) => items,
  frozen: (items) => Object.freeze(items),
  'with more than items': (items) => Object.assign(items, { id: 'x', includes: fail }),
  'with a hole': (items) => {
    items.length += 1
    return items
  },
  'with its own iterator': (items) => Object.assign(items, { [Symbol.iterator]: () => [][Symbol.iterator]() }),
  twice: (items) => [...items, ...items],
  'of a class': (items) => List.from(items),
  'of another realm': (items) => Object.setPrototypeOf(items, Object.getPrototypeOf(otherRealm('[]'))),
  'without prototype': (items) => Object.setPrototypeOf(items, null),
  'behind a proxy': (items) => new Proxy(items, {}),
  'behind a proxy that asks': (items, { interrupt }, which) =>
    new Proxy(items, {
      get: (target, name) => {
        interrupt(which)
        return Reflect.get(target, name)
      },
    }),
  'that throws': (items) => Object.defineProperty(items, 0, { get: fail, enumerable: true, configurable: true }),
  'as a set': (items) => new Set(items),
  'as a record': (items) => ({ ...items, length: items.length }),
  'of all iterators': (items) => items[Symbol.iterator](),
  'as text': (items) => items.map((item) => (typeof item === 'string' ? item : typeof item)).join(','),
}

/** `odd`: how often otherwise than plainly. */
export function record(caller: Caller, fields: Fields, odd = 25): Recipe {
  const form = caller.odd(odd) ? caller.of(Object.keys(recordForms)) : 'plain'
  const which = caller.int(12)
  const make = recordForms[form] ?? ((made) => made)
  return {
    shown: `${form === 'plain' ? '' : `${form} (${which}) `}{${fields.map(([name, { shown }]) => `${name}: ${shown}`).join(', ')}}`,
    make: (at) => make(Object.fromEntries(fields.map(([name, value]) => [name, value.make(at)])), at, which),
  }
}

export function list(caller: Caller, items: readonly Recipe[], odd = 20): Recipe {
  const form = caller.odd(odd) ? caller.of(Object.keys(listForms)) : 'plain'
  const which = caller.int(12)
  const make = listForms[form] ?? ((made) => made)
  return {
    shown: `${form === 'plain' ? '' : `${form} (${which}) `}[${items.map(({ shown }) => shown).join(', ')}]`,
    make: (at) =>
      make(
        items.map((item) => item.make(at)),
        at,
        which,
      ),
  }
}

export function text(caller: Caller, value: string, odd = 6): Recipe {
  if (!caller.odd(odd)) return caller.chance(20) ? rope(value) : just(value)
  return caller.of([
    fresh(`new String(${value})`, () => new String(value)),
    fresh(`{ toString: ${value} }`, () => ({ toString: () => value })),
    just([value]),
    just(`${value} `),
    just(value.toUpperCase()),
    just(`${value}\0`),
    just(value.normalize('NFD').replace('a', '\u0430')),
    just(`${value}\ud800`, `${value}\\ud800`),
    just(value.padEnd(400, 'x'), `${value} and more, 400 characters`),
    just(value.padEnd(100_000, 'x'), `${value} and more, 100,000 characters`),
    just(''),
    ...nothings,
  ])
}

/** The same text, not yet put together. */
const rope = (value: string) =>
  fresh(`${JSON.stringify(value)} in parts`, () => [value.slice(0, 2), value.slice(2)].reduce((a, b) => a + b))

export const nothings: readonly Recipe[] = [
  just(null),
  just(undefined),
  just(0),
  just(true),
  just(Symbol('s'), 'a symbol'),
  just(10n ** 30n),
  fresh('{}', () => ({})),
  fresh('a function', () => fail),
]

export function number(caller: Caller, value: number, odd = 12): Recipe {
  if (!caller.odd(odd)) return just(value)
  return caller.of([
    just(`${value}`),
    fresh(`new Number(${value})`, () => new Number(value)),
    fresh(`{ valueOf: ${value} }`, () => ({ valueOf: () => value })),
    just(BigInt(Math.trunc(value))),
    just(value + 0.5),
    just(Number.NaN, 'NaN'),
    just(-0, '-0'),
    just(Number.POSITIVE_INFINITY, 'Infinity'),
    just(2 ** 53),
    just(2n ** 63n),
    just(2n ** 63n - 1n),
    just(-(2n ** 63n)),
    just([value]),
    just(null),
    just(undefined),
    just(true),
  ])
}

export function truth(caller: Caller, value: boolean, odd = 8): Recipe {
  if (!caller.odd(odd)) return just(value)
  return caller.of([
    fresh(`new Boolean(${value})`, () => new Boolean(value)),
    just(`${value}`),
    just(Number(value)),
    just(null),
    just([value]),
  ])
}
