import type { Environment, Policy } from '../../../index.ts'
import type { AskedRequest, GivenChange } from '../../../witness.ts'
import { mentioned, typeOf } from '../mentioned.ts'

type TestCase = Policy['tests'][number]
type Target = AskedRequest['target']
type Item = Exclude<Target, { readonly kind: 'entity' }>

/** What requests near those of a test are made of. */
export interface Neighbourhood {
  readonly seeds: readonly AskedRequest[]
  readonly actors: readonly (string | null)[]
  readonly agents: readonly (readonly string[])[]
  readonly targets: readonly Target[]
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
    ]),
    actionsOn: (target) =>
      target.kind === 'entity'
        ? program.actions.flatMap(({ action, types }) => (types.includes(typeOf(target.entity)) ? [action] : []))
        : actionsOnItems[target.kind],
  }
}

const actionsOnItems: Readonly<Record<Item['kind'], readonly string[]>> = {
  tool: ['call'],
  prompt: ['get'],
  resource: ['read', 'subscribe'],
  template: ['complete'],
  server: ['sample', 'elicit', 'roots', 'log'],
}

function distinct(targets: readonly Target[]): readonly Target[] {
  const seen = new Map(targets.map((target) => [JSON.stringify(target), target]))
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

/** Those that differ from a request of the test in one thing first, then all that can be made of what there is. */
export function* requestsNear(near: Neighbourhood, literals: readonly (string | number)[]): Iterable<AskedRequest> {
  const { seeds, actors, agents, targets, actionsOn } = near
  for (const seed of seeds) {
    yield seed
    for (const target of targetsWith(seed.target, literals)) yield { ...seed, target }
    for (const actor of actors) yield { ...seed, actor }
    for (const via of agents) yield { ...seed, agents: via }
    for (const action of actionsOn(seed.target)) yield { ...seed, action }
    for (const target of targets) for (const action of actionsOn(target)) yield { ...seed, target, action }
  }
  for (const target of targets)
    for (const action of actionsOn(target))
      for (const actor of actors)
        for (const via of agents) {
          yield { actor, agents: via, action, target }
          for (const other of targetsWith(target, literals)) yield { actor, agents: via, action, target: other }
        }
}

/** A target with one of its texts or numbers changed to what a rule names, or to what lies beside it. */
function targetsWith(target: Target, literals: readonly (string | number)[]): readonly Target[] {
  if (target.kind === 'resource') {
    return texts(literals).flatMap((text) =>
      target.uri
        .split('/')
        .flatMap((_, i, segments) =>
          i < 2 || text.includes('/') ? [] : [{ ...target, uri: segments.toSpliced(i, 1, text).join('/') }],
        ),
    )
  }
  if ((target.kind !== 'tool' && target.kind !== 'prompt') || target.args === undefined) return []
  const args = target.args as Readonly<Record<string, unknown>>
  return Object.entries(args).flatMap(([name, value]) =>
    valuesBeside(value, literals).map((other) => ({ ...target, args: { ...args, [name]: other } })),
  )
}

export function valuesBeside(value: unknown, literals: readonly (string | number)[]): readonly unknown[] {
  switch (typeof value) {
    case 'boolean':
      return [!value]
    case 'number':
    case 'bigint':
      return literals.flatMap((one) => (typeof one === 'number' ? [one, one + 1, one - 1] : []))
    case 'string':
      return texts(literals).flatMap((text) => [text, value.slice(0, value.lastIndexOf('/') + 1) + text])
    case 'object': {
      if (!Array.isArray(value)) return []
      const [first] = value
      return [
        [],
        ...value.map((one) => [one]),
        ...valuesBeside(first, literals).flatMap((one) => [[one], [...value, one]]),
      ]
    }
    default:
      return []
  }
}

/** What a pattern is about, without its stars. */
function texts(literals: readonly (string | number)[]): readonly string[] {
  return literals
    .flatMap((one) => (typeof one === 'string' ? [one.replaceAll('*', '')] : []))
    .filter((text) => text !== '')
}

/** Tests that give one thing otherwise. */
export function* givenNear(
  { program, facts }: Policy,
  test: TestCase,
  literals: readonly (string | number)[],
): Iterable<GivenChange & { readonly test: TestCase }> {
  const { inputs } = test
  const input = (name: string, value: unknown) => {
    const others = [...inputs].filter(([known]) => known !== name)
    return {
      input: { name, value },
      test: { ...test, inputs: new Map(value === undefined ? others : [...others, [name, value]]) },
    }
  }
  for (const name of inputs.keys()) if (name !== 'now') yield input(name, undefined)
  const texts = literals.filter((one) => typeof one === 'string')
  const token = (inputs.get('token') ?? {}) as NonNullable<Environment['token']>
  const claims = ['scopes', 'groups', 'roles', 'permissions'] as const
  for (const claim of claims) {
    const { [claim]: had, ...rest } = token
    if (had !== undefined) yield input('token', rest)
    for (const text of texts) yield input('token', { ...token, [claim]: [text] })
    if (texts.length > 1) yield input('token', { ...token, [claim]: texts })
  }
  for (const text of texts) yield input('token', { ...token, acr: text })
  if (Object.hasOwn(token, 'acr')) yield input('token', { ...token, acr: 'other' })
  const labels = [...new Set(program.rules.flatMap(({ label }) => (label === undefined ? [] : [label])))]
  for (const label of labels) yield input('session', { labels: [label] })
  if (labels.length > 1) yield input('session', { labels })
  yield input('confirmed', true)
  for (const actor of mentioned([...facts, ...test.facts])) {
    const isActor = program.types.some(({ name, actor: acts }) => acts && name === typeOf(actor))
    if (isActor) yield input('approvals', [actor])
  }
  for (const [i, fact] of test.facts.entries()) {
    if (!('attributes' in fact) || fact.attributes === undefined) continue
    for (const [name, value] of Object.entries(fact.attributes))
      for (const other of valuesBeside(value, literals)) {
        const changed = { ...fact, attributes: { ...fact.attributes, [name]: other } }
        yield {
          attribute: { entity: `${fact.type}:${fact.id}`, name, value: other },
          test: { ...test, facts: test.facts.toSpliced(i, 1, changed) },
        }
      }
  }
}
