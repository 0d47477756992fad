import fc from 'fast-check'
import { expect } from 'vitest'
import type { Environment } from '../../../src/index.ts'
import { hostile as hostileValues } from '../../value/hostile.ts'
import { engineOf, policyOf, scenario } from '../generate/scenario.ts'
import type { Invariant } from './invariant.ts'

/** Fresh at every use: some can be used only once. */
const count = hostileValues().length
const hostileValue = fc.nat({ max: count - 1 }).map((i) => ({ make: () => hostileValues()[i] }))

const places = [
  'actor',
  'action',
  'resource',
  'env',
  'args',
  'uri',
  'name',
  'server',
  'id',
  'agents',
  'agent',
  'token',
  'claim',
  'context',
  'field',
  'session',
  'labels',
  'now',
  'facts',
  'fact',
  'approvals',
  'confirmed',
  'client',
] as const
type Place = (typeof places)[number]

/** A request that is all right but for one place in it. */
function spoil(place: Place, bad: unknown, env: Environment): readonly [unknown, unknown, unknown, unknown] {
  const item = { kind: 'tool', server: 'desk', name: 'get_doc', args: { id: 'd0' } }
  const call = (resource: unknown) => ['User:u0', 'call', resource, env] as const
  const view = (parts: object) => ['User:u0', 'view', 'Doc:d0', { ...env, ...parts }] as const
  switch (place) {
    case 'actor':
      return [bad, 'view', 'Doc:d0', env]
    case 'action':
      return ['User:u0', bad, 'Doc:d0', env]
    case 'resource':
      return call(bad)
    case 'env':
      return ['User:u0', 'view', 'Doc:d0', bad]
    case 'args':
      return call({ ...item, args: bad })
    case 'id':
      return call({ ...item, args: { id: bad, limit: bad } })
    case 'name':
    case 'server':
      return call({ ...item, [place]: bad })
    case 'uri':
      return ['User:u0', 'read', { kind: 'resource', server: 'desk', uri: bad }, env]
    case 'agent':
      return view({ agents: [bad] })
    case 'claim':
      return view({ token: { rank: bad, groups: bad, scopes: bad, dept: bad } })
    case 'field':
      return view({ context: { depth: bad, mode: bad, address: bad, flag: bad, max: bad } })
    case 'labels':
      return view({ session: { labels: bad } })
    case 'fact':
      return view({ facts: [bad, { object: bad, relation: 'guest', subject: bad, until: bad }] })
    default:
      return view({ [place]: bad })
  }
}

export const hostile: Invariant = {
  number: 19,
  title: 'no input throws, mutates a prototype or outruns the budget without a denial',
  runs: 80,
  property: ({ createEngine }) =>
    fc.property(
      scenario(),
      fc.array(fc.tuple(fc.constantFrom(...places), hostileValue), { minLength: 8, maxLength: 8 }),
      ({ model, facts, requests }, spoilt) => {
        const engine = engineOf(createEngine, policyOf(model), facts)
        const before = prototypes()
        for (const [i, [place, { make }]] of spoilt.entries()) {
          const env = requests[i]?.env ?? {}
          const [actor, action, resource, given] = spoil(place, make(), env)
          const asked = [actor, action, resource, given] as unknown as Parameters<typeof engine.authorize>
          const { allowed, reason, missing } = engine.authorize(...asked)
          expect(allowed).toBe(reason === 'granted')
          expect(Array.isArray(missing.sets)).toBe(true)
          const bad = make() as never
          for (const input of [
            bad,
            { type: 'Doc', id: 'd0', size: bad, extra: bad },
            { object: 'Doc:d0', relation: bad, subject: bad },
          ])
            expect(Array.isArray(engine.facts.load([input as never]))).toBe(true)
        }
        expect(prototypes()).toEqual(before)
        expect(({} as Record<string, unknown>).polluted).toBe(undefined)
      },
    ),
}

/** What every object inherits, as it is now. */
function prototypes(): readonly unknown[] {
  return [Object.prototype, Array.prototype, Function.prototype, Map.prototype, Set.prototype, String.prototype].map(
    (one) => Reflect.ownKeys(one).map((key) => [key, typeof Object.getOwnPropertyDescriptor(one, key)?.value]),
  )
}
