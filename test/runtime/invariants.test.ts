import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Program } from '../../src/ir/program.ts'
import type { Decision } from '../../src/runtime/decision.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { evaluateResidual, partial } from '../../src/runtime/partial/partial.ts'
import type { Environment } from '../../src/runtime/request.ts'
import { now } from './ask.ts'
import * as ir from './ir.ts'
import { contexts, factSets, programs } from './random-program.ts'

type Facts = readonly (FactInput | EntityInput)[]
const runs = { numRuns: 300 }

const tokens = [{}, { scopes: ['x'] }, { scopes: 7 }]
const teams = [[], ['Agent:good'], ['Agent:bad'], ['Agent:good', 'Agent:new']]
const environments = fc.record({
  context: fc.constantFrom(...contexts),
  token: fc.constantFrom(...tokens),
  agents: fc.constantFrom(...teams),
})
const questions = fc.record({
  program: programs,
  facts: factSets,
  action: fc.constantFrom('read', 'write'),
  resource: fc.constantFrom('Doc:1', 'Doc:2', 'Doc:made-up'),
  env: environments,
})

interface Question {
  readonly program: Program
  readonly facts: Facts
  readonly action: string
  readonly resource: string
  readonly env: Environment
}

function decide({ program, facts, action, resource, env }: Question): Decision {
  const request = { actor: 'User:ann', action, resource, env: { now, ...env } }
  return createEvaluator(program).decide(request, ir.factsOf(program, facts))
}

/** What of a decision is the same however the policy is written down. */
function gist({ allowed, reason, rules, errors }: Decision) {
  return { allowed, reason, rules: rules.map(({ id }) => id).sort(), errors }
}

describe('a decision', () => {
  it('does not depend on the order of rules, roles and facts (invariant 1)', () => {
    const backwards = ({ program, facts, ...rest }: Question): Question => ({
      ...rest,
      program: { ...program, rules: [...program.rules].reverse(), roles: [...program.roles].reverse() },
      facts: [...facts].reverse(),
    })
    fc.assert(
      fc.property(questions, (question) => {
        expect(gist(decide(backwards(question)))).toEqual(gist(decide(question)))
      }),
      runs,
    )
  })

  it('that is an allow stays one when an error turns out to be true or false (invariant 2)', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const vague = { ...question, env: { ...question.env, context: {} } }
        fc.pre(decide(vague).allowed)
        for (const n of [1, 9]) expect(decide({ ...vague, env: { ...vague.env, context: { n } } }).allowed).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('that is a denial stays one when an agent comes in between (invariant 3)', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { agents = [] } = question.env
        for (const more of ['Agent:good', 'Agent:bad', 'Agent:new']) {
          const widened = { ...question, env: { ...question.env, agents: [...agents, more] } }
          if (decide(widened).allowed) expect(decide(question).allowed).toBe(true)
        }
      }),
      runs,
    )
  })

  it('refuses an agent to whom nothing is delegated (invariant 5)', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const rules = question.program.rules.filter(({ effect }) => effect !== 'delegate')
        const alone = { ...question, program: { ...question.program, rules } }
        expect(decide({ ...alone, env: { ...alone.env, agents: ['Agent:good'] } }).allowed).toBe(false)
      }),
      runs,
    )
  })

  it('does not change with facts said twice (invariant 8)', () => {
    fc.assert(
      fc.property(questions, (question) => {
        expect(decide({ ...question, facts: [...question.facts, ...question.facts] })).toEqual(decide(question))
      }),
      runs,
    )
  })
})

describe('a partial decision', () => {
  const opened = [['context'], ['token'], ['context', 'token'], ['now', 'session', 'args', 'approvals']] as const

  it('agrees with every completion, and its residual evaluates to the decision (invariant 9)', () => {
    fc.assert(
      fc.property(questions, fc.constantFrom(...opened), (question, open) => {
        const { program, action, resource, env } = question
        const evaluator = createEvaluator(program)
        const facts = ir.factsOf(program, question.facts)
        const ask = (more: Environment) => ({ actor: 'User:ann', action, resource, env: { now, ...env, ...more } })
        const { outcome, residual } = partial(evaluator, ask({}), facts, open)
        const wired = JSON.parse(JSON.stringify(residual))
        for (const context of (open as readonly string[]).includes('context') ? contexts : [env.context]) {
          for (const token of (open as readonly string[]).includes('token') ? tokens : [env.token]) {
            const request = ask({ context, token } as Environment)
            const decision = evaluator.decide(request, facts)
            if (outcome !== 'depends') expect(decision.allowed).toBe(outcome === 'allow')
            expect(gist(evaluateResidual(evaluator, wired, request, facts))).toMatchObject({
              allowed: decision.allowed,
              reason: decision.reason,
              rules: decision.rules.map(({ id }) => id).sort(),
            })
          }
        }
      }),
      runs,
    )
  })
})
