import type { EngineOptions, Environment, Policy, Question } from '../../index.ts'
import { createObserver, type Observer, type Shown } from '../../observe.ts'
import { environmentOf } from './environment.ts'
import type { Expectation } from './expectation.ts'
import { mentioned, typeOf } from './mentioned.ts'
import { withoutCaller } from './sets.ts'

/**
 * What the tests show of a policy. A rule is shown where it holds in some decision; a role where somebody holds it and somebody does
 * not; a condition where it holds and where it does not, and matters both times: had it been otherwise, so would its rule or role.
 */
export interface Coverage {
  /** In the order of the text. */
  readonly places: readonly CoveredPlace[]
  /** What could be shown, and what was. */
  readonly outcomes: number
  readonly shown: number
}

export interface CoveredPlace extends Shown {
  /** Of what could be shown, what was not. */
  readonly unshown: readonly ('held' | 'failed')[]
}

export function coverageOf(policy: Policy, functions: EngineOptions['functions']): Coverage {
  const observer = createObserver(policy, functions)
  for (const test of policy.tests) {
    const seen = observer.on(test.facts)
    const env = environmentOf(test)
    const entities = mentioned([...policy.facts, ...test.facts])
    for (const one of test.expectations) observe(seen, one, env, entities, policy)
  }
  const places = observer.shown().map((place): CoveredPlace => {
    const unshown = outcomesOf(place).filter((outcome) => place[outcome] === 0)
    return { ...place, unshown }
  })
  const outcomes = places.reduce((sum, place) => sum + outcomesOf(place).length, 0)
  return { places, outcomes, shown: outcomes - places.reduce((sum, { unshown }) => sum + unshown.length, 0) }
}

/** That a rule does not hold is shown by its conditions. */
function outcomesOf({ kind }: Pick<Shown, 'kind'>): readonly ('held' | 'failed')[] {
  return kind === 'rule' ? ['held'] : ['held', 'failed']
}

/** A set of entities or actors says of each that facts mention whether it is in it. */
function observe(
  seen: ReturnType<Observer['on']>,
  one: Expectation,
  env: Environment,
  entities: readonly string[],
  { program }: Policy,
): void {
  if (one.kind === 'holds') {
    seen.condition(one.condition, env)
    return
  }
  for (const question of questionsOf(one, env, entities, (type) =>
    program.types.some(({ name, actor }) => name === type && actor),
  ))
    seen.decision(question)
}

function questionsOf(
  one: Exclude<Expectation, { readonly kind: 'holds' }>,
  env: Environment,
  entities: readonly string[],
  isActor: (type: string) => boolean,
): readonly Question[] {
  switch (one.kind) {
    case 'decision': {
      const { actor, agents, action, target } = one
      const resource = target.kind === 'entity' ? target.entity : target
      return [{ actor, action, resource, env: withAgents(env, agents) }]
    }
    case 'list': {
      const { actor, agents, action, type } = one
      const all = new Set([...entities.filter((entity) => typeOf(entity) === type), ...one.entities])
      return [...all].map((resource) => ({ actor, action, resource, env: withAgents(env, agents) }))
    }
    case 'who': {
      const { action, entity: resource, types } = one
      const isAsked = (type: string) => isActor(type) && (types.length === 0 || types.includes(type))
      return entities
        .filter((entity) => isAsked(typeOf(entity)))
        .map((actor) => ({ actor, action, resource, env: withoutCaller(env) }))
    }
  }
}

function withAgents(env: Environment, agents: readonly string[]): Environment {
  return agents.length === 0 ? env : { ...env, agents }
}
