import {
  createEngine,
  type Engine,
  type EngineOptions,
  type Environment,
  type Policy,
  sameMissing,
} from '../../../index.ts'
import { environmentOf } from '../environment.ts'
import { type Expectation, resultOf } from '../expectation.ts'

type TestCase = Policy['tests'][number]

/** An engine with the facts of a test; undefined where the policy refuses one of them. The interpreter: most are asked little. */
export function engineFor(policy: Policy, test: TestCase, functions: EngineOptions['functions']): Engine | undefined {
  const engine = createEngine(policy, { backend: 'interpreted', ...(functions === undefined ? {} : { functions }) })
  return engine.facts.load(test.facts).length === 0 ? engine : undefined
}

/** Whether a test passes; no further than to the first expectation that does not hold. */
export function passes(policy: Policy, test: TestCase, functions: EngineOptions['functions']): boolean {
  const engine = engineFor(policy, test, functions)
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
