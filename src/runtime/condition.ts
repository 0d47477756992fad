import type { Facts } from '../facts/store.ts'
import type { Expr } from '../ir/expr.ts'
import { anonymous } from '../value/entity.ts'
import { isError } from '../value/evaluation-error.ts'
import type { EvaluationError } from '../value/value.ts'
import { solved } from './decide.ts'
import { failure } from './denial.ts'
import { errorsOf } from './errors.ts'
import type { Evaluator } from './evaluator.ts'
import { guarded } from './guarded.ts'
import { ground } from './interpret.ts'
import type { Environment } from './request.ts'
import { scopeOf } from './scope.ts'
import { truthOf } from './truth.ts'

export interface ConditionResult {
  readonly holds: boolean
  readonly errors: readonly EvaluationError[]
}

/** Whether a condition that names all it is about holds, as an expectation of a `test` does. Who asks is nobody. */
export function evaluateCondition(
  evaluator: Evaluator,
  condition: Expr,
  env: Environment,
  facts: Facts,
): ConditionResult {
  return guarded<ConditionResult>(
    () => {
      const nobody = { actor: null, action: 'log', resource: { kind: 'server', server: '' }, env } as const
      const run = evaluator.begin(nobody, facts, 'decide')
      if (isError(run)) return { holds: false, errors: [run] }
      const formula = ground(run, condition, scopeOf({ subject: anonymous }))
      const model = solved(run)
      return { holds: truthOf(formula, model).low, errors: errorsOf([formula], run.system, model) }
    },
    (why) => ({ holds: false, errors: failure(why).errors }),
  )
}
