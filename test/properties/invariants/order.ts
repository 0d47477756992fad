import fc from 'fast-check'
import { expect } from 'vitest'
import type { Decision } from '../../../src/index.ts'
import { arrangement } from '../generate/policy.ts'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import type { Invariant } from './invariant.ts'

/** Everything but the errors' places, which follow the text. */
function outcome({ allowed, reason, rules, errors, limits, labels }: Decision) {
  return {
    allowed,
    reason,
    rules: rules.map(({ id }) => id).sort(),
    errors: errors.map(({ code, message }) => ({ code, message })),
    limits: limits.map(({ rule }) => rule).sort(),
    labels,
  }
}

export const order: Invariant = {
  number: 1,
  title: 'order of statements, files and facts never matters',
  runs: 40,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(
      scenario(options),
      arrangement,
      fc.array(fc.nat(), { minLength: 50, maxLength: 50 }),
      (given, layout, keys) => {
        const { model, facts, requests } = given
        const all = [...facts.entities, ...facts.facts]
        const shuffled = all
          .map((fact, i) => ({ fact, key: keys[i] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ fact }) => fact)
        const one = engineOf(createEngine, policyOf(model), all)
        const other = engineOf(createEngine, policyOf(model, layout), shuffled)
        for (const request of requests) expect(outcome(ask(other, request))).toEqual(outcome(ask(one, request)))
      },
    ),
}
