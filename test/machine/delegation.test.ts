import { describe, expect, it } from 'vitest'
import { linkLazily } from '../../src/compile/linker.ts'
import { memoryStore } from '../../src/facts/memory.ts'
import { compile, type Environment, tool } from '../../src/index.ts'
import { createMachine } from '../../src/machine/machine.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { regexes } from '../../src/runtime/regexes.ts'
import { bothWays } from '../compile/both-ways.ts'

/** Requests through agents, and as guards ask: told at once where that can be, and always as the interpreter tells them. */
const source = `
  actor User { level: int }
  actor Agent in Team { trusted: boolean, level: int, vendor?: string }
  dynamic actor Robot
  context { flag: boolean, depth: int }
  resource Team { role member: Agent }
  resource Doc { owner: User, secret: boolean
    allow read, share if owner or actor is User and actor.level > 2
    allow write if owner and scope("write")
    allow open if true
    allow sign if read
    deny write if secret
  }
  delegate read, write on Doc if agent.trusted
  delegate read on Doc if agent == Agent:helper
  delegate share on Doc if scope("agents")
  delegate open on Doc if agent in Team:core.member and not (agent == actor)
  delegate sign on Doc
  deny read on Doc if agent.level < 0
  deny write on Doc if agent has vendor and agent.vendor == "evil"
  server files {
    allow call get if "a" in token.groups
    allow call put if args.n < 5
    allow call run if (client.name ?? "none") == "desk"
    allow call other if true
    deny call get if "untrusted" in session.labels
    deny call put if agent.level < args.n
    label call get as untrusted
    label call put as big if args.n > 2
    label call run as odd if context.flag
    limit call put to 5 per 1m by args.n
    limit call "p*", other to 9 per 1h
    limit call other to 2 per 1m by context.depth
    delegate call * if agent.trusted and scope("files")
  }`
const facts = [
  { type: 'User', id: 'ann', level: 1 },
  { type: 'User', id: 'bob', level: 3 },
  { type: 'Agent', id: 'good', trusted: true, level: 4 },
  { type: 'Agent', id: 'bad', trusted: false, level: 4 },
  { type: 'Agent', id: 'evil', trusted: true, level: -1, vendor: 'evil' },
  { type: 'Agent', id: 'blank' },
  { object: 'Team:core', relation: 'member', subject: 'Agent:good' },
  { type: 'Doc', id: 'd', owner: 'User:ann', secret: false },
  { type: 'Doc', id: 's', owner: 'User:ann', secret: true },
]
const { decide, compiled, interpreted } = bothWays(source, facts)

const good = { type: 'Agent', id: 'new', trusted: true, level: 4 }
const chains: readonly (readonly [string, unknown])[] = [
  ['nobody', []],
  ['one that is trusted', ['Agent:good']],
  ['one that is not', ['Agent:bad']],
  ['one that is forbidden something', ['Agent:evil']],
  ['one that lacks what is asked', ['Agent:blank']],
  ['one that the policy names', ['Agent:helper']],
  ['one of whom nothing is known', ['Agent:nobody']],
  ['two', ['Agent:good', 'Agent:evil']],
  ['two, the second not trusted', ['Agent:good', 'Agent:bad']],
  ['two, the first not trusted', ['Agent:bad', 'Agent:good']],
  ['three', ['Agent:helper', 'Agent:good', 'Agent:evil']],
  ['the same twice', ['Agent:good', 'Agent:good']],
  ['one with its attributes', [good]],
  ['one with attributes that forbid', [{ ...good, vendor: 'evil', level: -1 }]],
  ['one without what is asked', [{ type: 'Agent', id: 'new' }]],
  ['one with an attribute of another kind', [{ ...good, trusted: 'yes' }]],
  ['one with an attribute that is not declared', [{ ...good, other: 1 }]],
  ['one with a container', [{ ...good, in: ['Team:core'] }]],
  ['one with attributes, of whom facts say something', [{ ...good, id: 'bad' }]],
  ['one with attributes, whom the policy names', [{ ...good, id: 'helper' }]],
  ['one with attributes, and by name', [good, 'Agent:new']],
  ['one with attributes, twice', [good, { ...good }]],
  ['one with attributes, twice and otherwise', [good, { ...good, trusted: false }]],
  ['one with attributes after another', ['Agent:good', good]],
  ['who is no agent', ['User:ann']],
  ['who cannot act', ['Team:core']],
  ['who has no name', ['Agent:']],
  ['what is no name', [7]],
  ['what is no list', 'Agent:good'],
  ['null', null],
]
const actors: readonly unknown[] = [
  'User:ann',
  'User:bob',
  'User:new',
  'Agent:good',
  'Agent:nobody',
  { type: 'User', id: 'new', level: 3 },
  good,
  null,
]
const about: readonly (readonly [string, unknown])[] = [
  ...['read', 'write', 'share', 'open', 'sign'].map((action) => [action, 'Doc:d'] as const),
  ['write', 'Doc:s'],
  ['share', { type: 'Doc', id: 'n', owner: 'User:ann', secret: false }],
  ...['get', 'run', 'other'].map((name) => ['call', tool('files', name)] as const),
  ['call', tool('files', 'put', { n: 1 })],
  ['call', tool('files', 'put', { n: 7 })],
]
const tokens: readonly unknown[] = [
  { scopes: ['write', 'agents', 'files'], groups: ['a'] },
  { scopes: [], groups: ['a'] },
  { scopes: 'write' },
]

/** Decided as the interpreter decides, at first, once the rules are known, and in a session. */
function check(actor: unknown, action: string, resource: unknown, env: unknown): string {
  const [who, what, given] = [actor as never, resource as never, { now: 1.7e12, ...(env as object) } as Environment]
  const decision = decide(who, action, what, given)
  expect(compiled.authorize(who, action, what, given)).toEqual(decision)
  expect(compiled.for(who, given).authorize(action, what)).toEqual(decision)
  return decision.reason
}

describe('through', () => {
  it.each(chains.map((chain, i) => [...chain, i] as const))('%s', (_, agents, i) => {
    // Each with some of the others: all of them would take a minute.
    for (const [j, [action, resource]] of about.entries())
      for (const [n, token] of tokens.entries())
        check(actors[(i + 3 * j + n) % actors.length], action, resource, { agents, token })
  })
})

it('all that agents may not do is refused, for what it is', () => {
  const token = tokens[0]
  expect(check('User:ann', 'read', 'Doc:d', { agents: ['Agent:good'] })).toBe('granted')
  expect(check('User:ann', 'read', 'Doc:d', { agents: ['Agent:good', 'Agent:bad'] })).toBe('not-delegated')
  expect(check('User:new', 'read', 'Doc:d', { agents: ['Agent:good'] })).toBe('error')
  expect(check('User:new', 'read', 'Doc:d', { agents: ['Agent:bad'] })).toBe('not-delegated')
  expect(check('User:ann', 'write', 'Doc:d', { agents: ['Agent:evil'], token })).toBe('forbidden')
  expect(check('User:ann', 'write', 'Doc:s', { agents: ['Agent:bad'], token })).toBe('forbidden')
  expect(check('User:ann', 'write', 'Doc:d', { agents: ['Agent:nobody'], token })).toBe('error')
  expect(check('User:bob', 'write', 'Doc:d', { agents: ['Agent:bad'], token })).toBe('not-permitted')
})

it('where rules mention agents and none delegates, nothing goes through one', () => {
  const { decide: judge } = bothWays(
    `actor User {} actor Agent { trusted: boolean } resource Doc { allow read if true }
     deny read on Doc if not agent.trusted`,
    [
      { type: 'Doc', id: 'd' },
      { type: 'Agent', id: 'good', trusted: true },
      { type: 'Agent', id: 'bad', trusted: false },
    ],
  )
  for (const [agents, reason] of [
    [[], 'granted'],
    [['Agent:good'], 'not-delegated'],
    [['Agent:bad'], 'forbidden'],
    [['Agent:nobody'], 'not-delegated'],
  ] as const)
    for (let i = 0; i < 2; i++) expect(judge('User:u', 'read', 'Doc:d', { agents: [...agents] }).reason).toBe(reason)
})

it('rules are told once, those of the actor first', () => {
  const env = { agents: ['Agent:good', 'Agent:helper', 'Agent:evil'], token: tokens[0] } as Environment
  const rules = () => compiled.authorize('User:ann', 'read', 'Doc:d', { ...env, agents: ['Agent:good'] }).rules
  expect([rules(), rules()].map((all) => all.map(({ id }) => id))).toEqual([
    ['Doc.read+#1', 'delegate:read+:Doc#1'],
    ['Doc.read+#1', 'delegate:read+:Doc#1'],
  ])
})

const environments: readonly (readonly [string, unknown])[] = [
  ['a client', { client: { name: 'desk' } }],
  ['another client', { client: { name: 'phone', version: '1' } }],
  ['a client of another kind', { client: { name: 7 } }],
  ['a client that is none', { client: 'desk' }],
  ['a client that is null', { client: null }],
  ['a client without prototype', { client: Object.assign(Object.create(null), { name: 'desk' }) }],
  ['no labels', { session: { labels: [] } }],
  ['labels', { session: { labels: ['untrusted'] } }],
  ['labels in a set', { session: { labels: new Set(['other', 'untrusted']) } }],
  ['no labels in a set', { session: { labels: new Set() } }],
  ['labels that are none', { session: { labels: [7] } }],
  ['labels that are none, in a set', { session: { labels: new Set([7]) } }],
  ['labels that are text', { session: { labels: 'untrusted' } }],
  ['no list of labels', { session: {} }],
  ['a session that is none', { session: 7 }],
  ['a session that is null', { session: null }],
  ['what only looks like a set', { session: { labels: Object.create(Set.prototype) } }],
  [
    'a list of its own kind',
    { session: { labels: Object.assign(['untrusted'], { [Symbol.iterator]: () => [][Symbol.iterator]() }) } },
  ],
  [
    'a list that cannot be looked at',
    {
      session: {
        labels: new Proxy([], {
          get: () => {
            throw new Error('a trap')
          },
        }),
      },
    },
  ],
  ['what is not to be enumerated', Object.defineProperty({}, 'session', { value: { labels: ['untrusted'] } })],
  ['agents that are not to be enumerated', Object.defineProperty({}, 'agents', { value: ['Agent:bad'] })],
]

describe('from a guard, with', () => {
  it.each(environments)('%s', (_, env) => {
    for (const agents of [undefined, ['Agent:good'], ['Agent:bad']])
      for (const name of ['get', 'run', 'other']) {
        const given = Object.defineProperties(
          { token: tokens[0], ...(agents && { agents }), now: 1.7e12 },
          Object.getOwnPropertyDescriptors(env as object),
        )
        const asked = ['User:ann', 'call', tool('files', name), given as Environment] as const
        const decision = decide(...asked)
        expect(compiled.authorize(...asked)).toEqual(decision)
        expect(compiled.for('User:ann', given as Environment).authorize('call', asked[2])).toEqual(decision)
      }
  })

  it('labels that can be read once only', () => {
    // The rule about groups takes the long way, on which the labels have to be still there.
    const token = { scopes: ['files'], groups: 'a' }
    for (const name of ['get', 'run', 'get']) {
      const env = () => ({ token, session: { labels: ['untrusted'].values() }, now: 1.7e12 }) as unknown as Environment
      const asked = () => ['User:ann', 'call', tool('files', name), env()] as const
      expect(compiled.authorize(...asked())).toEqual(interpreted.authorize(...asked()))
      expect(compiled.authorize(...asked()).reason).toBe(name === 'get' ? 'forbidden' : 'not-permitted')
    }
  })
})

it.each([
  ['of whose type everybody is known', 'virtual ', 'User:ann'],
  ['who is the actor, and known for that', '', 'Agent:new'],
])('nothing that an agent brings is overlooked: one %s', (_, kind, actor) => {
  const { decide: judge } = bothWays(
    `actor User {} ${kind}actor Agent { tags?: string[] } resource Doc { allow read if true }
     delegate read on Doc if (agent.tags ?? []).every(t => t == "ok")`,
    [{ type: 'Doc', id: 'd' }],
  )
  for (const [tags, reason] of [
    [['ok'], 'granted'],
    [['ok'], 'granted'],
    [['bad'], 'not-delegated'],
  ] as const)
    expect(judge(actor, 'read', 'Doc:d', { agents: [{ type: 'Agent', id: 'new', tags }] }).reason).toBe(reason)
})

it('a claim counts that is not to be enumerated', () => {
  const { decide: judge, compiled: engine } = bothWays(
    'actor User {} token { rank: int } resource Doc { allow read if token.rank > 1 }',
    [{ type: 'Doc', id: 'd' }],
  )
  const asked = ['User:u', 'read', 'Doc:d', { token: Object.defineProperty({}, 'rank', { value: 3 }) }] as const
  for (let i = 0; i < 2; i++) {
    expect(judge(...(asked as unknown as Parameters<typeof judge>)).reason).toBe('granted')
    expect(engine.can(...(asked as unknown as Parameters<typeof judge>))).toBe(true)
  }
})

it('what is usual is told at once', () => {
  const { policy } = compile(source)
  if (policy === undefined) throw new Error('a mistake in the test')
  const evaluator = createEvaluator(policy.program, { functions: {} })
  const stored = memoryStore(evaluator.policy.schema, policy.facts)
  expect(stored.load(facts)).toEqual([])
  let slow = 0
  const store = Object.create(stored, {
    deciding: {
      value: (evaluation: () => unknown) => {
        slow += 1
        return stored.deciding(evaluation)
      },
    },
  })
  const link = linkLazily(policy.program)
  const machine = createMachine({ link, policy: evaluator.policy, store, functions: {}, regexes, clock: () => 1.7e12 })
  const token = { scopes: ['write', 'agents', 'files'], groups: ['a'] }
  const guarded = { client: { name: 'desk' }, session: { labels: new Set<string>() }, now: 1.7e12 }
  const asked: readonly (readonly [string, Parameters<typeof machine.can>])[] = [
    ['a rule about the agent', ['User:ann', 'read', 'Doc:d', { agents: ['Agent:good'] }]],
    ['a scope', ['User:ann', 'share', 'Doc:d', { agents: ['Agent:nobody'], token }]],
    ['a role of the agent', ['User:ann', 'open', 'Doc:d', { agents: ['Agent:good'] }]],
    ['a permission', ['User:ann', 'sign', 'Doc:d', { agents: ['Agent:good'] }]],
    ['a chain', ['User:ann', 'share', 'Doc:d', { agents: ['Agent:good', 'Agent:bad'], token }]],
    ['what is not delegated', ['User:ann', 'write', 'Doc:d', { agents: ['Agent:bad'], token }]],
    ['an agent with attributes', ['User:ann', 'share', 'Doc:d', { agents: [good as never], token }]],
    ['a tool', ['User:ann', 'call', tool('files', 'put', { n: 1 }), { agents: ['Agent:good'], token }]],
    ['limits and labels', ['User:ann', 'call', tool('files', 'put', { n: 3 }), { agents: ['Agent:good'], token }]],
    [
      'a guard',
      [
        'User:ann',
        'call',
        tool('files', 'run'),
        { agents: ['Agent:good'], token, ...guarded, context: { flag: true } },
      ],
    ],
    ['a guard, labels', ['User:ann', 'call', tool('files', 'get'), { agents: ['Agent:bad'], token, ...guarded }]],
  ]
  const ways = {
    can: machine.can,
    authorize: machine.authorize,
    bound: (...[actor, action, resource, env]: (typeof asked)[0][1]) => machine.for(actor, env).can(action, resource),
  }
  for (const [what, question] of asked)
    for (const [way, ask] of Object.entries(ways)) {
      ask(...question)
      slow = 0
      ask(...question)
      expect(slow, `${what}, ${way}`).toBe(0)
    }
})
