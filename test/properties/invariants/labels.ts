import fc from 'fast-check'
import { expect } from 'vitest'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import { labels as all } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

export const labels: Invariant = {
  number: 13,
  title: 'adding a label never allows',
  runs: 80,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(scenario(options), fc.constantFrom(...all), ({ model, facts, requests }, label) => {
      const engine = engineOf(createEngine, policyOf(model), facts)
      for (const { env, ...asked } of requests) {
        const before = [...(env.session?.labels ?? [])]
        const with_ = { ...env, session: { labels: [...before, label] } }
        if (ask(engine, { ...asked, env: with_ }).allowed)
          expect(ask(engine, { ...asked, env: { ...env, session: { labels: before } } })).toMatchObject({
            allowed: true,
          })
      }
    }),
}
