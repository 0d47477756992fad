/**
 * A second world, wider than that of `vocabulary.ts`: everything that the language can say, with data that is cyclic through several
 * types. Nothing here is ordered so that each property of the semantics could be stated of it; it is for comparing ways to decide.
 */
export const now = Date.parse('2026-01-01T12:00:00Z')
export const day = 86_400_000

export type TypeName = 'User' | 'Bot' | 'Agent' | 'Team' | 'Org' | 'Folder' | 'Doc' | 'Thing' | 'Repo' | 'Key'

export const ids: Readonly<Record<TypeName, readonly string[]>> = {
  User: ['u0', 'u1', 'u2'],
  Bot: ['b0'],
  Agent: ['a0', 'a1'],
  Team: ['t0', 't1', 't2'],
  Org: ['o0', 'o1'],
  Folder: ['f0', 'f1', 'f2'],
  Doc: ['d0', 'd1', 'd2'],
  Thing: ['x0'],
  Repo: ['d0/a', 'f0/d0'],
  Key: ['k0'],
}
export const words = ['a', 'ab', 'b'] as const
export const numbers = ['0', '1', '2', '3'] as const

/** A field that holds entities. */
export interface Link {
  readonly name: string
  readonly to: readonly TypeName[]
  readonly many?: true
  readonly optional?: true
}

export type Kind =
  | 'int'
  | 'number'
  | 'boolean'
  | 'string'
  | 'datetime'
  | 'duration'
  | 'strings'
  | 'ints'
  | 'json'
  | 'map'
  | 'record'
  | 'ip'
  | 'decimal'
  | 'ipaddr'
  | 'dynamic'

export interface Attribute {
  readonly name: string
  readonly kind: Kind
  readonly optional?: true
}

/** A role or a permission, in the order in which bodies may depend on each other: see `rank`. */
export interface Relation {
  readonly name: string
  readonly rank: number
  readonly permission?: true
  /** May hang on what the caller's token says, so that it is asked of the caller only. */
  readonly bound?: true
  /** May hang on what the caller can get, so that it is asked only where it helps. */
  readonly obtainable?: true
}

export interface TypeModel {
  readonly head: string
  readonly links: readonly Link[]
  readonly attributes: readonly Attribute[]
  readonly relations: readonly Relation[]
}

const link = (name: string, to: readonly TypeName[], how: Partial<Link> = {}): Link => ({ name, to, ...how })
const maybe = { optional: true } as const
const many = { many: true } as const
const attribute = (name: string, kind: Kind, how: Partial<Attribute> = {}): Attribute => ({ name, kind, ...how })
const role = (name: string, rank: number): Relation => ({ name, rank, ...(rank >= 2 ? { bound: true } : {}) })
const permission = (name: string, rank: number): Relation => ({
  name,
  rank,
  permission: true,
  bound: true,
  ...(rank >= 5 ? { obtainable: true } : {}),
})

export const types: Readonly<Record<TypeName, TypeModel>> = {
  User: {
    head: 'actor User in Team | Org',
    links: [
      link('manager', ['User'], maybe),
      link('boss', ['User', 'Bot'], maybe),
      link('friends', ['User'], many),
      link('home', ['Folder'], maybe),
    ],
    attributes: [
      attribute('level', 'int'),
      attribute('rate', 'number'),
      attribute('suspended', 'boolean'),
      attribute('nick', 'string', maybe),
      attribute('born', 'datetime', maybe),
      attribute('address', 'ip', maybe),
      attribute('skills', 'strings'),
      attribute('profile', 'json', maybe),
      attribute('info', 'record', maybe),
    ],
    relations: [role('superior', 0), role('helper', 1), permission('meet', 5)],
  },
  Bot: {
    head: 'actor Bot in Team',
    links: [link('owner', ['User'])],
    attributes: [attribute('level', 'int'), attribute('suspended', 'boolean')],
    relations: [],
  },
  Agent: {
    head: 'actor Agent in Team',
    links: [],
    attributes: [
      attribute('level', 'int'),
      attribute('suspended', 'boolean'),
      attribute('trusted', 'boolean'),
      attribute('vendor', 'string', maybe),
    ],
    relations: [],
  },
  Key: { head: 'virtual actor Key', links: [], attributes: [], relations: [] },
  Team: {
    head: 'resource Team in Team | Org',
    links: [link('lead', ['User', 'Bot'], maybe), link('org', ['Org'], maybe), link('peers', ['Team'], many)],
    attributes: [attribute('size', 'int', maybe)],
    relations: [role('member', 0), role('captain', 1), permission('join', 3)],
  },
  Org: {
    head: 'resource Org',
    links: [link('parent', ['Org'], maybe)],
    attributes: [attribute('open', 'boolean', maybe)],
    relations: [role('admin', 1), role('staff', 2)],
  },
  Folder: {
    head: 'resource Folder in Folder',
    links: [
      link('parent', ['Folder'], maybe),
      link('owner', ['User', 'Bot']),
      link('team', ['Team'], maybe),
      link('links', ['Doc'], many),
    ],
    attributes: [attribute('shared', 'boolean'), attribute('size', 'int')],
    relations: [role('keeper', 1), role('viewer', 2), permission('view', 3), permission('edit', 5)],
  },
  Doc: {
    head: 'resource Doc in Folder',
    links: [
      link('folder', ['Folder'], maybe),
      link('owner', ['User']),
      link('editors', ['User'], many),
      link('backers', ['User', 'Team'], many),
      link('source', ['Doc', 'Folder'], maybe),
      link('related', ['Doc'], many),
    ],
    attributes: [
      attribute('size', 'int'),
      attribute('score', 'number'),
      attribute('status', 'string'),
      attribute('made', 'datetime'),
      attribute('ttl', 'duration', maybe),
      attribute('secret', 'boolean', maybe),
      attribute('tags', 'strings'),
      attribute('sizes', 'ints'),
      attribute('extra', 'json', maybe),
      attribute('attrs', 'map', maybe),
      attribute('meta', 'record', maybe),
      attribute('price', 'decimal'),
      attribute('net', 'ipaddr'),
      attribute('what', 'dynamic'),
    ],
    relations: [
      role('guest', 0),
      role('keeper', 1),
      role('viewer', 2),
      permission('view', 3),
      role('author', 4),
      permission('edit', 5),
      permission('share', 6),
    ],
  },
  Thing: {
    head: 'open resource Thing',
    links: [link('owner', ['User'], maybe)],
    attributes: [],
    relations: [role('holder', 1), permission('view', 3)],
  },
  Repo: {
    head: 'dynamic resource Repo',
    links: [],
    attributes: [],
    relations: [role('writer', 1), permission('pull', 3)],
  },
}

export const globals: readonly Relation[] = [
  role('employee', 0),
  role('wheel', 0),
  role('engineer', 2),
  role('chief', 2),
]

export const typeNames = Object.keys(types) as readonly TypeName[]

const kinds: Readonly<Record<Kind, string>> = {
  int: 'int',
  number: 'number',
  boolean: 'boolean',
  string: 'string',
  datetime: 'datetime',
  duration: 'duration',
  strings: 'string[]',
  ints: 'int[]',
  json: 'json',
  map: '{ [string]: int }',
  record: '{ a: int, b?: string }',
  ip: 'ip',
  decimal: 'decimal',
  ipaddr: 'ipaddr',
  dynamic: 'dynamic',
}

export function fieldsOf({ links, attributes }: TypeModel): string {
  const written = [
    ...links.map(({ name, to, many, optional }) => {
      const type = to.join(' | ')
      return `${name}${optional ? '?' : ''}: ${many ? (to.length > 1 ? `(${type})[]` : `${type}[]`) : type}`
    }),
    ...attributes.map(({ name, kind, optional }) => `${name}${optional ? '?' : ''}: ${kinds[kind]}`),
  ]
  return written.join('  ')
}

export const statements: readonly string[] = [
  'context { depth: int  mode: "fast" | "slow"  flag?: boolean  address?: ip  max?: int  doc?: Doc  names: string[]  loose: dynamic }',
  'token { rank: int  dept?: string  teams: string[] }',
  'function probe(n: int): boolean',
  'function count(n: int): int',
  'function find(n: int): User',
  'function listed(s: string): string[]',
  'function parsed(s: string): { kind?: "a" | "b", names: string[], who: User }',
  'function ask(n: int): boolean',
  'function write(n: int): boolean',
  'let senior = actor is User and actor.level > 1',
  'let grade = (actor is User ? actor.level : 0)',
  'let double = grade + grade',
  'let over(n: int) = grade > n',
  'let twice = senior or (senior and over(2))',
  'let hurried = context.depth > 1 or now < datetime("2026-01-01T12:00:00Z")',
  'let deep = context.depth + context.depth',
  'let mine(d: Doc) = d.owner == actor',
  'let near(d: Doc) = d.folder.keeper or d.owner',
  'let shallow(max: int) = context.depth <= max',
  'let early(before: datetime, kind?: string) = now < before and (kind ?? "a") == "a"',
  'let kept(d: Doc, least?: int) = d.size > (least ?? 1) or d.owner == actor or d.keeper',
  'let byOwner(n: int) = actor is User and actor.level > n and not (actor.suspended)',
  'scope "admin" includes "write"',
  'scope "write" includes "read"',
]

const text = { type: 'string' }
const schema = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
})

const lock = {
  lock: 1,
  server: 'desk',
  tools: [
    {
      name: 'get_doc',
      inputSchema: schema({ id: text, limit: { type: 'integer' } }, ['id']),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    {
      name: 'put_doc',
      inputSchema: schema(
        {
          id: text,
          body: text,
          tags: { type: 'array', items: text },
          force: { type: 'boolean' },
          at: { type: 'object', properties: { x: { type: 'number' } } },
        },
        ['id', 'body'],
      ),
      annotations: { destructiveHint: false },
    },
    { name: 'drop', inputSchema: schema({ id: text, sure: { type: 'boolean' } }, ['id']) },
    {
      name: 'search',
      inputSchema: schema({ query: text, limit: { type: 'integer' }, any: {} }, ['query']),
      annotations: { readOnlyHint: true },
    },
  ],
  prompts: [{ name: 'summarise', arguments: [{ name: 'id', required: true }, { name: 'tone' }] }, { name: 'plain' }],
  resources: [{ name: 'index', uri: 'doc://index' }],
  resourceTemplates: [
    { name: 'doc', uriTemplate: 'doc://{folder}/{id}' },
    { name: 'file', uriTemplate: 'file:///{+path}' },
  ],
}

export const lockFile = 'desk.lock.json'
export const lockText = JSON.stringify(lock)
