import fc from 'fast-check'
import { expect } from 'vitest'
import { anotherRule, type Line } from '../generate/policy.ts'
import { ask, engineOf, policyOf, type Scenario, scenario } from '../generate/scenario.ts'
import type { Licet } from '../licet.ts'
import type { Invariant } from './invariant.ts'

const positive = { positive: true }

/** What is allowed with `fewer` rules is allowed with `more`. */
function grows(
  { createEngine }: Licet,
  { model, facts, requests }: Scenario,
  fewer: readonly Line[],
  more: readonly Line[],
) {
  const [few, many] = [fewer, more].map((lines) => engineOf(createEngine, policyOf({ ...model, lines }), facts))
  if (few === undefined || many === undefined) return
  for (const request of requests)
    if (ask(few, request).allowed) expect(ask(many, request)).toMatchObject({ allowed: true })
}

/** The generated policy has all that another rule may speak of. */
const full = scenario(positive).filter(({ model }) => model.lines.some(({ where }) => where === 'desk'))

export const moreDenies: Invariant = {
  number: 4,
  title: 'more denies shrink, where permissions occur positively',
  runs: 50,
  property: (licet) =>
    fc.property(full, anotherRule('deny', false, positive), (given, deny) => {
      const { lines } = given.model
      grows(licet, given, [...lines, deny], lines)
    }),
}

export const moreAllows: Invariant = {
  number: 4,
  title: 'more allows grow, where permissions occur positively',
  runs: 60,
  property: (licet) =>
    fc.property(full, anotherRule('allow', false, positive), (given, allow) => {
      const { lines } = given.model
      grows(licet, given, lines, [...lines, allow])
    }),
}
