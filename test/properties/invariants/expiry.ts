import fc from 'fast-check'
import { expect } from 'vitest'
import type { EntityInput } from '../../../src/index.ts'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import { agents, docs, folders, groups, now, users } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

/** So that no entity is known only by a fact that has ended: which is a case of its own. */
const everybody: readonly EntityInput[] = Object.entries({
  User: users,
  Agent: agents,
  Group: groups,
  Folder: folders,
  Doc: docs,
}).flatMap(([type, ids]) => ids.map((id) => ({ type, id })))

export const expiry: Invariant = {
  number: 20,
  title: 'facts past `until` are absent',
  runs: 60,
  property: ({ createEngine }) =>
    fc.property(scenario(), ({ model, facts, requests }) => {
      const policy = policyOf(model)
      const past = (until: unknown) => typeof until === 'number' && until <= now
      const all = engineOf(createEngine, policy, [...everybody, ...facts.entities, ...facts.facts])
      const without = engineOf(createEngine, policy, [
        ...everybody,
        ...facts.entities,
        ...facts.facts.filter(({ until }) => !past(until)),
      ])
      for (const request of requests) {
        const { allowed, reason } = ask(without, request)
        expect(ask(all, request)).toMatchObject({ allowed, reason })
      }
    }),
}
