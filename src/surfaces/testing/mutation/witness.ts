import type { Engine, EngineOptions, Environment, Policy } from '../../../index.ts'
import type { Mutant } from '../../../mutants.ts'
import { type AskedRequest, expectText, testText } from '../../../witness.ts'
import { environmentOf } from '../environment.ts'
import { givenNear, neighbourhood, requestsNear } from './near.ts'
import { engineFor } from './passes.ts'

type TestCase = Policy['tests'][number]

/** A test that would notice: a line for a test that there is, or a test of its own where something else has to be given. */
export interface Witness {
  /** The test that the line is for, or that the new one was made of. */
  readonly test: string
  readonly whole: boolean
  readonly text: string
}

/** How many requests are tried: on what a test gives, and on what is given otherwise. */
const most = { near: 2_000, otherwise: 2_000 }

/** Looks near the tests for requests that policy and mutant decide otherwise. */
export function witnessFor(
  policy: Policy,
  { policy: mutant, literals }: Mutant,
  functions: EngineOptions['functions'],
): Witness | undefined {
  let left = most.near
  const differs = (before: Engine, after: Engine, request: AskedRequest, env: Environment): boolean | undefined => {
    left--
    const { actor, agents, action, target } = request
    const resource = target.kind === 'entity' ? target.entity : target
    const asking = agents.length === 0 ? env : { ...env, agents }
    const was = before.can(actor, action, resource, asking)
    if (was === after.can(actor, action, resource, asking)) return undefined
    // What an error denies says nothing of the policy.
    return was || before.authorize(actor, action, resource, asking).reason !== 'error' ? was : undefined
  }
  const engines = (test: TestCase) => {
    const before = engineFor(policy, test, functions)
    const after = engineFor(mutant, test, functions)
    return before === undefined || after === undefined ? undefined : { before, after }
  }
  const share = Math.ceil(most.near / Math.max(1, policy.tests.length))
  for (const test of policy.tests) {
    const asked = engines(test)
    if (asked === undefined) continue
    const until = left - share
    for (const request of requestsNear(neighbourhood(policy, test), literals)) {
      const was = differs(asked.before, asked.after, request, environmentOf(test))
      if (was !== undefined) return { test: test.name, whole: false, text: expectText(request, was) }
      if (left <= until) break
    }
  }
  left = most.otherwise
  for (const test of policy.tests) {
    const near = neighbourhood(policy, test)
    for (const { test: other, ...change } of givenNear(policy, test, literals)) {
      const asked = engines(other)
      if (asked === undefined) continue
      for (const request of [
        ...near.seeds,
        ...near.seeds.flatMap((seed) => near.actors.map((actor) => ({ ...seed, actor }))),
      ]) {
        const was = differs(asked.before, asked.after, request, environmentOf(other))
        const text = was === undefined ? undefined : testText(policy, test, change, request, was)
        if (text !== undefined) return { test: test.name, whole: true, text }
        if (left <= 0) return undefined
      }
    }
  }
  return undefined
}
