import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cheapFirst } from '../../../src/compile/passes/cheap-first.ts'
import type { Expr } from '../../../src/ir/expr.ts'
import { createEvaluator } from '../../../src/runtime/evaluator.ts'
import { now } from '../../runtime/ask.ts'
import * as ir from '../../runtime/ir.ts'
import { contexts, factSets, programs } from '../../runtime/random-program.ts'
import { rewritten } from './rewritten.ts'

const cheap = ir.compare(ir.arg('n', ir.integer), '<', ir.int(5))
const dear: Expr = { kind: 'host-call', function: 'slow', args: [], at: ir.at }
const role = ir.mine('reader')

describe('the cheapest test comes first', () => {
  it('in conjunctions and disjunctions, however deep they stand', () => {
    expect(cheapFirst(ir.and(dear, role, cheap))).toEqual(ir.and(cheap, role, dear))
    expect(cheapFirst(ir.not(ir.or(role, ir.and(dear, cheap))))).toEqual(ir.not(ir.or(role, ir.and(cheap, dear))))
    expect(cheapFirst(ir.some(ir.list(), 'x', ir.and(dear, cheap)))).toEqual(
      ir.some(ir.list(), 'x', ir.and(cheap, dear)),
    )
  })

  it('and among equals the one that was written first', () => {
    const other = ir.compare(ir.arg('m', ir.integer), '<', ir.int(5))
    expect(cheapFirst(ir.and(other, cheap))).toEqual(ir.and(other, cheap))
    expect(cheapFirst(ir.and(cheap, other))).toEqual(ir.and(cheap, other))
  })

  it('and what a policy says once is still one object', () => {
    const shared = ir.and(dear, cheap)
    const result = cheapFirst(ir.and(shared, ir.not(shared)))
    const [first, second] = result.kind === 'and' ? result.operands : []
    expect(first).toEqual(ir.and(cheap, dear))
    expect(second?.kind === 'not' && second.operand).toBe(first)
  })
})

describe('a decision', () => {
  it('stays what it is, errors included, when the cheapest tests come first (invariant 7)', () => {
    const environments = fc.record({
      context: fc.constantFrom(...contexts),
      token: fc.constantFrom({}, { scopes: ['x'] }, { scopes: 7 }),
      agents: fc.constantFrom([], ['Agent:good'], ['Agent:bad', 'Agent:new']),
    })
    fc.assert(
      fc.property(programs, factSets, environments, (program, inputs, env) => {
        const facts = ir.factsOf(program, inputs)
        const [before, after] = [program, rewritten(program, cheapFirst)].map((one) => createEvaluator(one))
        for (const resource of ['Doc:1', 'Doc:2', 'Doc:made-up']) {
          const request = { actor: 'User:ann', action: 'read', resource, env: { now, ...env } }
          expect(after?.decide(request, facts)).toEqual(before?.decide(request, facts))
        }
      }),
      { numRuns: 300 },
    )
  })
})
