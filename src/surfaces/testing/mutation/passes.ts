import { createEnginesOnFacts, type SharedFacts } from '../../../engine.ts'
import { type Engine, type EngineOptions, type Environment, type Policy, sameMissing } from '../../../index.ts'
import { environmentOf } from '../environment.ts'
import { type Expectation, resultOf } from '../expectation.ts'

type TestCase = Policy['tests'][number]

/** Engines of a policy and of its mutants, on the facts of tests: those are loaded once for all that can be assigned the same. */
export interface Engines {
  /** Those of one policy; none on facts that it refuses. */
  of(policy: Policy): (test: TestCase) => Engine | undefined
}

export function createEngines(original: Policy, functions: EngineOptions['functions']): Engines {
  const loaded = new Map<TestCase['facts'], SharedFacts | undefined>(
    original.tests.map(({ facts }) => [facts, undefined]),
  )
  const assignable = assignableIn(original)
  return {
    of: (policy) => {
      const engines = createEnginesOnFacts(policy, functions)
      const shares = policy === original || assignableIn(policy) === assignable
      return (test) => {
        const { facts } = test
        const known = (shares ? loaded.get(facts) : undefined) ?? engines.load(facts)
        // What is tried once is not kept.
        if (shares && loaded.has(facts)) loaded.set(facts, known)
        return known && engines.on(known)
      }
    },
  }
}

/** What facts depend on, of what a mutation changes. */
function assignableIn({ program }: Policy): string {
  return JSON.stringify(program.roles.map(({ assignable }) => assignable))
}

/** Whether a test passes; no further than to the first expectation that does not hold. */
export function passes(engine: Engine | undefined, test: TestCase): boolean {
  const env = environmentOf(test)
  return engine !== undefined && test.expectations.every((one) => holds(engine, one, env))
}

/** As `resultOf` says, without saying why. */
function holds(engine: Engine, one: Expectation, env: Environment): boolean {
  if (one.kind !== 'decision') return resultOf(engine, one, env).passed
  const { actor, agents, action, target, allowed, missing } = one
  const resource = target.kind === 'entity' ? target.entity : target
  const asking = agents.length === 0 ? env : { ...env, agents }
  if (missing === undefined) return engine.can(actor, action, resource, asking) === allowed
  const decision = engine.authorize(actor, action, resource, asking)
  return decision.allowed === allowed && decision.missing.sets.some((set) => sameMissing(set, missing))
}
