import { type JsonValue, stringifyJson } from '../../../base/json.ts'
import type { Policy } from '../../../index.ts'
import type { AskedRequest } from '../../../witness.ts'
import { mentioned, typeOf } from '../mentioned.ts'
import { namedIn, type Pool, valuesBeside } from './values-beside.ts'

type TestCase = Policy['tests'][number]
type Target = AskedRequest['target']
type Item = Exclude<Target, { readonly kind: 'entity' }>

/** What requests near those of a test are made of. */
export interface Neighbourhood {
  readonly seeds: readonly AskedRequest[]
  readonly actors: readonly (string | null)[]
  readonly agents: readonly (readonly string[])[]
  readonly targets: readonly Target[]
  /** Texts that tests have in arguments. */
  readonly texts: readonly string[]
  readonly actionsOn: (target: Target) => readonly string[]
}

/** The requests that a test asks about, a list or `who` being one for each entity. */
function requestsOf({ expectations }: TestCase): readonly AskedRequest[] {
  return expectations.flatMap((one) => {
    if (one.kind === 'decision') return [one]
    if (one.kind === 'list')
      return one.entities.map((entity): AskedRequest => ({ ...one, target: { kind: 'entity', entity } }))
    if (one.kind === 'holds') return []
    const { action, entity, actors } = one
    const named = actors.filter((actor) => typeof actor === 'string')
    return named.map((actor): AskedRequest => ({ actor, agents: [], action, target: { kind: 'entity', entity } }))
  })
}

export function neighbourhood(policy: Policy, test: TestCase): Neighbourhood {
  const { program, tests, facts } = policy
  const seeds = requestsOf(test)
  const known = [
    ...new Set([
      ...mentioned([...test.facts, ...facts]),
      ...seeds.flatMap(({ actor, target }) => [
        ...(actor === null ? [] : [actor]),
        ...(target.kind === 'entity' ? [target.entity] : []),
      ]),
    ]),
  ]
  const actorTypes = new Set(program.types.flatMap(({ name, actor }) => (actor ? [name] : [])))
  const isAgent = (entity: string) => typeOf(entity) === 'Agent'
  const strangers = [...actorTypes].filter((type) => type !== 'Agent').map((type) => `${type}:somebody`)
  const agents = known.filter(isAgent).slice(0, 6)
  const stranger = program.delegates && agents.length === 0 ? ['Agent:some'] : []
  const asked = tests.flatMap(requestsOf)
  return {
    seeds,
    actors: [...known.filter((one) => actorTypes.has(typeOf(one)) && !isAgent(one)).slice(0, 8), ...strangers, null],
    agents: [[], ...[...agents, ...stranger].map((agent) => [agent])],
    targets: distinct([
      ...seeds.map(({ target }) => target),
      ...known
        .filter((entity) => program.actions.some(({ types }) => types.includes(typeOf(entity))))
        .slice(0, 12)
        .map((entity): Target => ({ kind: 'entity', entity })),
      ...asked.flatMap(({ target }) => (target.kind === 'entity' ? [] : [target])),
      ...lockedItems(policy, asked),
      ...resourcesOf(policy),
    ]),
    texts: textsIn(asked),
    actionsOn: (target) =>
      target.kind === 'entity'
        ? program.actions.flatMap(({ action, types }) => (types.includes(typeOf(target.entity)) ? [action] : []))
        : actionsOnItems[target.kind],
  }
}

function textsIn(asked: readonly AskedRequest[]): readonly string[] {
  const found = new Set<string>()
  for (const { target } of asked)
    if (target.kind === 'tool' || target.kind === 'prompt')
      for (const value of Object.values(target.args ?? {}).flat()) if (typeof value === 'string') found.add(value)
  return [...found].slice(0, 30)
}

const actionsOnItems: Readonly<Record<Item['kind'], readonly string[]>> = {
  tool: ['call'],
  prompt: ['get'],
  resource: ['read', 'subscribe'],
  template: ['complete'],
  server: ['sample', 'elicit', 'roots', 'log'],
}

/** Data as a text; an argument may be larger than JSON has numbers. */
export function keyOf(data: unknown): string {
  return stringifyJson(data as JsonValue)
}

function distinct(targets: readonly Target[]): readonly Target[] {
  const seen = new Map(targets.map((target) => [keyOf(target), target]))
  return [...seen.values()]
}

/** The tools and prompts of locks that no test asks about, with arguments as other tests name them. */
function lockedItems({ locks }: Policy, asked: readonly AskedRequest[]): readonly Item[] {
  const values = new Map<string, unknown>()
  const named = new Set<string>()
  for (const { target } of asked) {
    if (target.kind !== 'tool' && target.kind !== 'prompt') continue
    named.add(`${target.kind} ${target.server} ${target.name}`)
    for (const [name, value] of Object.entries(target.args ?? {})) if (!values.has(name)) values.set(name, value)
  }
  return [...locks].flatMap(([server, { tools, prompts }]): readonly Item[] => [
    ...tools.flatMap(({ name, inputSchema }) =>
      named.has(`tool ${server} ${name}`)
        ? []
        : [{ kind: 'tool' as const, server, name, args: sample(inputSchema, values) }],
    ),
    ...prompts.flatMap(({ name, arguments: all = [] }) =>
      named.has(`prompt ${server} ${name}`)
        ? []
        : [
            {
              kind: 'prompt' as const,
              server,
              name,
              args: Object.fromEntries(
                all.filter(({ required }) => required === true).map((arg) => [arg.name, values.get(arg.name) ?? 'x']),
              ),
            },
          ],
    ),
  ])
}

/** The resources of locks, and one for each template that a rule names. */
function resourcesOf({ locks, program }: Policy): readonly Item[] {
  const resource = (server: string, uri: string): Item => ({ kind: 'resource', server, uri })
  return [
    ...[...locks].flatMap(([server, { resources }]) => resources.map(({ uri }) => resource(server, uri))),
    ...program.rules.flatMap(({ target }) => {
      const { server, items } = target.kind === 'items' ? target : { server: undefined, items: [] }
      if (server === undefined) return []
      return items.flatMap((item) =>
        item.kind === 'uri' ? [resource(server, item.template.text.replace(/\{[^}]*\}/g, 'x'))] : [],
      )
    }),
  ]
}

const samples: Readonly<Record<string, unknown>> = {
  string: 'x',
  integer: 1,
  number: 1,
  boolean: true,
  array: [],
  object: {},
}

function sample(schema: Readonly<Record<string, unknown>>, values: ReadonlyMap<string, unknown>): unknown {
  const { required, properties } = schema
  if (!Array.isArray(required) || typeof properties !== 'object' || properties === null) return {}
  const entries = required.map((name: string): [string, unknown] => {
    const property = Object.getOwnPropertyDescriptor(properties, name)?.value as { readonly type?: unknown } | undefined
    return [name, values.get(name) ?? samples[String(property?.type)] ?? 'x']
  })
  return Object.fromEntries(entries)
}

/** The requests that differ from one of the test in one thing, then all that can be made of what there is. */
export function* requestsNear({ seeds, actors, agents, targets, actionsOn }: Neighbourhood): Iterable<AskedRequest> {
  for (const seed of seeds) {
    yield seed
    for (const actor of actors) yield { ...seed, actor }
    for (const via of agents) yield { ...seed, agents: via }
    for (const action of actionsOn(seed.target)) yield { ...seed, action }
    for (const target of targets) for (const action of actionsOn(target)) yield { ...seed, target, action }
  }
  for (const target of targets)
    for (const action of actionsOn(target))
      for (const actor of actors) for (const via of agents) yield { actor, agents: via, action, target }
}

/** The requests of a test with one text or number changed to what a rule names, or to what other tests have. */
export function* requestsWith(
  { seeds, targets, actionsOn, texts }: Neighbourhood,
  literals: readonly (string | number)[],
): Iterable<AskedRequest> {
  const pool = { literals, texts }
  for (const seed of seeds) for (const target of targetsWith(seed.target, pool)) yield { ...seed, target }
  for (const seed of seeds)
    for (const other of targets)
      for (const action of actionsOn(other))
        for (const target of targetsWith(other, pool)) yield { ...seed, action, target }
}

/** A target with one of its texts or numbers changed. */
function targetsWith(target: Target, pool: Pool): readonly Target[] {
  if (target.kind === 'resource') {
    const texts = namedIn(pool.literals).filter((text) => !text.includes('/'))
    return texts.flatMap((text) =>
      target.uri
        .split('/')
        .flatMap((_, i, segments) => (i < 2 ? [] : [{ ...target, uri: segments.toSpliced(i, 1, text).join('/') }])),
    )
  }
  if ((target.kind !== 'tool' && target.kind !== 'prompt') || target.args === undefined) return []
  const args = target.args as Readonly<Record<string, unknown>>
  return Object.entries(args).flatMap(([name, value]) =>
    valuesBeside(value, pool).map((other) => ({ ...target, args: { ...args, [name]: other } })),
  )
}
