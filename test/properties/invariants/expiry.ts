import fc from 'fast-check'
import { expect } from 'vitest'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import { now } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

export const expiry: Invariant = {
  number: 20,
  title: 'facts past `until` are absent',
  runs: 60,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(scenario(options), ({ model, facts, requests }) => {
      const policy = policyOf(model)
      const past = (until: unknown) => typeof until === 'number' && until <= now
      const all = engineOf(createEngine, policy, [...facts.entities, ...facts.facts])
      const without = engineOf(createEngine, policy, [
        ...facts.entities,
        ...facts.facts.filter(({ until }) => !past(until)),
      ])
      for (const request of requests) {
        const { allowed, reason } = ask(without, request)
        expect(ask(all, request)).toMatchObject({ allowed, reason })
      }
    }),
}
