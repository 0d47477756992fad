import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/facts/memory.ts'
import { factSchema } from '../../src/facts/schema.ts'
import { compile, createEngine, tool } from '../../src/index.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { engine } from '../adversarial/policy.ts'

/**
 * Counter-examples that the properties, or the search for them, found in the real engine, each as small as it gets.
 */
describe('a counter-example that was found', () => {
  it('19: an environment that cannot be read threw out of `authorize`, and one that is no plain object lost its agents', () => {
    const asked = engine('actor User  resource Doc { allow read if actor is User }', 'given Doc:1 { }')
    const ask = (env: unknown) => asked.authorize('User:ann', 'read', 'Doc:1', env as never).reason
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    expect(ask({})).toBe('granted')
    expect(ask(null)).toBe('error')
    expect(ask(revoked.proxy)).toBe('error')
    expect(ask(Object.create({ agents: ['Agent:bot'] }))).toBe('error')
  })

  it('19: what all objects had been given stood for what a request left out', () => {
    const asked = engine('actor User  server s { allow call t if args.x == 1 and confirmed() }', '')
    const ask = () => asked.can('User:ann', 'call', tool('s', 't'))
    const prototype = Object.prototype as { args?: unknown; confirmed?: unknown }
    try {
      prototype.args = { x: 1 }
      prototype.confirmed = true
      expect([ask(), ask()]).toEqual([false, false])
    } finally {
      delete prototype.args
      delete prototype.confirmed
    }
  })

  it.each(['compiled', 'interpreted'] as const)('19: a getter wrote in the middle of a decision: %s', (backend) => {
    const { policy } = compile('actor User  resource Doc { role owner: User  allow read if owner }')
    if (policy === undefined) throw new Error('the policy is none')
    const asked = createEngine(policy, { backend })
    const fact = { object: 'Doc:1', relation: 'owner', subject: 'User:ann' }
    const writing = {
      get context() {
        asked.facts.add(fact)
        return {}
      },
    }
    expect(asked.can('User:ann', 'read', 'Doc:1', writing)).toBe(false)
    expect([...asked.facts.dump()]).toEqual([])
  })

  it.each(['compiled', 'interpreted'] as const)(
    '6: a claim that throws failed who does not ask for it: %s',
    (backend) => {
      const { policy } = compile('actor User  resource Doc { allow read if "a" in token.groups }')
      if (policy === undefined) throw new Error('the policy is none')
      const token = {
        groups: ['a'],
        get roles(): never {
          throw new Error('a getter that throws')
        },
      }
      expect(createEngine(policy, { backend }).authorize('User:ann', 'read', 'Doc:1', { token }).reason).toBe('granted')
    },
  )

  const blocked = (type: string) => `
    actor User { role blocked: User }
    actor Agent { role blocked: User }
    server s {
      allow call t if actor is User unless ${type}[args.id].blocked
      delegate call t
    }`

  it('3: naming an agent turned a deny into an allow', () => {
    const ask = (agents: readonly string[]) =>
      engine(blocked('Agent')).authorize('User:ann', 'call', tool('s', 't', { id: 'zed' }), { agents })
    expect(ask([])).toMatchObject({ allowed: false })
    expect(ask(['Agent:zed'])).toMatchObject({ allowed: false })
  })

  const byMention =
    'actor User  resource Doc { role blocked: User  role owner: User  contextual role guest: User  allow read unless blocked }'

  it('20: a fact past its `until` opened a made-up entity', () => {
    const asked = engine(byMention)
    const ask = () => asked.authorize('User:ann', 'read', 'Doc:1', { now: 1000 })
    expect(ask()).toMatchObject({ allowed: false })
    asked.facts.add({ object: 'Doc:1', relation: 'owner', subject: 'User:bob', until: 500 })
    expect(ask()).toMatchObject({ allowed: false })
  })

  it('9: `partial` said `allow` of a list that the context decides', () => {
    const asked = engine('actor User  context { depth: int }  server s { allow call t if context.depth > 1 }')
    const question = { actor: 'User:ann', action: 'list', resource: tool('s', 't') }
    expect(asked.can('User:ann', 'list', tool('s', 't'), { context: { depth: 0 } })).toBe(false)
    expect(asked.partial({ ...question, unknown: ['context'] }).outcome).not.toBe('allow')
  })

  it('12: a missing set, as it is told, held another', () => {
    const policy = `
      actor User
      resource Group { role member: User }
      server s {
        allow call t if approvedBy(Group:g.member) and (approvedBy(Group:g.member) or confirmed())
      }`
    const asked = engine(policy, 'given Group:g { member: User:bob }')
    const approval = { kind: 'approved', count: 1, of: 'Group:g.member' }
    expect(asked.authorize('User:ann', 'call', tool('s', 't')).missing.sets).toEqual([[approval]])
  })

  // What a quantifier asks of each member is read anew for each, and reading counts nothing: a minute for two lists of 20,000.
  it('19: a membership inside `every` read more than the budget has steps', () => {
    const { policy } = compile('actor User  server s { allow call t if args.some.every(x => x in args.all) }')
    if (policy === undefined) throw new Error('the policy is none')
    const steps = 10_000
    const all = Array.from({ length: 300 }, (_, i) => i)
    let reads = 0
    const counted = new Proxy(all, {
      get: (list, name) => {
        reads++
        return Reflect.get(list, name)
      },
    })
    const { reason } = createEvaluator(policy.program, { limits: { steps } }).decide(
      {
        actor: 'User:ann',
        action: 'call',
        resource: tool('s', 't', { some: all, all: counted }),
        env: { now: 0 },
      },
      memoryStore(factSchema(policy.program)).snapshot(),
    )
    expect(reason === 'error' || reads <= steps).toBe(true)
  })
})
