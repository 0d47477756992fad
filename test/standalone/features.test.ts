import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, createEngine, type Environment, type FactInput, tool } from '../../src/index.ts'
import { standalone } from '../../src/standalone.ts'
import { withoutMissing } from './asked.ts'
import { newPackage, type Package } from './package.ts'

/** What the examples and the corpus have little of; a module has to decide it as the interpreter does, in the same words. */
let home: Package
beforeAll(async () => {
  home = await newPackage()
})
afterAll(() => home.remove())

type Asked = readonly [
  actor: string,
  action: string,
  resource: Parameters<ReturnType<typeof createEngine>['authorize']>[2],
  env?: Environment,
]

async function check(text: string, facts: readonly FactInput[], asked: readonly (readonly [...Asked, said: string])[]) {
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const engine = createEngine(policy, { backend: 'interpreted' })
  const other = (await home.load(standalone(policy, '0.1.0').module)).createEngine()
  for (const one of [engine, other]) expect(one.facts.load(facts)).toEqual([])
  for (const [actor, action, resource, given, said] of asked) {
    const env = { now: 0, ...given }
    const decision = withoutMissing(engine.authorize(actor, action, resource, env))
    const what = `${actor} ${action} ${JSON.stringify(resource)} ${JSON.stringify(env)?.slice(0, 200)}`
    expect([decision.reason, ...decision.errors.map(({ code }) => code)].join(' '), what).toBe(said)
    expect(other.authorize(actor, action, resource, env), what).toEqual(decision)
    expect(other.can(actor, action, resource, env), what).toBe(decision.allowed)
    const bound = other.for(actor, env)
    expect(bound.authorize(action, resource), what).toEqual(decision)
    expect(bound.can(action, resource), what).toBe(decision.allowed)
  }
}

describe('a standalone module knows', () => {
  it('`@recursive`: what leads back to itself through a negation', async () => {
    const link = (object: string, subject: string): FactInput => ({ object, relation: 'next', subject })
    await check(
      `virtual actor User
      virtual resource Node {
        next: Node[]
        role mine: User
        @recursive role wins if next.some(n => not n.wins)
        role safe if mine unless wins
        allow win if wins
        allow keep if safe
        @recursive allow see if not next.see
        @recursive deny hide if next.hide
        allow hide
      }`,
      [
        link('Node:a', 'Node:b'),
        link('Node:b', 'Node:c'),
        link('Node:x', 'Node:y'),
        link('Node:y', 'Node:x'),
        link('Node:z', 'Node:z'),
        link('Node:z', 'Node:c'),
        { object: 'Node:x', relation: 'mine', subject: 'User:ann' },
        { object: 'Node:a', relation: 'mine', subject: 'User:ann' },
      ],
      [
        ['User:ann', 'win', 'Node:c', {}, 'not-permitted'],
        ['User:ann', 'win', 'Node:b', {}, 'granted'],
        ['User:ann', 'win', 'Node:a', {}, 'not-permitted'],
        ['User:ann', 'win', 'Node:x', {}, 'error circular'],
        ['User:ann', 'win', 'Node:z', {}, 'granted'],
        ['User:ann', 'keep', 'Node:a', {}, 'granted'],
        ['User:ann', 'keep', 'Node:x', {}, 'error circular'],
        ['User:bob', 'keep', 'Node:x', {}, 'not-permitted'],
        ['User:ann', 'see', 'Node:c', {}, 'granted'],
        ['User:ann', 'see', 'Node:b', {}, 'not-permitted'],
        ['User:ann', 'see', 'Node:x', {}, 'error circular'],
        ['User:ann', 'hide', 'Node:a', {}, 'granted'],
        ['User:ann', 'hide', 'Node:b', {}, 'forbidden'],
        ['User:ann', 'hide', 'Node:x', {}, 'error circular'],
      ],
    )
  })

  it('`dynamic`: fields, equality and membership of what is nothing certain', async () => {
    const rules = (conditions: Readonly<Record<string, string>>) =>
      Object.entries(conditions).map(([action, condition]) => `allow ${action} if ${condition}`)
    const loose = (value: unknown) => ({ context: { loose: value } })
    await check(
      `actor User in Team
      resource Team in Team
      context { loose: dynamic }
      dynamic resource Photo {
        ${rules({
          equal: 'context.loose == 1',
          field: 'context.loose.a.b > 1',
          present: 'context.loose has a',
          within: 'actor in context.loose',
          member: 'context.loose.includes(actor)',
          owned: 'resource.owner == actor',
          entity: 'context.loose is User and context.loose == actor',
        }).join('\n')}
      }
      given Photo:1 { }
      given User:ann in Team:t { }
      given Team:t { }`,
      [],
      [
        ['User:ann', 'equal', 'Photo:1', loose(1), 'granted'],
        ['User:ann', 'equal', 'Photo:1', loose('1'), 'not-permitted'],
        ['User:ann', 'equal', 'Photo:1', {}, 'error missing-attribute'],
        ['User:ann', 'field', 'Photo:1', loose({ a: { b: 2 } }), 'granted'],
        ['User:ann', 'field', 'Photo:1', loose({ a: { b: 'x' } }), 'error wrong-kind'],
        ['User:ann', 'field', 'Photo:1', loose({ a: 1 }), 'error wrong-kind'],
        ['User:ann', 'present', 'Photo:1', loose({ a: 1 }), 'granted'],
        ['User:ann', 'present', 'Photo:1', loose({ b: 1 }), 'not-permitted'],
        ['User:ann', 'within', 'Photo:1', loose({ $entity: 'Team:t' }), 'granted'],
        ['User:ann', 'within', 'Photo:1', loose([{ $entity: 'Team:u' }]), 'not-permitted'],
        ['User:ann', 'within', 'Photo:1', loose([{ $entity: 'Team:t' }, 1]), 'error wrong-kind'],
        ['User:ann', 'member', 'Photo:1', loose([1, { $entity: 'User:ann' }]), 'granted'],
        ['User:ann', 'member', 'Photo:1', loose([null, { $entity: 'User:ann' }]), 'error absent'],
        ['User:ann', 'owned', 'Photo:1', {}, 'error missing-attribute'],
        ['User:ann', 'owned', { type: 'Photo', id: '2', owner: { $entity: 'User:ann' } }, {}, 'granted'],
        ['User:ann', 'owned', { type: 'Photo', id: '2', owner: 'ann' }, {}, 'not-permitted'],
        ['User:ann', 'entity', 'Photo:1', loose({ $entity: 'User:ann' }), 'granted'],
      ],
    )
  })

  it('`decimal`: four digits, exactly', async () => {
    await check(
      `actor User
      context { price: decimal }
      resource Offer {
        limit: decimal
        allow buy if context.price.lessThanOrEqual(limit)
        allow same if context.price == decimal("1.5")
      }
      given Offer:1 { limit: decimal("922337203685477.5807") }
      given Offer:2 { limit: decimal("0.0001") }`,
      [],
      [
        ['User:ann', 'buy', 'Offer:1', { context: { price: '922337203685477.5807' } }, 'granted'],
        ['User:ann', 'buy', 'Offer:1', { context: { price: '922337203685477.5808' } }, 'error bad-value'],
        ['User:ann', 'buy', 'Offer:2', { context: { price: '0.0001' } }, 'granted'],
        ['User:ann', 'buy', 'Offer:2', { context: { price: '0.0002' } }, 'not-permitted'],
        ['User:ann', 'buy', 'Offer:2', { context: { price: 0 } }, 'error wrong-kind'],
        ['User:ann', 'buy', 'Offer:2', { context: { price: '-1.0' } }, 'granted'],
        ['User:ann', 'same', 'Offer:2', { context: { price: '1.5000' } }, 'granted'],
        ['User:ann', 'same', 'Offer:2', { context: { price: '1' } }, 'error bad-value'],
      ],
    )
  })

  it('`recover`: false for an error, but for what a budget ended', async () => {
    const long = 'x'.repeat(40_000)
    const many = new Array(100_001)
    await check(
      `actor User
      context { loose: dynamic, text: string }
      resource Doc {
        allow read if recover(context.loose.n > 1, false)
        allow open
        deny open if recover(context.loose.n > 1, false)
        allow free unless recover(context.loose == 1, false)
        allow long if recover("{context.text}{context.text}" == "a", false)
        allow both if recover(context.loose.n > 1 or "{context.text}{context.text}" == "a", false)
      }
      server s { allow call t if recover(args.x == 1, false) }
      given Doc:1 { }`,
      [],
      [
        ['User:ann', 'read', 'Doc:1', { context: { loose: { n: 2 } } }, 'granted'],
        ['User:ann', 'read', 'Doc:1', { context: { loose: { n: 'a' } } }, 'not-permitted'],
        ['User:ann', 'read', 'Doc:1', { context: { loose: { n: many } } }, 'error budget'],
        ['User:ann', 'open', 'Doc:1', { context: { loose: { n: 2 } } }, 'forbidden'],
        ['User:ann', 'open', 'Doc:1', { context: { loose: 1 } }, 'granted'],
        ['User:ann', 'open', 'Doc:1', { context: { loose: many } }, 'error budget'],
        ['User:ann', 'free', 'Doc:1', { context: {} }, 'granted'],
        ['User:ann', 'free', 'Doc:1', { context: { loose: many } }, 'error budget'],
        ['User:ann', 'long', 'Doc:1', { context: { text: 'a' } }, 'not-permitted'],
        ['User:ann', 'long', 'Doc:1', { context: { text: long } }, 'error budget'],
        ['User:ann', 'both', 'Doc:1', { context: { loose: 1, text: long } }, 'error budget'],
        ['User:ann', 'both', 'Doc:1', { context: { loose: { n: 2 }, text: long } }, 'granted'],
        ['User:ann', 'list', tool('s', 't'), {}, 'granted'],
        ['User:ann', 'call', tool('s', 't', { x: 2 }), {}, 'not-permitted'],
        ['User:ann', 'call', tool('s', 't', { x: many }), {}, 'error budget'],
      ],
    )
  })
})
