import type { Facts } from '../facts/store.ts'
import type { Expr } from '../ir/expr.ts'
import { describe } from '../value/describe.ts'
import { errorsIn, isError } from '../value/evaluation-error.ts'
import { toPlain } from '../value/plain.ts'
import { absent, type EvaluationError, type Value } from '../value/value.ts'
import { isSplit, unknown } from './cases.ts'
import { solved } from './decide.ts'
import { failure } from './denial.ts'
import { errorsOf } from './errors.ts'
import type { Evaluator } from './evaluator.ts'
import { failed } from './formula.ts'
import { guarded } from './guarded.ts'
import { evaluate, ground } from './interpret.ts'
import type { ActorInput, Environment } from './request.ts'
import type { Run } from './run.ts'
import { scopeOf } from './scope.ts'
import { truthOf } from './truth.ts'

export interface ConditionResult {
  readonly holds: boolean
  readonly errors: readonly EvaluationError[]
}

/** What an expression comes to. */
export interface ExpressionResult {
  /** As data, undefined where it is not set or an error. */
  readonly value?: unknown
  /** In the policy's notation, cut where it is long. */
  readonly text: string
  /** The same of each member, where it is a set. */
  readonly members?: readonly string[]
  readonly errors: readonly EvaluationError[]
}

/** Whether a condition holds. Who asks is nobody where it names all it is about, as an expectation of a `test` does. */
export function evaluateCondition(
  evaluator: Evaluator,
  condition: Expr,
  request: Asked,
  facts: Facts,
): ConditionResult {
  return guarded<ConditionResult>(
    () => {
      const run = begin(evaluator, request, facts)
      if (isError(run)) return { holds: false, errors: [run] }
      const formula = ground(run, condition, scopeOf({ subject: run.question.actor }))
      const model = solved(run)
      return { holds: truthOf(formula, model).low, errors: errorsOf([formula], run.system, model) }
    },
    (why) => ({ holds: false, errors: failure(why).errors }),
  )
}

/** The value of an expression, roles and permissions in it solved. */
export function evaluateExpression(
  evaluator: Evaluator,
  expression: Expr,
  request: Asked,
  facts: Facts,
): ExpressionResult {
  return guarded<ExpressionResult>(
    () => {
      const run = begin(evaluator, request, facts)
      if (isError(run)) return erring([run])
      const cases = evaluate(run, expression, scopeOf({ subject: run.question.actor }))
      const model = solved(run)
      let outcome = cases
      while (isSplit(outcome)) {
        const { low, high } = truthOf(outcome.condition, model)
        if (low !== high) return erring(errorsOf([outcome.condition], run.system, model))
        outcome = low ? outcome.whenTrue : outcome.whenFalse
      }
      if (outcome === absent || outcome === unknown) return { text: 'not set', errors: [] }
      if (isError(outcome)) return erring(errorsOf([failed(outcome)], run.system, model))
      return described(outcome)
    },
    (why) => erring(failure(why).errors),
  )
}

interface Asked {
  readonly actor: ActorInput
  readonly env: Environment
}

function begin(evaluator: Evaluator, request: Asked, facts: Facts): Run | EvaluationError {
  return evaluator.begin({ ...request, action: 'log', resource: { kind: 'server', server: '' } }, facts, 'decide')
}

function erring(errors: readonly EvaluationError[]): ExpressionResult {
  return { text: 'error', errors }
}

function described(value: Value): ExpressionResult {
  const whole = { value: toPlain(value), text: describe(value) }
  if (typeof value !== 'object' || value.kind !== 'set') return { ...whole, errors: [] }
  return { ...whole, members: value.members.map(describe), errors: value.gap === undefined ? [] : errorsIn(value.gap) }
}
