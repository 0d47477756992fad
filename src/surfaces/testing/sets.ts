import type { Engine, Environment } from '../../index.ts'
import type { Expectation } from './expectation.ts'
import { typeOf } from './mentioned.ts'

/** Each entity as `Type:id`, everyone of a type as `any Type`; sorted. */
export interface Sets {
  readonly expected: readonly string[]
  readonly got: readonly string[]
  readonly unexpected: readonly string[]
  readonly absent: readonly string[]
}

export function askList(
  engine: Engine,
  { actor, agents, action, type, entities }: Expectation & { readonly kind: 'list' },
  env: Environment,
): Sets {
  const asking = agents.length === 0 ? env : { ...env, agents }
  return setsOf(entities, [...engine.list(actor, action, type, asking)])
}

/** What is left of the environment of a test where others are asked about: nobody is judged by its token or session. */
export function withoutCaller({ now, context }: Environment): Environment {
  return {
    session: { labels: [] },
    ...(now === undefined ? {} : { now }),
    ...(context === undefined ? {} : { context }),
  }
}

/** Who may with no token and no labels of their own. The anonymous actor is not asked about. */
export function askWho(
  engine: Engine,
  { action, entity, actors, types }: Expectation & { readonly kind: 'who' },
  given: Environment,
): Sets {
  const env = withoutCaller(given)
  const { certain, conditional } = engine.who(action, entity, env)
  const holding = conditional.filter(({ actor, residual }) => {
    const name = actor === null || typeof actor === 'string' ? actor : actor.as
    return engine.complete(residual, { actor: name, action, resource: entity, env }).allowed
  })
  const isAsked = (type: string) => types.length === 0 || types.includes(type)
  const allowed = [...certain, ...holding.map((one) => one.actor)].filter(
    (one) => one !== null && isAsked(typeof one === 'string' ? typeOf(one) : one.any),
  )
  const named = new Set(allowed.filter((one) => typeof one === 'string'))
  const everyone = new Map(
    allowed.filter((one) => typeof one === 'object' && one !== null).map(({ any, except }) => [any, except]),
  )
  const isCovered = (one: string) =>
    named.has(one) || (everyone.has(typeOf(one)) && !everyone.get(typeOf(one))?.includes(one))
  const sets = setsOf(
    actors.flatMap((one) => {
      if (typeof one !== 'string') return [`any ${one.any}`]
      return everyone.has(typeOf(one)) && isCovered(one) ? [] : [one]
    }),
    [...[...everyone.keys()].map((type) => `any ${type}`), ...[...named].filter((one) => !everyone.has(typeOf(one)))],
  )
  // `any User` claims each of them: one who is shut out is missing from the set.
  const shutOut = actors.flatMap((one) => (typeof one === 'string' ? [] : (everyone.get(one.any) ?? [])))
  return { ...sets, absent: sorted([...sets.absent, ...shutOut.filter((one) => !isCovered(one))]) }
}

function setsOf(expected: readonly string[], got: readonly string[]): Sets {
  const wanted = new Set(expected)
  const had = new Set(got)
  return {
    expected: sorted(wanted),
    got: sorted(had),
    unexpected: sorted(got.filter((one) => !wanted.has(one))),
    absent: sorted(expected.filter((one) => !had.has(one))),
  }
}

function sorted(entities: Iterable<string>): readonly string[] {
  return [...new Set(entities)].sort()
}
