import { compile, type EntityInput, type FactInput, type Policy } from '../../../../src/index.ts'
import { lockFile, lockText, now } from '../wide/world.ts'

/**
 * Policies that look at everything that a request can bring: few, so that compiling them costs nothing, and many requests can be
 * tried in every form. The names are those of the wide world, so that its host functions ask and write in the middle of decisions.
 */
const types = `
  actor User in Team { level: int  suspended: boolean  manager?: User  nick?: string  skills: string[] }
  actor Bot { owner: User }
  actor Team in Team { role member: User | Team }
  resource Folder in Folder { parent?: Folder  owner: User  role keeper: User | Team if owner or parent.keeper  allow view if keeper }
  context { depth: int  mode: "fast" | "slow"  flag?: boolean  address?: ip  doc?: Doc  names: string[] }
  token { rank: int  dept?: string  teams: string[] }
  function ask(n: int): boolean
  function write(n: int): boolean
  function count(n: int): int
  scope "admin" includes "write"
  role employee: User | Team
  role engineer if "a" in token.groups
  role chief if engineer and token.rank > 1 and employee
`
const docs = `
  resource Doc {
    folder?: Folder  owner: User  size: int  tags: string[]  secret?: boolean  extra?: json
    contextual role guest: User
    role keeper: User | Team.member if owner or folder.keeper
    role viewer: User | any User if keeper or guest or employee and size < 2
    allow view if viewer or context.mode == "fast" and "a" in tags
    allow view if actor is User and (actor.level > 1 or (actor.nick ?? "b") == "ab")
    deny view if secret ?? false unless chief
    allow edit if keeper and scope("write") or confirmed() and engineer
    allow edit if approvedBy(Team:t0.member) or context has address and context.address in cidr("10.0.0.0/8")
    deny edit if actor is User and actor.suspended or (extra?.n ?? 0) > 2
    allow share if ask(size) or count(context.depth) > 1 or now < datetime("2026-01-01T12:00:00Z")
    deny share if write(1)
    deny edit, share if action == "share" and size > 2
    allow open if true
    allow shut if engineer
    label open as untrusted
  }
`
const agents = `
  actor Agent in Team { level: int  trusted: boolean  vendor?: string }
  delegate view on Doc, Folder
  delegate edit on Doc if agent.trusted and token.rank > 0
  deny view if agent has vendor and agent.vendor == "v"
  delegate open on Doc if agent.level > context.depth
  delegate shut on Doc if scope("write")
`
const servers = `
  server desk from "${lockFile}" {
    allow call get_doc if Doc[args.id].viewer or (args.limit ?? 3) < 2
    allow call put_doc if args.body.startsWith("a") and (args.tags ?? []).every(t => t in token.groups) and not (args.force ?? false)
    allow call "*_doc" if engineer and tool.readOnly
    allow call drop if args has sure and args.sure and confirmed()
    allow call search if args.query == "a" and context.names.some(n => n == "ab")
    deny call * if (client.name ?? "good") == "evil" or "untrusted" in session.labels
    allow read "doc://{folder}/{id}" if Folder[folder].keeper or id == "d0"
    allow get summarise if (args.tone ?? "b") == "a"
    deny list search if context.depth > 2
    limit call * to 3 per 1m by actor
  }
  server bare {
    allow call * if (args.x ?? 0) == 1 and actor is User
    allow call fetch if args.who == "ab" or "a" in (args.list ?? [])
    deny call "get_*" if args has any and args.any == { n: 1 }
    allow get hello
    allow roots *
  }
  server * { allow call ping if engineer  allow call * if args.y == 1 and args has y }
`
const delegatedCalls = `
  server bare { delegate call * if agent.trusted and args.x == 1 }
  server * { delegate call "*_doc" }
`
const given = 'given role employee: User:u2  given Doc:d2 { keeper: User:u1 }'

export const policies: readonly Policy[] = [
  types + docs,
  types + docs + agents + given,
  types + docs + servers,
  types + docs + agents + servers + delegatedCalls,
].map((text) => {
  const { policy, diagnostics } = compile({ 'policy.licet': text, [lockFile]: lockText })
  if (policy === undefined)
    throw new Error(
      diagnostics.map(({ message, span }) => `${message} at ${text.slice(span.start, span.end)}`).join('\n'),
    )
  return policy
})

const user = (id: string, level: number, more: object = {}): EntityInput => ({
  type: 'User',
  id,
  level,
  suspended: false,
  skills: [],
  ...more,
})
const doc = (id: string, more: object = {}): EntityInput => ({
  type: 'Doc',
  id,
  owner: 'User:u0',
  size: 1,
  tags: ['a'],
  ...more,
})

export const facts: readonly (EntityInput | FactInput)[] = [
  user('u0', 1, { in: ['Team:t0'] }),
  user('u1', 2, { manager: 'User:u0', nick: 'ab' }),
  user('u2', 0, { suspended: true }),
  { type: 'Bot', id: 'b0', owner: 'User:u0' },
  { type: 'Team', id: 't0' },
  { object: 'Team:t0', relation: 'member', subject: 'User:u2' },
  { type: 'Folder', id: 'f0', owner: 'User:u1' },
  { type: 'Folder', id: 'f1', owner: 'User:u2', parent: 'Folder:f0' },
  doc('d0', { folder: 'Folder:f1', extra: { n: 3 } }),
  doc('d1', { size: 3, tags: ['b'], secret: true }),
  doc('d2', { owner: 'User:u2', tags: [] }),
  { object: 'Doc:d1', relation: 'keeper', subject: 'User:u1', until: now + 1 },
  { relation: 'employee', subject: 'Team:t0' },
  { object: 'User:u1', relation: 'in', subject: 'Team:t0', until: now + 1 },
  { object: 'User:u2', relation: 'in', subject: 'Team:t0', until: now },
]

export const agentFacts: readonly (EntityInput | FactInput)[] = [
  { type: 'Agent', id: 'a0', level: 2, trusted: true, in: ['Team:t0'] },
  { type: 'Agent', id: 'a1', level: 0, trusted: false, vendor: 'v' },
]
