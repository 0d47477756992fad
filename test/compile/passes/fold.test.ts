import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../../src/compile/passes/fold.ts'
import type { Expr } from '../../../src/ir/expr.ts'
import type { Tool } from '../../../src/ir/program.ts'
import { createEvaluator } from '../../../src/runtime/evaluator.ts'
import type { Environment } from '../../../src/runtime/request.ts'
import { now } from '../../runtime/ask.ts'
import * as ir from '../../runtime/ir.ts'
import { conditions } from '../../runtime/random-program.ts'
import { rewritten, standingAt } from './rewritten.ts'

const tool: Tool = { name: 'push', readOnly: false, destructive: true, idempotent: false, openWorld: true }
const knowledge = { action: 'call', server: 's', tool }
const readOnly = ir.field(ir.variable('tool'), 'readOnly', ir.boolean)
const destructive = ir.field(ir.variable('tool'), 'destructive', ir.boolean)
const toolName = ir.field(ir.variable('tool'), 'name', ir.string)
const serverName = ir.field(ir.variable('server'), 'name', ir.string)
const small = ir.compare(ir.field(ir.variable('context'), 'n', ir.integer), '<', ir.int(5))
const yes = { value: { kind: 'boolean', value: true } }
const no = { value: { kind: 'boolean', value: false } }

describe('what is known beforehand', () => {
  it('is told of literals', () => {
    expect(fold(ir.compare(ir.int(3), '<', ir.int(5)))).toMatchObject(yes)
    expect(fold(ir.compare(ir.plus(ir.int(3), ir.int(2)), '==', ir.int(5)))).toMatchObject(yes)
    expect(fold(ir.element(ir.text('a'), ir.list(ir.text('b'))))).toMatchObject(no)
    expect(fold(ir.builtin('startsWith', ir.text('abc'), ir.text('ab')))).toMatchObject(yes)
  })

  it('is told of the item and of the action', () => {
    expect(fold(readOnly, knowledge)).toMatchObject(no)
    expect(fold(ir.compare(toolName, '==', ir.text('push')), knowledge)).toMatchObject(yes)
    expect(fold(ir.compare(serverName, '==', ir.text('t')), knowledge)).toMatchObject(no)
    expect(fold(ir.compare(ir.variable('action'), '==', ir.text('call')), knowledge)).toMatchObject(yes)
    expect(fold(readOnly)).toBe(readOnly)
  })

  it('decides what it decides, and is left out elsewhere', () => {
    expect(fold(ir.and(small, readOnly), knowledge)).toMatchObject(no)
    expect(fold(ir.or(small, destructive), knowledge)).toMatchObject(yes)
    expect(fold(ir.and(small, destructive), knowledge)).toBe(small)
    expect(fold(ir.or(readOnly, small, readOnly), knowledge)).toBe(small)
    expect(fold(ir.not(readOnly), knowledge)).toMatchObject(yes)
    expect(fold(ir.when(readOnly, ir.yes, small), knowledge)).toBe(small)
    expect(fold(ir.some(ir.list(), 'x', ir.and(small, readOnly)), knowledge)).toMatchObject({ body: no })
  })

  it('leaves errors where they are', () => {
    const erring = ir.compare(ir.int(3), '==', ir.text('a'))
    expect(fold(erring)).toBe(erring)
    expect(fold(ir.and(erring, ir.yes))).toBe(erring)
    expect(fold(ir.plus(ir.int(2n ** 63n - 1n), ir.int(1)))).toMatchObject({ kind: 'arithmetic' })
  })
})

const leaves: readonly Expr[] = [
  ir.yes,
  ir.no,
  readOnly,
  destructive,
  small,
  ir.compare(toolName, '==', ir.text('push')),
  ir.compare(toolName, '==', ir.int(1)),
  ir.compare(serverName, '!=', ir.text('s')),
  ir.compare(ir.variable('action'), '==', ir.text('call')),
  ir.compare(ir.plus(ir.int(2n ** 63n - 1n), ir.int(1)), '>', ir.int(0)),
  ir.compare(ir.arg('m', ir.integer), '<', ir.int(5)),
  ir.element(toolName, ir.list(ir.text('push'), ir.text('pull'))),
  ir.element(toolName, ir.list(ir.text('pull'), ir.arg('name', ir.string))),
  ir.holds('staff'),
].map(standingAt)

describe('a decision', () => {
  it('stays what it is, errors included, when what is known is told beforehand (invariant 7)', () => {
    const environments = fc.constantFrom<Environment>(
      {},
      { context: { n: 1 } },
      { context: { n: 9 } },
      { context: { n: 'x' } },
    )
    const inputs = fc.constantFrom({}, { m: 1 }, { m: 'x', name: 'push' })
    const { readOnly: _, ...hints } = tool
    fc.assert(
      fc.property(conditions(leaves), conditions(leaves), environments, inputs, (allowed, denied, env, args) => {
        const program = ir.program({
          types: [ir.actorType('User')],
          roles: [ir.role('staff', { assignable: [{ kind: 'entity', type: 'User' }] })],
          servers: [
            { name: 's', lock: { tools: [{ ...hints, readOnly: false }], prompts: [], resources: [], templates: [] } },
          ],
          rules: [
            ir.rule('allow', 'call', ir.items(ir.all), allowed),
            ir.rule('deny', 'call', ir.items(ir.all), denied),
          ],
        })
        const facts = ir.factsOf(program, [ir.fact('staff = User:ann')])
        const [before, after] = [program, rewritten(program, (one) => fold(one, knowledge))].map((one) =>
          createEvaluator(one),
        )
        for (const actor of ['User:ann', 'User:bob']) {
          const resource = { kind: 'tool', server: 's', name: 'push', args } as const
          const request = { actor, action: 'call', resource, env: { now, ...env } }
          expect(after?.decide(request, facts)).toEqual(before?.decide(request, facts))
        }
      }),
      { numRuns: 500 },
    )
  })
})
