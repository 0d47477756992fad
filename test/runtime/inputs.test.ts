import { describe, expect, it } from 'vitest'
import type { EntityInput } from '../../src/facts/fact.ts'
import type { Program } from '../../src/ir/program.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { ask, now } from './ask.ts'
import * as ir from './ir.ts'

const user = { kind: 'entity' as const, type: 'User' }

function docs(parts: Partial<Program>): Program {
  return ir.program({
    types: [
      ir.actorType('User', { containers: ['Group'] }),
      ir.type('Group', { containers: ['Group'] }),
      ir.type('Doc', { fields: [ir.declared('size', ir.integer, true)] }),
    ],
    ...parts,
  })
}

describe('a condition that a fact carries', () => {
  const program = docs({
    conditions: [
      {
        name: 'below',
        params: [
          { name: 'n', type: ir.integer, optional: false },
          { name: 'max', type: ir.integer, optional: false },
        ],
        body: ir.compare(ir.local('n'), '<', ir.local('max')),
      },
    ],
    roles: [ir.role('Doc.reader', { assignable: [{ ...user, when: 'below' }] })],
    rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.mine('reader'))],
  })
  const facts = [ir.fact('Doc:1.reader = User:ann', { when: { let: 'below', args: { max: 5 } } })]
  const reason = (context: Record<string, unknown>, actor = 'User:ann') =>
    ask(program, facts, actor, 'read', 'Doc:1', { context }).reason

  it('takes its parameters from the fact, else from the context', () => {
    expect(reason({ n: 3 })).toBe('granted')
    expect(reason({ n: 7 })).toBe('not-permitted')
    expect(reason({ n: 7, max: 9 })).toBe('not-permitted')
  })

  it('is an error where a parameter is nowhere, or of the wrong kind', () => {
    expect(reason({})).toBe('error')
    expect(reason({ n: '3' })).toBe('error')
  })

  it('does not matter where the fact is about somebody else', () => {
    expect(reason({}, 'User:bob')).toBe('not-permitted')
  })
})

describe('facts that come with a request', () => {
  const program = docs({
    roles: [
      ir.role('Doc.reader', { assignable: [user], contextual: true }),
      ir.role('Doc.writer', { assignable: [user] }),
    ],
    rules: [
      ir.rule('allow', 'read', ir.on('Doc'), ir.mine('reader')),
      ir.rule('allow', 'write', ir.on('Doc'), ir.mine('writer')),
    ],
  })

  it('count for relations that are declared so', () => {
    const facts = [ir.fact('Doc:1.reader = User:ann')]
    expect(ask(program, [], 'User:ann', 'read', 'Doc:1', { facts }).reason).toBe('granted')
    expect(ask(program, [], 'User:ann', 'read', 'Doc:1').reason).toBe('error')
  })

  it('make the request an error for all others', () => {
    const facts = [ir.fact('Doc:1.writer = User:ann')]
    expect(ask(program, [], 'User:ann', 'write', 'Doc:1', { facts })).toMatchObject({
      reason: 'error',
      errors: [{ code: 'bad-request' }],
    })
    const inline: EntityInput = { type: 'Doc', id: '1', writer: 'User:ann' }
    expect(ask(program, [], 'User:ann', 'write', inline as never).reason).toBe('error')
  })

  it('may be roles given with the resource', () => {
    const inline: EntityInput = { type: 'Doc', id: '1', reader: 'User:ann' }
    expect(ask(program, [], 'User:ann', 'read', inline as never).reason).toBe('granted')
  })
})

describe('host functions', () => {
  const program = ir.program({
    functions: [{ name: 'f', params: [{ name: 'x', type: ir.json, optional: true }], result: ir.boolean }],
    servers: [{ name: 's' }],
    rules: [
      ir.rule('allow', 'call', ir.items(ir.all), {
        kind: 'host-call',
        function: 'f',
        args: [ir.arg('x', ir.json, true)],
        at: ir.at,
      }),
    ],
  })
  const decide = (f: (...args: unknown[]) => unknown, args: unknown = {}) =>
    createEvaluator(program, { functions: { f } }).decide(
      { actor: 'User:ann', action: 'call', resource: { kind: 'tool', server: 's', name: 't', args }, env: { now } },
      ir.factsOf(program, []),
    )

  it('get plain values and give one', () => {
    let got: unknown
    const decision = decide(
      (x) => {
        got = x
        return true
      },
      { x: { kind: 'error', list: [1, 'a'], nothing: null } },
    )
    expect(decision.allowed).toBe(true)
    expect(JSON.stringify(got)).toBe('{"kind":"error","list":[1,"a"]}')
  })

  it('get nothing for an optional parameter that is absent', () => {
    expect(decide((x) => x === undefined).allowed).toBe(true)
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['returns the wrong kind', () => 'yes'],
    ['returns nothing', () => undefined],
    ['returns a promise', () => Promise.resolve(true)],
  ])('that %s is an error', (_, f) => {
    expect(decide(f)).toMatchObject({ reason: 'error', errors: [{ code: 'host-function' }] })
  })
})

describe('a decision that takes more than it may', () => {
  const parent = ir.entities(ir.resource, 'parent', true)
  const program = docs({
    types: [ir.actorType('User'), ir.type('Doc', { fields: [ir.declared('parent', ir.entityType('Doc'), true)] })],
    roles: [ir.role('Doc.reader', { assignable: [user], condition: ir.holds('reader', parent) })],
    rules: [
      ir.rule('allow', 'read', ir.on('Doc'), ir.or(ir.yes, ir.no)),
      ir.rule('deny', 'read', ir.on('Doc'), ir.mine('reader')),
    ],
  })
  const chain = Array.from({ length: 100 }, (_, i) => ir.fact(`Doc:${i}.parent = Doc:${i + 1}`))
  const decide = (limits: object) =>
    createEvaluator(program, { limits }).decide(
      { actor: 'User:ann', action: 'read', resource: 'Doc:0', env: { now } },
      ir.factsOf(program, chain),
    )

  it('is a denial with an error, though a rule would allow it', () => {
    expect(decide({}).reason).toBe('granted')
    expect(decide({ atoms: 50 })).toMatchObject({
      allowed: false,
      reason: 'error',
      rules: [],
      errors: [{ code: 'budget' }],
    })
    expect(decide({ steps: 50 })).toMatchObject({ allowed: false, reason: 'error', errors: [{ code: 'budget' }] })
  })

  it('may not be given more than there is', () => {
    expect(decide({ atoms: Number.POSITIVE_INFINITY }).reason).toBe('granted')
  })

  it('is one with conditions that double at every step', () => {
    let doubling = ir.when(ir.mine('reader'), ir.int(0), ir.int(1))
    for (let i = 0; i < 40; i++) {
      const other = ir.when(ir.holds('reader', ir.named(`Doc:${i}`)), ir.int(0), ir.int(1))
      doubling = ir.plus(doubling, other)
    }
    const explosive = {
      ...program,
      rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.compare(doubling, '>', ir.int(0)))],
    }
    const decision = createEvaluator(explosive, { limits: { steps: 1_000_000 } }).decide(
      { actor: 'User:ann', action: 'read', resource: 'Doc:0', env: { now } },
      ir.factsOf(program, chain),
    )
    expect(decision).toMatchObject({ reason: 'error', errors: [{ code: 'budget' }] })
  })

  it('is none with a `let` that is used twice at every step', () => {
    let shared = ir.compare(
      ir.orElse(ir.field(ir.variable('context'), 'n', ir.integer, { optional: true }), ir.int(1)),
      '==',
      ir.int(1),
    )
    for (let i = 0; i < 50; i++) shared = i % 2 === 0 ? ir.and(shared, shared) : ir.or(shared, shared)
    const deep = { ...program, rules: [ir.rule('allow', 'read', ir.on('Doc'), shared)] }
    expect(ask(deep, chain, 'User:ann', 'read', 'Doc:0').reason).toBe('granted')
    const late = { ...deep, rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.or(shared, ir.mine('reader')))] }
    expect(ask(late, chain, 'User:ann', 'read', 'Doc:0', { context: { n: 2 } }).reason).toBe('not-permitted')
  })
})
