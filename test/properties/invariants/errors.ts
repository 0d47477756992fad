import fc from 'fast-check'
import { expect } from 'vitest'
import type { EntityInput, FactInput } from '../../../src/index.ts'
import type { AnyFact, FactSet } from '../generate/facts.ts'
import type { Request } from '../generate/request.ts'
import { ask, engineOf, erring, policyOf, scenario } from '../generate/scenario.ts'
import { agents, docs, folders, groups, labels, users, words } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

/** What stands where an error was: a value for every input that can be missing or wrong. */
const replacement = fc.record({
  probe: fc.boolean(),
  number: fc.integer({ min: 0, max: 3 }),
  flag: fc.boolean(),
  user: fc.constantFrom(...users.map((id) => `User:${id}`)),
  status: fc.constantFrom('draft', 'final'),
  mode: fc.constantFrom('fast', 'slow'),
  labels: fc.subarray([...labels]),
  keepers: fc.subarray(users.map((id) => `User:${id}`)),
  words: fc.subarray([...words]),
})
type Replacement = typeof replacement extends fc.Arbitrary<infer T> ? T : never

/** What has to be set of an entity of each type. */
function required({
  number,
  flag,
  user,
  status,
}: Replacement): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const acting = { level: number, suspended: flag }
  return {
    User: acting,
    Service: acting,
    Agent: { ...acting, trusted: flag },
    Group: {},
    Folder: { owner: user, shared: flag },
    Doc: { owner: user, size: number, status },
  }
}

const named = Object.entries({ User: users, Agent: agents, Group: groups, Folder: folders, Doc: docs })

/** Nothing mentions it: whatever is said of it replaces an error. */
const stranger = 'Doc:d9'

function aboutStranger(replacing: Replacement): readonly AnyFact[] {
  const { keepers, flag, words } = replacing
  const record = { ...required(replacing).Doc, folder: 'Folder:f0', editors: keepers, tags: words, secret: flag }
  const assigned = ['keeper', 'viewer', 'author'].flatMap((relation) =>
    keepers.map((subject): FactInput => ({ object: stranger, relation, subject })),
  )
  return [{ type: 'Doc', id: 'd9', ...record }, ...assigned]
}

/** The facts, and a record with all that is required for each entity. */
function completed(given: FactSet, replacing: Replacement): readonly AnyFact[] {
  const fields = required(replacing)
  const records = new Map(given.entities.map((entity) => [`${entity.type}:${entity.id}`, entity]))
  const all = named.flatMap(([type, ids]) =>
    ids.map((id): EntityInput => {
      const known = records.get(`${type}:${id}`)
      records.delete(`${type}:${id}`)
      return { type, id, ...fields[type], ...known }
    }),
  )
  const rest = [...records.values()].map((entity) => ({ ...fields[entity.type], ...entity }))
  return [...all, ...rest, ...given.facts, ...aboutStranger(replacing)]
}

/** The request with its wrong or missing inputs right. */
function corrected(request: Request, { number, mode, labels }: Replacement): Request {
  const { context, token, session } = request.env
  const right = (value: unknown, is: (value: unknown) => boolean, otherwise: unknown) => (is(value) ? value : otherwise)
  const isInt = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value)
  return {
    ...request,
    env: {
      ...request.env,
      context: {
        ...context,
        depth: right(context?.depth, isInt, number),
        mode: right(context?.mode, (value) => value === 'fast' || value === 'slow', mode),
        max: right(context?.max, isInt, number),
        ...(context?.address === 'nonsense' ? { address: '10.0.0.1' } : {}),
      },
      token: { ...token, rank: right(token?.rank, isInt, number) },
      session: session ?? { labels },
    },
  }
}

export const errors: Invariant = {
  number: 2,
  title: 'replacing an error by a value never turns an allow into a deny',
  runs: 60,
  holds: ['recursive'],
  property: ({ createEngine }, options) =>
    fc.property(scenario(options), replacement, ({ model, facts, requests }, replacing) => {
      const policy = policyOf(model)
      const erred = engineOf(createEngine, policy, facts)
      const told = engineOf(createEngine, policy, completed(facts, replacing), {
        probe: (n: number) => (n === 1 ? replacing.probe : erring.probe(n)),
        count: (n: number) => (n === 3 ? replacing.number : erring.count(n)),
      })
      const strange = requests.flatMap((request) =>
        ['view', 'edit', 'share'].map((action): Request => ({ ...request, action, resource: stranger })),
      )
      for (const request of [...requests, ...strange])
        if (ask(erred, request).allowed)
          expect(ask(told, corrected(request, replacing))).toMatchObject({ allowed: true })
    }),
}
