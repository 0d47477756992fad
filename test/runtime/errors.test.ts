import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program } from '../../src/ir/program.ts'
import type { Decision } from '../../src/runtime/decision.ts'
import { reported } from '../../src/runtime/errors.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { evaluateResidual, partial } from '../../src/runtime/partial/partial.ts'
import type { UnknownInput } from '../../src/runtime/question.ts'
import type { Environment } from '../../src/runtime/request.ts'
import { entity } from '../../src/value/entity.ts'
import { errorsIn, isError } from '../../src/value/evaluation-error.ts'
import { now } from './ask.ts'
import { direct } from './direct.ts'
import { contexts, functions, programs, questions, ruleSets, tokens } from './erring-program.ts'
import * as ir from './ir.ts'

interface Given {
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly context: Readonly<Record<string, unknown>>
  readonly token: Readonly<Record<string, unknown>>
}

function decide(program: Program, { facts, context, token }: Given): Decision {
  return createEvaluator(program, { functions }).decide(
    { actor: 'User:ann', action: 'read', resource: 'Doc:1', env: { now, context, token } },
    ir.factsOf(program, facts),
  )
}

describe('the errors of a decision', () => {
  it('are those that its conditions have, read from left to right with every role looked up where it is asked for', () => {
    const seen = { granted: 0, 'not-permitted': 0, error: 0 }
    fc.assert(
      fc.property(programs, questions, (program, given) => {
        const condition = program.rules[0]?.condition as Expr
        const truth = direct(
          {
            program,
            facts: ir.factsOf(program, given.facts),
            functions,
            context: given.context,
            scopes: 'scopes' in given.token ? given.token.scopes : [],
            actor: entity('User', 'ann'),
            resource: entity('Doc', '1'),
          },
          condition,
        )
        const reason = isError(truth) ? 'error' : truth ? 'granted' : 'not-permitted'
        seen[reason]++
        const { reason: decided, errors } = decide(program, given)
        expect({ reason: decided, errors }).toEqual({ reason, errors: isError(truth) ? reported(errorsIn(truth)) : [] })
      }),
      { numRuns: 400 },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  })

  it('do not depend on the order of operands, rules, roles and facts (invariant 1)', () => {
    const seen = { errors: 0 }
    fc.assert(
      fc.property(ruleSets, questions, fc.integer({ min: 1 }), (program, given, seed) => {
        const shuffle = shuffler(seed)
        const other: Program = {
          ...program,
          rules: shuffle(program.rules).map((rule) => ({ ...rule, condition: shuffled(rule.condition, shuffle) })),
          roles: shuffle(program.roles).map((role) => ({
            ...role,
            ...(role.condition === undefined ? {} : { condition: shuffled(role.condition, shuffle) }),
            ...(role.except === undefined ? {} : { except: shuffled(role.except, shuffle) }),
          })),
        }
        const one = decide(program, given)
        if (one.errors.length > 1) seen.errors++
        expect(gist(decide(other, { ...given, facts: shuffle(given.facts) }))).toEqual(gist(one))
      }),
      { numRuns: 250 },
    )
    expect(seen.errors).toBeGreaterThan(50)
  })

  it('leave it to a residual to come to the decision, however much hangs on what was not known (invariant 9)', () => {
    fc.assert(
      fc.property(
        ruleSets,
        questions,
        fc.constantFrom<UnknownInput[]>(['context'], ['token'], ['context', 'token']),
        (program, given, open) => {
          const evaluator = createEvaluator(program, { functions })
          const facts = ir.factsOf(program, given.facts)
          const ask = (env: Environment) => ({ actor: 'User:ann', action: 'read', resource: 'Doc:1', env })
          const { outcome, residual } = partial(
            evaluator,
            ask({ now, context: given.context, token: given.token }),
            facts,
            open,
          )
          const wired = JSON.parse(JSON.stringify(residual))
          for (const context of open.includes('context') ? contexts : [given.context]) {
            for (const token of open.includes('token') ? tokens : [given.token]) {
              const request = ask({ now, context, token })
              const decision = evaluator.decide(request, facts)
              if (outcome !== 'depends') expect(decision.allowed).toBe(outcome === 'allow')
              const { reason, rules } = gist(decision)
              expect(gist(evaluateResidual(evaluator, wired, request, facts))).toMatchObject({ reason, rules })
            }
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

/** Without the words of what is absent, which are the policy's, in their order. */
function gist({ reason, rules, errors }: Decision) {
  const told = errors.map(({ code, message, at }) => JSON.stringify([code, code === 'absent' ? '' : message, at]))
  return { reason, rules: rules.map(({ id }) => id).sort(), errors: told.sort() }
}

type Shuffle = <T>(items: readonly T[]) => readonly T[]

function shuffler(seed: number): Shuffle {
  let state = seed
  return (items) =>
    items
      .map((item) => {
        state = (state * 48271) % 2147483647
        return [state, item] as const
      })
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item)
}

/** With the operands of every `and` and `or` in another order. */
function shuffled(expr: Expr, shuffle: Shuffle): Expr {
  const inside = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(inside)
    if (typeof part !== 'object' || part === null) return part
    const copy = Object.fromEntries(Object.entries(part).map(([name, of]) => [name, inside(of)]))
    if (copy.kind === 'and' || copy.kind === 'or') copy.operands = shuffle(copy.operands as readonly unknown[])
    return copy
  }
  return inside(expr) as Expr
}
