import type { ActorInput, EntityInput, Environment, FactInput, Policy, ResourceInput } from '../../../index.ts'

/** What a `test` block asks, with the facts that exist only in it. */
export interface Asked {
  readonly test: string
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly requests: readonly Request[]
}

export interface Request {
  readonly actor: ActorInput
  readonly action: string
  readonly resource: ResourceInput
  readonly env: Environment
}

/** The decisions that the tests of a policy expect, as requests. `now`: the time of a test that gives none. */
export function requestsOf({ tests }: Policy, now: string): readonly Asked[] {
  return tests.flatMap(({ name, facts, inputs, expectations }) => {
    const given: Environment = { now, ...Object.fromEntries(inputs) }
    // As a clock has it: what a text takes to read is not what is to be measured.
    const env = typeof given.now === 'string' ? { ...given, now: Date.parse(given.now) } : given
    const requests = expectations.flatMap((expectation): Request[] => {
      if (expectation.kind !== 'decision') return []
      const { actor, agents, action, target } = expectation
      const resource = target.kind === 'entity' ? target.entity : target
      return [{ actor, action, resource, env: agents.length === 0 ? env : { ...env, agents } }]
    })
    return requests.length === 0 ? [] : [{ test: name, facts, requests }]
  })
}
