import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import { classesOf, count, type Mix, shares, show } from './generate/mix.ts'
import { render } from './generate/policy.ts'
import { runs } from './generate/runs.ts'
import { ask, engineOf, type Scenario, scenario } from './generate/scenario.ts'

/** Below this a class is not met often enough for a property to say anything about it, in per cent. */
const least = 2

it('the scenarios have something of everything, and few that the checker refuses', { timeout: 120_000 }, () => {
  const mix: Mix = new Map()
  let refused = 0
  const scenarios = fc.sample(scenario(), runs<Scenario>(250))
  for (const { model, facts, requests } of scenarios) {
    const { policy } = compile(render(model))
    if (policy === undefined) {
      refused++
      continue
    }
    const engine = engineOf(createEngine, policy, facts)
    for (const request of requests) count(mix, classesOf(policy, facts, request, ask(engine, request)))
  }
  console.info(`${scenarios.length} policies, ${refused} refused by the checker; ${show(mix)}`)
  expect(refused / scenarios.length).toBeLessThan(0.02)
  expect([...shares(mix)].filter(([, share]) => share < least)).toEqual([])
})
