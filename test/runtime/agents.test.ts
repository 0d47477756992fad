import { describe, expect, it } from 'vitest'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program } from '../../src/ir/program.ts'
import { ask } from './ask.ts'
import * as ir from './ir.ts'

const trusted = ir.field(ir.variable('agent'), 'trusted', ir.boolean)

function policy(parts: Partial<Program>): Program {
  return ir.program({
    types: [
      ir.actorType('User'),
      ir.actorType('Agent', { fields: [ir.declared('trusted', ir.boolean)] }),
      ir.type('Doc', { fields: [ir.declared('size', ir.integer, true)] }),
    ],
    roles: [
      ir.role('Doc.reader', { assignable: [{ kind: 'entity', type: 'User' }] }),
      ir.role('Doc.owner', { assignable: [{ kind: 'entity', type: 'User' }] }),
    ],
    delegates: true,
    ...parts,
  })
}

const facts = [
  ir.fact('Doc:1.reader = User:ann'),
  ir.fact('Doc:1.owner = User:bob'),
  { type: 'Agent', id: 'good', trusted: true },
  { type: 'Agent', id: 'bad', trusted: false },
]
const reads = ir.rule('allow', 'read', ir.on('Doc'), ir.mine('reader'), { id: 'readers' })

function reason(program: Program, agents: readonly string[], action = 'read', actor = 'User:ann') {
  return ask(program, facts, actor, action, 'Doc:1', { agents: agents.map((id) => `Agent:${id}`) }).reason
}

describe('an agent', () => {
  const delegated = policy({ rules: [reads, ir.rule('delegate', 'read', ir.on('Doc'), trusted, { id: 'trusted' })] })

  it('without a `delegate` is denied', () => {
    expect(reason(policy({ rules: [reads] }), [])).toBe('granted')
    expect(reason(policy({ rules: [reads] }), ['good'])).toBe('not-delegated')
  })

  it('does what both it and its user may', () => {
    expect(reason(delegated, ['good'])).toBe('granted')
    expect(reason(delegated, ['bad'])).toBe('not-delegated')
    expect(reason(delegated, ['good'], 'read', 'User:bob')).toBe('not-permitted')
    expect(reason(delegated, ['good', 'bad'])).toBe('not-delegated')
  })

  it('that nothing is known of gives an error where it is looked at', () => {
    expect(reason(delegated, ['new'])).toBe('error')
  })

  it('shows in the rules that granted', () => {
    const decision = ask(delegated, facts, 'User:ann', 'read', 'Doc:1', { agents: ['Agent:good'] })
    expect(decision.rules).toEqual([{ id: 'readers' }, { id: 'trusted' }])
  })

  it('is stopped by a deny that mentions `agent`, which meets no bare user', () => {
    const denied = policy({
      rules: [
        reads,
        ir.rule('delegate', 'read', ir.on('Doc')),
        ir.rule('deny', 'read', ir.on('Doc'), ir.not(trusted), { mentionsAgent: true, id: 'untrusted' }),
      ],
    })
    expect(reason(denied, [])).toBe('granted')
    expect(reason(denied, ['good'])).toBe('granted')
    expect(reason(denied, ['bad'])).toBe('forbidden')
    expect(reason(denied, ['good', 'bad'])).toBe('forbidden')
  })

  it('of another type, or that is no actor, is a bad request', () => {
    const decision = ask(delegated, facts, 'User:ann', 'read', 'Doc:1', { agents: ['User:bob'] })
    expect(decision).toMatchObject({ reason: 'error', errors: [{ code: 'bad-request' }] })
  })
})

describe('a permission inside a condition', () => {
  const mayRead: Expr = ir.may('read', ir.resource)
  const program = (deny: Expr, delegates: string) =>
    policy({
      rules: [
        reads,
        ir.rule('allow', 'write', ir.on('Doc')),
        ir.rule('deny', 'write', ir.on('Doc'), deny),
        ir.rule('delegate', delegates, ir.on('Doc')),
      ],
    })

  it('that is not delegated cannot switch a deny off', () => {
    const unlessReader = program(ir.not(mayRead), 'write')
    expect(reason(unlessReader, [], 'write')).toBe('granted')
    expect(reason(unlessReader, ['good'], 'write')).toBe('error')
    expect(reason(program(ir.not(mayRead), 'write, read'), ['good'], 'write')).toBe('granted')
  })

  it('that is not delegated does not let an agent exceed its user either', () => {
    const ifReader = program(mayRead, 'write')
    expect(reason(ifReader, [], 'write')).toBe('forbidden')
    expect(reason(ifReader, ['good'], 'write')).toBe('error')
  })

  it('that is not delegated is told of, beside what makes that an error and nothing of what is certain', () => {
    const told = (read: Expr, agent: string) => {
      const rules = [
        reads,
        ir.rule('allow', 'write', ir.on('Doc'), mayRead),
        ir.rule('delegate', 'write', ir.on('Doc')),
        ir.rule('delegate', 'read', ir.on('Doc'), read),
      ]
      const decision = ask(policy({ rules }), facts, 'User:ann', 'write', 'Doc:1', { agents: [`Agent:${agent}`] })
      return decision.errors.map(({ code }) => code)
    }
    expect(told(trusted, 'good')).toEqual([])
    expect(told(trusted, 'bad')).toEqual(['not-delegated'])
    expect(told(trusted, 'new')).toEqual(['not-delegated', 'unknown-entity'])
  })

  it('of somebody else has no agent', () => {
    const asBob = policy({
      rules: [
        ir.rule('allow', 'read', ir.on('Doc'), ir.mine('owner')),
        ir.rule('allow', 'write', ir.on('Doc'), ir.may('read', ir.resource, ir.named('User:bob'))),
        ir.rule('delegate', 'write', ir.on('Doc')),
      ],
    })
    expect(reason(asBob, ['good'], 'write')).toBe('granted')
  })

  it('has the rules of the whole file that cover its type', () => {
    const closed = policy({
      rules: [reads, ir.rule('deny', '*', ir.everything, ir.yes), ir.rule('allow', 'write', ir.on('Doc'), mayRead)],
    })
    expect(reason(closed, [], 'write')).toBe('forbidden')
    const open = policy({
      rules: [
        ir.rule('allow', 'read', ir.everything, ir.mine('reader')),
        ir.rule('deny', 'read', ir.everything, ir.mine('owner')),
        ir.rule('allow', 'write', ir.on('Doc'), mayRead),
      ],
    })
    expect(reason(open, [], 'write')).toBe('granted')
    expect(reason(open, [], 'write', 'User:bob')).toBe('not-permitted')
  })
})
