/** What the generated policies are about. Small on purpose: a random fact has to meet a random rule often. */
export const now = Date.parse('2026-01-01T12:00:00Z')

export const users = ['u0', 'u1', 'u2'] as const
export const groups = ['g0', 'g1'] as const
export const folders = ['f0', 'f1', 'f2'] as const
export const docs = ['d0', 'd1', 'd2'] as const
export const agents = ['a0', 'a1'] as const
export const numbers = [0, 1, 2, 3] as const
export const words = ['a', 'ab', 'b'] as const
export const labels = ['untrusted', 'private'] as const

/**
 * The order in which bodies may depend on each other: on lower ones at either sign, on their own level only positively. So
 * recursion is common and never passes through a negation.
 */
export const levels = { keeper: 0, viewer: 1, view: 2, author: 3, edit: 4, share: 5, item: 6 } as const
export type Level = (typeof levels)[keyof typeof levels]

export const serverName = 'desk'
export const lockFile = 'desk.lock.json'

const text = { type: 'string' }
const schema = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
})

const lock = {
  lock: 1,
  server: serverName,
  tools: [
    {
      name: 'get_doc',
      inputSchema: schema({ id: text, limit: { type: 'integer' } }, ['id']),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    {
      name: 'put_doc',
      inputSchema: schema({ id: text, body: text, tags: { type: 'array', items: text }, force: { type: 'boolean' } }, [
        'id',
        'body',
      ]),
      annotations: { destructiveHint: false },
    },
    { name: 'drop', inputSchema: schema({ id: text, sure: { type: 'boolean' } }, ['id']) },
    {
      name: 'search',
      inputSchema: schema({ query: text, limit: { type: 'integer' } }, ['query']),
      annotations: { readOnlyHint: true },
    },
  ],
  prompts: [{ name: 'summarise', arguments: [{ name: 'id', required: true }, { name: 'tone' }] }],
  resources: [{ name: 'index', uri: 'doc://index' }],
  resourceTemplates: [
    { name: 'doc', uriTemplate: 'doc://{folder}/{id}' },
    { name: 'file', uriTemplate: 'file:///{+path}' },
  ],
}

export const lockText = JSON.stringify(lock)

export const toolNames = lock.tools.map(({ name }) => name)

/** The declarations that every policy shares; types are blocks, into which roles and rules go. */
export function declarations({ service, agents: hasAgents }: { readonly service: boolean; readonly agents: boolean }) {
  const acting = 'level: int  suspended: boolean'
  return [
    { name: 'User', head: 'actor User in Group', fields: `${acting}  nick?: string  manager?: User` },
    ...(service ? [{ name: 'Service', head: 'actor Service in Group', fields: acting }] : []),
    ...(hasAgents
      ? [{ name: 'Agent', head: 'actor Agent', fields: `${acting}  trusted: boolean  vendor?: string` }]
      : []),
    { name: 'Group', head: 'resource Group in Group', fields: 'chair?: User' },
    { name: 'Folder', head: 'resource Folder', fields: 'parent?: Folder  owner: User  shared: boolean' },
    {
      name: 'Doc',
      head: 'resource Doc',
      fields:
        'folder?: Folder  owner: User  editors: User[]  tags: string[]  size: int  status: "draft" | "final"  secret?: boolean  extra?: json',
    },
    { name: 'Repo', head: 'virtual resource Repo', fields: '' },
  ]
}

export const statements: readonly string[] = [
  'context { depth: int  mode: "fast" | "slow"  flag?: boolean  address?: ip  max?: int  loose: dynamic }',
  'token { rank: int  dept?: string }',
  'function probe(n: int): boolean',
  'function count(n: int): int',
  'let senior = actor.level > 1',
  'let over(n: int) = actor.level > n',
  'let shallow(max: int) = context.depth <= max',
  'scope "admin" includes "write"',
  'scope "write" includes "read"',
]
