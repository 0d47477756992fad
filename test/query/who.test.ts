import { describe, expect, it } from 'vitest'
import {
  compile,
  createEngine,
  type EntityInput,
  type Environment,
  type FactInput,
  type ResourceInput,
  tool,
  type Who,
} from '../../src/index.ts'

const schema = `
actor User in Group { clearance?: int  suspended?: boolean  manager?: User }
actor Robot
actor Agent { trusted: boolean }
resource Group in Group { role member: User | any User }
resource Folder { role viewer: User | Group | Group.member }
`

interface Case {
  readonly doc: string
  readonly facts?: readonly (EntityInput | FactInput)[]
  readonly env?: Environment
  readonly resource?: ResourceInput
  readonly action?: string
  readonly given?: string
}

function engineOf({ doc, facts = [], given = '' }: Case, backend: 'compiled' | 'interpreted' = 'compiled') {
  const { policy, diagnostics } = compile(`${schema} resource Doc { ${doc} } ${given}`)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return createEngine(policy, { facts, backend })
}

/** As one would say it: `any User but User:bob`, `anonymous`. */
function named(actor: Who['certain'][number]): string {
  if (actor === null) return 'anonymous'
  if (typeof actor === 'string') return actor
  return `any ${actor.any}${actor.except.length === 0 ? '' : ` but ${actor.except.join(', ')}`}`
}

/** Who may read the document `a`, of both backends: for certain, and in some cases. */
function check(one: Case, certain: readonly string[], conditional: readonly string[] = []) {
  for (const backend of ['compiled', 'interpreted'] as const) {
    const { action = 'read', resource = 'Doc:a', env = { now: 0 } } = one
    const found = engineOf(one, backend).who(action, resource, env)
    expect(found, backend).toMatchObject({ complete: true, errors: [] })
    expect(found.certain.map(named), backend).toEqual(certain)
    expect(
      found.conditional.map(({ actor }) => named(actor)),
      backend,
    ).toEqual(conditional)
  }
}

const fact = (object: string, relation: string, subject: FactInput['subject'], more = {}): FactInput => ({
  object,
  relation,
  subject,
  ...more,
})
const doc = (id: string, fields = {}): EntityInput => ({ type: 'Doc', id, ...fields })
const user = (id: string, fields = {}): EntityInput => ({ type: 'User', id, ...fields })

describe('who may has', () => {
  const role = 'role reader: User | Robot | Group | any User | Group.member  allow read if reader'
  it.each<[string, Case, readonly string[]]>([
    ['nobody where nobody is', { doc: role, facts: [doc('a')] }, []],
    [
      'whoever was assigned',
      { doc: role, facts: [fact('Doc:a', 'reader', 'User:bob'), fact('Doc:a', 'reader', 'Robot:r')] },
      ['Robot:r', 'User:bob'],
    ],
    [
      'all that are in a group, in groups of it, in circles too',
      {
        doc: role,
        facts: [
          fact('Doc:a', 'reader', 'Group:top'),
          user('ann', { in: 'Group:top' }),
          user('bob', { in: 'Group:low' }),
          fact('Group:low', 'in', 'Group:top'),
          fact('Group:top', 'in', 'Group:low'),
        ],
      },
      ['User:ann', 'User:bob'],
    ],
    [
      'the holders of a role',
      {
        doc: role,
        facts: [fact('Doc:a', 'reader', { entity: 'Group:g', role: 'member' }), fact('Group:g', 'member', 'User:ann')],
      },
      ['User:ann'],
    ],
    [
      'everyone of a type',
      { doc: role, facts: [fact('Doc:a', 'reader', { any: 'User' }), fact('Doc:a', 'reader', 'Robot:r'), user('ann')] },
      ['any User', 'Robot:r'],
    ],
    [
      'everyone but those who are shut out',
      {
        doc: `${role} role banned: User | Group  deny read if banned`,
        facts: [
          fact('Doc:a', 'reader', { any: 'User' }),
          fact('Doc:a', 'banned', 'Group:g'),
          user('ann'),
          user('bob', { in: 'Group:g' }),
        ],
      },
      ['any User but User:bob'],
    ],
    [
      'everyone but those whom an attribute shuts out',
      {
        doc: `${role} deny read if actor is User and (actor.suspended ?? false)`,
        facts: [fact('Doc:a', 'reader', { any: 'User' }), user('ann', { suspended: true }), user('bob')],
      },
      ['any User but User:ann'],
    ],
    [
      'those whom an attribute lets in',
      {
        doc: 'allow read if actor is User and (actor.clearance ?? 0) > 1',
        facts: [doc('a'), user('ann', { clearance: 2 }), user('bob', { clearance: 1 })],
      },
      ['User:ann'],
    ],
    [
      'anonymous where anybody may',
      { doc: 'public: boolean  allow read if public', facts: [doc('a', { public: true }), user('ann')] },
      ['anonymous', 'any Agent', 'any Robot', 'any User'],
    ],
    [
      'nobody because of what is not public',
      { doc: 'public: boolean  allow read if public', facts: [doc('a', { public: false })] },
      [],
    ],
    ['nobody because of an error', { doc: 'public: boolean  allow read if not public', facts: [doc('a')] }, []],
    ['everyone of one type', { doc: 'allow read if actor is User', facts: [doc('a')] }, ['any User']],
    [
      'whom a path leads to',
      {
        doc: 'folder?: Folder  allow read if folder.viewer',
        facts: [
          doc('a', { folder: 'Folder:f' }),
          fact('Folder:f', 'viewer', 'User:ann'),
          fact('Folder:g', 'viewer', 'User:bob'),
        ],
      },
      ['User:ann'],
    ],
    [
      'who has a path that leads there',
      {
        doc: 'owner: User  allow read if actor is User and actor has manager and actor.manager == owner',
        facts: [
          doc('a', { owner: 'User:eve' }),
          user('ann', { manager: 'User:eve' }),
          user('bob', { manager: 'User:ann' }),
        ],
      },
      ['User:ann'],
    ],
    [
      'somebody whom the policy names, of whom nothing is known',
      { doc: 'allow read if actor == User:root', facts: [doc('a')] },
      ['User:root'],
    ],
    [
      'everyone but somebody whom the policy names',
      { doc: 'allow read if actor is User and actor != User:root', facts: [doc('a')] },
      ['any User but User:root'],
    ],
    [
      'nobody whose role has ended',
      { doc: role, facts: [fact('Doc:a', 'reader', 'User:bob', { until: 0 }), doc('a')] },
      [],
    ],
    [
      'who is a guest in the question',
      {
        doc: 'contextual role guest: User  allow read if guest',
        facts: [doc('a')],
        env: { now: 0, facts: [fact('Doc:a', 'guest', 'User:new')] },
      },
      ['User:new'],
    ],
    [
      'whom the resource, as the question brings it, names',
      {
        doc: 'owner: User  allow read if owner',
        facts: [doc('a', { owner: 'User:old' })],
        resource: { type: 'Doc', id: 'a', owner: 'User:new' },
      },
      ['User:new'],
    ],
    [
      'whom the agents of the question may do it for',
      {
        doc: `${role} delegate read if agent.trusted and actor in Group:staff`,
        facts: [
          fact('Doc:a', 'reader', { any: 'User' }),
          user('ann', { in: 'Group:staff' }),
          user('bob'),
          { type: 'Agent', id: 'bot', trusted: true },
        ],
        env: { now: 0, agents: ['Agent:bot'] },
      },
      ['User:ann'],
    ],
    [
      'who may call a tool',
      {
        doc: 'role writer: User  allow write if writer',
        given: 'server desk { allow call put if Doc["{args.id}"].write }',
        facts: [fact('Doc:a', 'writer', 'User:ann'), fact('Doc:b', 'writer', 'User:bob')],
        action: 'call',
        resource: tool('desk', 'put', { id: 'b' }),
      },
      ['User:bob'],
    ],
  ])('%s', (_, one, expected) => check(one, expected))
})

describe('nobody is judged by the token of another', () => {
  const facts = [fact('Doc:a', 'reader', 'User:ann'), fact('Doc:a', 'writer', 'User:bob'), user('eve')]
  const staff: Environment = {
    now: 0,
    token: { groups: ['staff'], scopes: ['docs'] },
    session: { labels: [] },
    confirmed: true,
  }
  it.each<[string, Case, readonly string[], readonly string[]]>([
    [
      'where a role hangs on it',
      {
        doc: 'role reader: User  role writer: User  allow read if reader or staff',
        given: 'role staff if "staff" in token.groups',
        facts,
        env: staff,
      },
      ['User:ann'],
      ['anonymous', 'any Agent', 'any Robot', 'any User but User:ann'],
    ],
    [
      'where something has to be got',
      {
        doc: 'role reader: User  role writer: User  allow read if (reader and scope("docs")) or writer',
        facts,
        env: staff,
      },
      ['User:bob'],
      ['User:ann'],
    ],
    [
      'where a label would forbid it',
      {
        doc: 'role reader: User  role writer: User  allow read if reader  deny read if "secret" in session.labels',
        given: 'server s { label call x as secret }',
        facts,
        env: staff,
      },
      [],
      ['User:ann'],
    ],
    [
      'where somebody has to agree',
      { doc: 'role reader: User  role writer: User  allow read if reader and approvedBy(writer)', facts, env: staff },
      [],
      ['User:ann'],
    ],
  ])('%s', (_, one, certain, conditional) => check(one, certain, conditional))

  it('and what is left to be known is told, as a residual', () => {
    const engine = engineOf({
      doc: 'role reader: User  role writer: User  allow read if reader and scope("docs")',
      facts,
    })
    const [one] = engine.who('read', 'Doc:a').conditional
    if (one === undefined) throw new Error('nobody')
    const asked = (scopes: readonly string[]) =>
      engine.complete(one.residual, {
        actor: 'User:ann',
        action: 'read',
        resource: 'Doc:a',
        env: { token: { scopes } },
      }).allowed
    expect([one.actor, asked(['docs']), asked([])]).toEqual(['User:ann', true, false])
  })

  it('and of everyone of a type it is about a name that is none of theirs', () => {
    const engine = engineOf({ doc: 'allow read if scope("docs")', facts: [doc('a'), user('any')] })
    const users = engine
      .who('read', 'Doc:a')
      .conditional.find(({ actor }) => actor !== null && typeof actor === 'object' && actor.any === 'User')
    expect(users?.actor).toEqual({ any: 'User', except: [], as: 'User:any-1' })
  })
})

it('is not deceived by a request that guesses the name of the stranger', () => {
  const one = {
    doc: 'allow read if actor == User["{context.who}"]',
    given: 'context { who: string }',
    facts: [doc('a')],
    env: { now: 0, context: { who: 'any' } },
  }
  check(one, ['User:any'])
})

describe('a question that is not a right one', () => {
  const engine = engineOf({
    doc: 'role reader: User  allow read if reader',
    facts: [fact('Doc:a', 'reader', 'User:ann')],
  })
  it.each<[string, Parameters<typeof engine.who>, string]>([
    ['of an action', ['raed', 'Doc:a'], 'did you mean `read`?'],
    ['of a resource', ['read', 'Dock:a'], 'there is no type `Dock`'],
    ['with something else in the environment', ['read', 'Doc:a', { agnets: [] } as Environment], '`env` has no member'],
  ])('is told: %s', (_, asked, message) => {
    const found = engine.who(...asked)
    expect(found).toMatchObject({ certain: [], conditional: [], complete: false })
    expect(found.errors[0]?.message).toContain(message)
  })
})
