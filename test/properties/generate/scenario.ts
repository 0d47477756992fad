import fc from 'fast-check'
import { compile, type Decision, type Engine, type EngineOptions, type Policy } from '../../../src/index.ts'
import { type AnyFact, type FactSet, factSet } from './facts.ts'
import { type Arrangement, asWritten, type PolicyModel, type PolicyOptions, policyModel, render } from './policy.ts'
import { type Request, request } from './request.ts'

/** A policy, facts, and questions about them. */
export interface Scenario {
  readonly model: PolicyModel
  readonly facts: FactSet
  readonly requests: readonly Request[]
}

/** What makes engines: the real one, or a mutant of it. */
export type CreateEngine = (policy: Policy, options?: EngineOptions) => Engine

export function scenario(
  options: PolicyOptions & { readonly questions?: fc.Arbitrary<Request> } = {},
): fc.Arbitrary<Scenario> {
  const { questions = request } = options
  return fc
    .record({
      model: policyModel(options),
      facts: factSet,
      requests: fc.array(questions, { minLength: 8, maxLength: 8, size: 'max' }),
    })
    .map(({ model, facts, requests }) =>
      readable({
        model,
        facts,
        requests: requests.map((one, i) => fitting(model, options.recovers ? loosened(one, i) : one)),
      }),
    )
}

/** Claims any length at no cost. */
const tooLarge: readonly unknown[] = new Array(100_001)
const loose = [1, tooLarge, 'a', 1, [tooLarge, 1], undefined]

/** With something of no certain kind or size in it, another for each number. */
export function loosened(one: Request, i: number): Request {
  const value = loose[i % loose.length]
  const { loose: _, ...context } = { loose, ...one.env.context }
  return { ...one, env: { ...one.env, context: value === undefined ? context : { ...context, loose: value } } }
}

/** As a counter-example it is shown the way a person reads it. */
export function readable(scenario: Scenario): Scenario {
  const { model, facts, requests } = scenario
  const listed = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).join('\n')
  const shown = () => {
    const [text] = Object.values(render(model))
    return ['', text, '--', listed(facts.entities), listed(facts.facts), '--', listed(requests), ''].join('\n')
  }
  return { ...scenario, [fc.toStringMethod]: shown } as Scenario
}

/** A question that the policy can be asked: about agents and items only where it knows any. */
function fitting({ agents, lines }: PolicyModel, { env, ...asked }: Request): Request {
  const { agents: given, ...bare } = env
  const hasServer = lines.some(({ where }) => where === 'desk')
  const isItem = typeof asked.resource === 'object'
  return {
    ...asked,
    ...(isItem && !hasServer ? { action: 'view', resource: 'Doc:d1' } : {}),
    env: agents && given !== undefined ? { ...bare, agents: given } : bare,
  }
}

/** The policy of a model; generated policies that the checker refuses are not looked at further. */
export function policyOf(model: PolicyModel, arrangement: Arrangement = asWritten): Policy {
  const { policy } = compile(render(model, arrangement))
  fc.pre(policy !== undefined)
  if (policy === undefined) throw new Error('unreachable: an unmet precondition leaves the property')
  return policy
}

/** Pure host functions, each of which errs for one argument. */
export const erring = {
  probe: (n: number): boolean => {
    if (n === 1) throw new Error('a probe that fails')
    return n === 2
  },
  count: (n: number): number => {
    if (n === 3) throw new Error('a count that fails')
    return n
  },
}

/** An engine with these facts, those aside that the policy does not allow. */
export function engineOf(
  createEngine: CreateEngine,
  policy: Policy,
  facts: FactSet | readonly AnyFact[],
  functions: EngineOptions['functions'] & object = erring,
): Engine {
  const engine = createEngine(policy, { functions })
  engine.facts.load('entities' in facts ? [...facts.entities, ...facts.facts] : facts)
  return engine
}

export function ask(engine: Engine, { actor, action, resource, env }: Request): Decision {
  return engine.authorize(actor, action, resource, env)
}
