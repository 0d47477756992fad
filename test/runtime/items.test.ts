import { describe, expect, it } from 'vitest'
import type { Program } from '../../src/ir/program.ts'
import { parseUriTemplate } from '../../src/ir/uri-template.ts'
import type { Environment, Item } from '../../src/runtime/request.ts'
import { ask } from './ask.ts'
import * as ir from './ir.ts'

const tool = (name: string, args: unknown = {}): Item => ({ kind: 'tool', server: 's', name, args })
const prompt = (name: string): Item => ({ kind: 'prompt', server: 's', name })
const uri = (text: string): Item => ({ kind: 'resource', server: 's', uri: text })
const template = (text: string): Item => ({ kind: 'template', server: 's', uriTemplate: text })
const server: Item = { kind: 'server', server: 's' }

const hints = { readOnly: false, destructive: true, idempotent: false, openWorld: true }
const locked = (text: string) => ({
  text,
  ...(parseUriTemplate(text).template && { template: parseUriTemplate(text).template }),
})
const lock = {
  tools: [
    { name: 'push', ...hints },
    { name: 'get_file', readOnly: true, destructive: false, idempotent: false, openWorld: true },
  ],
  prompts: [{ name: 'review' }],
  resources: [{ uri: 'repo://about' }],
  templates: [locked('repo://{owner}/{name}/{+path}'), locked('user://{id}'), locked('search://{?q}')],
} as Program['servers'][number]['lock'] & object

function policy(rules: Program['rules'], parts: Partial<Program> = {}): Program {
  return ir.program({
    types: [ir.actorType('User'), ir.type('Repo', { virtual: true })],
    roles: [ir.role('Repo.reader', { assignable: [{ kind: 'entity', type: 'User' }] })],
    servers: [{ name: 's', lock }, { name: 'open' }],
    rules,
    ...parts,
  })
}

const facts = [ir.fact('Repo:acme/site.reader = User:ann')]

function reason(program: Program, action: string, item: Item, env: Environment = {}, actor = 'User:ann') {
  return ask(program, facts, actor, action, item, env).reason
}

describe('an item', () => {
  const open = policy(
    ['call', 'get', 'read', 'complete', 'sample'].map((action) => ir.rule('allow', action, ir.items(ir.all))),
  )

  it('that is in the lock is decided by the rules', () => {
    expect(reason(open, 'call', tool('push'))).toBe('granted')
    expect(reason(open, 'get', prompt('review'))).toBe('granted')
    expect(reason(open, 'read', uri('repo://about'))).toBe('granted')
    expect(reason(open, 'read', uri('repo://acme/site/a/b'))).toBe('granted')
    expect(reason(open, 'complete', prompt('review'))).toBe('granted')
    expect(reason(open, 'complete', template('search://{?q}'))).toBe('granted')
    expect(reason(open, 'sample', server)).toBe('granted')
  })

  it('that is not in the lock is denied under every policy', () => {
    expect(reason(open, 'call', tool('pull'))).toBe('not-permitted')
    expect(reason(open, 'call', tool('constructor'))).toBe('not-permitted')
    expect(reason(open, 'get', prompt('push'))).toBe('not-permitted')
    expect(reason(open, 'read', uri('file:///etc/passwd'))).toBe('not-permitted')
    // A template that cannot be matched back locks no URI, and neither does a spelling that is not canonical.
    expect(reason(open, 'read', uri('search://?q=x'))).toBe('not-permitted')
    expect(reason(open, 'read', uri('repo://acme/site/../x'))).toBe('not-permitted')
  })

  it('of a server that no block is about is denied, whatever is said of all servers', () => {
    const wide = policy([
      ir.rule('allow', 'call', { kind: 'items', items: [ir.all] }),
      ir.rule('allow', 'call', ir.everything),
    ])
    expect(reason(wide, 'call', { kind: 'tool', server: 'open', name: 'any' })).toBe('granted')
    const decision = ask(wide, [], 'User:ann', 'call', { kind: 'tool', server: 'opem', name: 'any' })
    expect(decision).toMatchObject({ reason: 'not-permitted', errors: [{ code: 'bad-request' }] })
  })

  it('is told by server and name, never by the two joined', () => {
    const one = policy([ir.rule('allow', 'call', ir.items(ir.names('push')))])
    expect(reason(one, 'call', { kind: 'tool', server: 'open', name: 'push' })).toBe('not-permitted')
  })
})

describe('a rule', () => {
  it('names items, or patterns of them', () => {
    const program = policy([ir.rule('allow', 'call', ir.items({ kind: 'pattern', pattern: 'get_*' }))])
    expect(reason(program, 'call', tool('get_file'))).toBe('granted')
    expect(reason(program, 'call', tool('push'))).toBe('not-permitted')
  })

  it('binds the variables of its URI template', () => {
    const repo = ir.construct('Repo', ir.local('owner'), '/', ir.local('name'))
    const program = policy([
      ir.rule('allow', 'read', ir.items(ir.uris('repo://{owner}/{name}/{+path}')), ir.holds('reader', repo)),
    ])
    expect(reason(program, 'read', uri('repo://acme/site/README.md'))).toBe('granted')
    expect(reason(program, 'read', uri('repo://acme/other/README.md'))).toBe('not-permitted')
    expect(reason(program, 'read', uri('repo://about'))).toBe('not-permitted')
  })

  it('sees the annotations of the lock', () => {
    const destructive = ir.field(ir.variable('tool'), 'destructive', ir.boolean)
    const program = policy([
      ir.rule('allow', 'call', ir.items(ir.all)),
      ir.rule('deny', 'call', ir.items(ir.all), ir.and(destructive, ir.not(ir.scope('admin')))),
    ])
    expect(reason(program, 'call', tool('get_file'))).toBe('granted')
    expect(reason(program, 'call', tool('push'))).toBe('forbidden')
    expect(reason(program, 'call', tool('push'), { token: { scopes: ['admin'] } })).toBe('granted')
  })
})

describe('a list', () => {
  const path = ir.arg('path', ir.string)
  const shown = (rules: Program['rules'], item: Item, env: Environment = {}) =>
    ask(policy(rules), facts, 'User:ann', 'list', item, env).allowed

  it('shows what some arguments could be allowed', () => {
    const rules = [ir.rule('allow', 'call', ir.items(ir.all), ir.builtin('startsWith', path, ir.text('/tmp/')))]
    expect(shown(rules, tool('push'))).toBe(true)
  })

  it('hides what no arguments could be allowed', () => {
    const impossible = ir.and(ir.builtin('startsWith', path, ir.text('/tmp/')), ir.holds('reader', ir.named('Repo:x')))
    expect(shown([ir.rule('allow', 'call', ir.items(ir.all), impossible)], tool('push'))).toBe(false)
    expect(shown([ir.rule('allow', 'call', ir.items(ir.names('get_file')))], tool('push'))).toBe(false)
    const denied = [ir.rule('allow', 'call', ir.items(ir.all)), ir.rule('deny', 'call', ir.items(ir.names('push')))]
    expect(shown(denied, tool('push'))).toBe(false)
    expect(shown(denied, tool('get_file'))).toBe(true)
  })

  it('hides what `deny list` or `deny *` names, or may', () => {
    const allow = ir.rule('allow', 'call', ir.items(ir.all))
    expect(shown([allow, ir.rule('deny', 'list', ir.items(ir.names('push')))], tool('push'))).toBe(false)
    expect(shown([allow, ir.rule('deny', '*', ir.everything, ir.no)], tool('push'))).toBe(true)
    const perhaps = ir.rule('deny', '*', ir.items(ir.all), ir.builtin('startsWith', path, ir.text('/etc/')))
    expect(shown([allow, perhaps], tool('push'))).toBe(false)
  })

  it('needs no rule of its own, and calls do not mind it', () => {
    const rules = [ir.rule('allow', 'call', ir.items(ir.all)), ir.rule('deny', 'list', ir.items(ir.all))]
    expect(shown(rules, tool('push'))).toBe(false)
    expect(reason(policy(rules), 'call', tool('push'))).toBe('granted')
  })

  it('shows what only an approval or a confirmation is missing for, but nothing that wants another scope', () => {
    const needs = (fact: Parameters<typeof ir.obtainable>[0]) => [
      ir.rule('allow', 'call', ir.items(ir.all), ir.obtainable(fact)),
    ]
    expect(shown(needs({ kind: 'confirmed' }), tool('push'))).toBe(true)
    expect(shown(needs({ kind: 'approved', count: 2, local: 'a', body: ir.yes, of: 'x' }), tool('push'))).toBe(true)
    expect(shown(needs({ kind: 'scope', scope: 'x' }), tool('push'))).toBe(false)
  })

  it('shows a resource by `read` or `subscribe`, a template where some URI of it could be read', () => {
    const reading = [ir.rule('allow', 'subscribe', ir.items(ir.uris('repo://{owner}/{name}/{+path}')))]
    expect(shown(reading, uri('repo://about'))).toBe(false)
    expect(shown(reading, uri('repo://acme/site/x'))).toBe(true)
    expect(shown(reading, template('repo://{owner}/{name}/{+path}'))).toBe(true)
    expect(shown(reading, template('user://{id}'))).toBe(false)
    const owned = ir.compare(ir.local('owner'), '==', ir.text('acme'))
    const narrow = (condition: typeof owned) => [
      ir.rule('allow', 'read', ir.items(ir.uris('repo://{owner}/{name}/{+path}')), condition),
    ]
    expect(shown(narrow(owned), template('repo://{owner}/{name}/{+path}'))).toBe(true)
    expect(shown(narrow(ir.and(owned, ir.no)), template('repo://{owner}/{name}/{+path}'))).toBe(false)
  })

  it('hides a template by `deny list` only if all its URIs are meant', () => {
    const rules = (hidden: string) => [
      ir.rule('allow', 'read', ir.items(ir.all)),
      ir.rule('deny', 'list', ir.items(ir.uris(hidden))),
    ]
    const item = template('repo://{owner}/{name}/{+path}')
    expect(shown(rules('repo://{+everything}'), item)).toBe(false)
    expect(shown(rules('repo://{a}/{b}/{+c}'), item)).toBe(false)
    expect(shown(rules('repo://acme/{+rest}'), item)).toBe(true)
  })
})

describe('limits and labels', () => {
  const limit = (more: object) => ir.rule('limit', 'call', ir.items(ir.all), ir.yes, { id: 'l', ...more })
  const allow = ir.rule('allow', 'call', ir.items(ir.all))
  const decide = (rules: Program['rules'], args: unknown = {}) =>
    ask(policy(rules), facts, 'User:ann', 'call', tool('push', args))

  it('are told for an allow only, counted by the value of `by`', () => {
    const by = ir.arg('path', ir.string)
    const rules = [limit({ limit: { count: 3, per: 1000, by } })]
    expect(decide(rules).limits).toEqual([])
    const [a, b] = [decide([allow, ...rules], { path: '/a' }), decide([allow, ...rules], { path: '/b' })]
    expect(a.limits).toMatchObject([{ rule: 'l', count: 3, per: 1000 }])
    expect(a.limits[0]?.key).not.toBe(b.limits[0]?.key)
    expect(a.limits).toEqual(decide([allow, ...rules], { path: '/a' }).limits)
  })

  it('count under one key where the value cannot be told', () => {
    const rules = [allow, limit({ limit: { count: 3, per: 1000, by: ir.arg('path', ir.string) } })]
    expect(decide(rules, { path: 7 }).limits[0]?.key).toBe(decide(rules, {}).limits[0]?.key)
    expect(decide(rules, {}).limits).toHaveLength(1)
  })

  it('apply where their condition is an error', () => {
    const broken = ir.compare(ir.arg('n', ir.integer), '<', ir.int(3))
    const rules = [
      allow,
      ir.rule('limit', 'call', ir.items(ir.all), broken, {
        id: 'l',
        limit: { count: 1, per: 1, by: ir.variable('actor') },
      }),
      ir.rule('label', 'call', ir.items(ir.all), broken, { id: 'm', label: 'seen' }),
      ir.rule('label', 'call', ir.items(ir.all), ir.no, { id: 'n', label: 'unseen' }),
    ]
    expect(decide(rules)).toMatchObject({ allowed: true, limits: [{ rule: 'l' }], labels: ['seen'] })
    expect(decide(rules, { n: 5 })).toMatchObject({ allowed: true, limits: [], labels: [] })
  })

  it('without a session every test of a label is an error', () => {
    const marked = ir.element(ir.text('seen'), ir.field(ir.variable('session'), 'labels', ir.setType(ir.string)))
    const program = policy([allow, ir.rule('deny', 'call', ir.items(ir.all), marked)])
    expect(reason(program, 'call', tool('push'))).toBe('error')
    expect(reason(program, 'call', tool('push'), { session: { labels: [] } })).toBe('granted')
    expect(reason(program, 'call', tool('push'), { session: { labels: ['seen'] } })).toBe('forbidden')
  })
})
