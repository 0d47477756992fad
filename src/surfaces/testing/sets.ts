import type { Engine, Environment } from '../../index.ts'
import { type Entities, stranger, typeOf } from './candidates.ts'
import type { Expectation } from './expectation.ts'

/** Each entity as `Type:id`, everyone of a type as `any Type`; sorted. */
export interface Sets {
  readonly expected: readonly string[]
  readonly got: readonly string[]
  readonly unexpected: readonly string[]
  readonly absent: readonly string[]
}

/** Asks about every entity of the type that a fact, or the expectation itself, mentions. */
export function askList(
  engine: Engine,
  { actor, agents, action, type, entities }: Expectation & { readonly kind: 'list' },
  env: Environment,
  known: Entities,
): Sets {
  const asked = new Set([...(known.get(type) ?? []), ...entities])
  const withAgents = agents.length === 0 ? env : { ...env, agents }
  return setsOf(
    entities,
    [...asked].filter((entity) => engine.can(actor, action, entity, withAgents)),
  )
}

/**
 * Asks for every actor that a fact, or the expectation itself, mentions, and for a stranger of each type, who stands for
 * `any`. Someone else is never judged by this caller's token or session, so only the time and the context of the test count.
 */
export function askWho(
  engine: Engine,
  { action, entity, actors }: Expectation & { readonly kind: 'who' },
  env: Environment,
  known: Entities,
  actorTypes: readonly string[],
): Sets {
  const { now, context } = env
  const question = {
    session: { labels: [] },
    ...(now === undefined ? {} : { now }),
    ...(context === undefined ? {} : { context }),
  }
  const can = (actor: string) => engine.can(actor, action, entity, question)
  const everyone = new Set(actorTypes.filter((type) => can(stranger(type, known))))
  const expected = actors.map((one) => (typeof one === 'string' ? one : `any ${one.any}`))
  const meant = new Set(actors.flatMap((one) => (typeof one === 'string' ? [] : [one.any])))
  const named = actors.filter((one) => typeof one === 'string')
  const asked = new Set([...actorTypes.flatMap((type) => [...(known.get(type) ?? [])]), ...named])
  const allowed = [...asked].filter(can)
  const got = [
    ...[...everyone].map((type) => `any ${type}`),
    ...allowed.filter((actor) => !everyone.has(typeOf(actor))),
  ]
  // `any User` claims each of them: one who is shut out is missing from the set.
  const claimed = (actor: string) => meant.has(typeOf(actor)) && everyone.has(typeOf(actor))
  const shutOut = [...asked].filter((actor) => claimed(actor) && !allowed.includes(actor))
  const sets = setsOf(
    expected.filter((one) => !everyone.has(typeOf(one)) || !allowed.includes(one)),
    got,
  )
  return { ...sets, absent: sorted(new Set([...sets.absent, ...shutOut])) }
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
