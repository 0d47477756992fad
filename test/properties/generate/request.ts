import fc from 'fast-check'
import { type Environment, type Item, prompt, type ResourceInput, resource, tool } from '../../../src/index.ts'
import { agents, docs, folders, labels, now, numbers, serverName, users, words } from './vocabulary.ts'

export interface Request {
  readonly actor: string | null
  readonly action: string
  readonly resource: ResourceInput
  readonly env: Environment
}

const actor: fc.Arbitrary<string | null> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('User:u0', 'User:u0', ...users.map((id) => `User:${id}`)) },
  { weight: 1, arbitrary: fc.constantFrom('User:u9', 'Service:s0', null) },
)

const entityRequest = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      action: fc.constantFrom('view', 'edit', 'share'),
      resource: fc.constantFrom(...docs.map((id) => `Doc:${id}`), 'Doc:d0', 'Doc:d0', 'Doc:d9'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constantFrom('view', 'edit'),
      resource: fc.constantFrom(...folders.map((id) => `Folder:${id}`), 'Folder:f0'),
    }),
  },
)

const id = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...docs) },
  fc.constantFrom('d9', '..', 'd0/a', '/srv/../etc', ''),
)
const text = fc.constantFrom(...words)
/** Mostly of the kind that the schema says. */
const spoilt = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 12, arbitrary: arbitrary as fc.Arbitrary<unknown> },
    fc.constantFrom<unknown>(null, '5', [7], {}, true, 1.5, 2 ** 60),
  )
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

type Shape = Readonly<Record<string, fc.Arbitrary<unknown>>>

/** The arguments of each tool under its schema; `undefined` stands for left out. */
export const toolArguments: Readonly<Record<string, Shape>> = {
  get_doc: { id, limit: option(fc.integer({ min: -1, max: 4 })) },
  put_doc: { id, body: text, tags: option(fc.array(text, { maxLength: 2 })), force: option(fc.boolean()) },
  drop: { id, sure: option(fc.boolean()) },
  search: { query: fc.constantFrom('a', 'bcd', ''), limit: option(fc.integer({ min: -1, max: 4 })) },
}

export function argumentsOf(shape: Shape): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc
    .record(shape)
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
}

const spoiltShape = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).map(([name, arbitrary]) => [name, spoilt(arbitrary)]))

const call = fc
  .constantFrom('get_doc', 'get_doc', 'put_doc', 'drop', 'search')
  .chain((name) => argumentsOf(spoiltShape(toolArguments[name] ?? {})).map((args) => tool(serverName, name, args)))

export const uri = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...docs)).map(([f, d]) => `doc://${f}/${d}`),
  },
  fc.constantFrom(
    'doc://index',
    'file:///srv/a.md',
    'file:///etc/passwd',
    'file:///srv/../etc',
    'doc://f0/%2e%2e',
    'doc://f0\\d0',
  ),
)

const itemRequest: fc.Arbitrary<{ action: string; resource: Item }> = fc.oneof(
  { weight: 6, arbitrary: call.map((resource) => ({ action: 'call', resource })) },
  { weight: 2, arbitrary: uri.map((text) => ({ action: 'read', resource: resource(serverName, text) })) },
  { weight: 1, arbitrary: id.map((id) => ({ action: 'get', resource: prompt(serverName, 'summarise', { id }) })) },
  { weight: 1, arbitrary: call.map((resource) => ({ action: 'list', resource })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('unlocked', 'constructor')
      .map((name) => ({ action: 'call', resource: tool(serverName, name, {}) })),
  },
)

const context = fc
  .record({
    depth: spoilt(fc.constantFrom(...numbers)),
    mode: fc.constantFrom<unknown>('fast', 'slow', 'fast', 'slow', 'other'),
    flag: option(fc.boolean()),
    address: option(fc.constantFrom('10.1.2.3', '192.168.0.1', 'nonsense')),
    max: option(fc.constantFrom(...numbers)),
  })
  .map(present)

const token = fc
  .record({
    scopes: fc.subarray(['read', 'write', 'admin']),
    groups: fc.subarray([...words]),
    roles: fc.subarray([...words]),
    rank: spoilt(fc.constantFrom(...numbers)),
    dept: option(text),
    acr: option(fc.constantFrom('aal1', 'aal2')),
    authTime: option(fc.constantFrom(new Date(now - 60_000).toISOString(), new Date(now - 600_000).toISOString())),
  })
  .map(present)

function present(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}

const guest = fc
  .record({
    object: fc.constantFrom(...docs.map((id) => `Doc:${id}`)),
    subject: fc.constantFrom(...users.map((id) => `User:${id}`)),
  })
  .map(({ object, subject }) => ({ object, relation: 'guest', subject }))

export const environment: fc.Arbitrary<Environment> = fc
  .record({
    agents: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.constantFrom(...agents).map((id) => [`Agent:${id}`]) },
      fc.constantFrom(['Agent:a0', 'Agent:a1'], ['Agent:a9']),
    ),
    token: fc.option(token, { nil: undefined, freq: 12 }),
    context: fc.option(context, { nil: undefined, freq: 12 }),
    session: fc.option(
      fc.subarray([...labels]).map((labels) => ({ labels })),
      { nil: undefined, freq: 12 },
    ),
    facts: fc.option(fc.array(guest, { maxLength: 2 }), { nil: undefined, freq: 1 }),
    approvals: fc.option(fc.subarray([...users.map((id) => `User:${id}`)]), { nil: undefined, freq: 1 }),
    confirmed: option(fc.boolean()),
  })
  .map((env) => ({ ...(present(env) as Environment), now }))

export const request: fc.Arbitrary<Request> = fc
  .tuple(actor, fc.oneof({ weight: 3, arbitrary: entityRequest }, { weight: 2, arbitrary: itemRequest }), environment)
  .map(([actor, asked, env]) => ({ actor, ...asked, env }))

/** Questions about items only. */
export const itemQuestion: fc.Arbitrary<Request> = fc
  .tuple(actor, itemRequest, environment)
  .map(([actor, asked, env]) => ({ actor, ...asked, env }))
