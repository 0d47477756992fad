import { layered } from '../facts/layers.ts'
import type { Facts } from '../facts/store.ts'
import type { Program } from '../ir/program.ts'
import { isError } from '../value/evaluation-error.ts'
import type { EvaluationError } from '../value/value.ts'
import type { Budget, Limits } from './budget.ts'
import { maximum } from './budget.ts'
import { createBuiltins } from './builtins/registry.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { denial, failure } from './denial.ts'
import { guarded } from './guarded.ts'
import type { HostFunctions } from './host-call.ts'
import type { RequestInput } from './normalise.ts'
import { normalise } from './normalise.ts'
import type { Policy } from './policy.ts'
import { policyOf } from './policy.ts'
import type { UnknownInput } from './question.ts'
import { regexes } from './regexes.ts'
import type { Mode, Run } from './run.ts'
import { newSystem } from './system.ts'

export interface EvaluatorOptions {
  readonly functions?: HostFunctions
  /** Lower bounds on what one decision may spend. */
  readonly limits?: Partial<Limits>
}

/** The reference interpreter of one program. Facts are given with each question: one evaluation sees one view of them. */
export interface Evaluator {
  readonly policy: Policy
  /** Never throws: whatever is wrong with a request, or takes too long, is a denial with an error. */
  decide(request: RequestInput, facts: Facts): Decision
  /** As `decide`, only whether it is allowed. */
  can(request: RequestInput, facts: Facts): boolean
  /** Begins an evaluation, for what looks further into it; `within` catches what it throws. */
  begin(request: RequestInput, facts: Facts, mode: Mode, open?: ReadonlySet<UnknownInput>): Run | EvaluationError
}

export function createEvaluator(program: Program, options: EvaluatorOptions = {}): Evaluator {
  const policy = policyOf(program)
  const builtins = createBuiltins(regexes)
  const limits: Limits = {
    atoms: Math.min(options.limits?.atoms ?? maximum.atoms, maximum.atoms),
    steps: Math.min(options.limits?.steps ?? maximum.steps, maximum.steps),
  }
  const begin: Evaluator['begin'] = (request, facts, mode, open = new Set()) => {
    const asked = normalise(policy, request, open)
    if (isError(asked)) return asked
    const { question, layers } = asked
    const budget: Budget = { ...limits }
    const functions = options.functions ?? {}
    const system = newSystem()
    const seen = layered(...layers, facts)
    return {
      policy,
      question,
      facts: seen,
      functions,
      builtins,
      system,
      budget,
      mode,
      containers: new Map(),
      reads: new WeakMap(),
    }
  }
  const decideAny: Evaluator['decide'] = (request, facts) =>
    guarded(() => {
      const run = begin(request, facts, 'decide')
      return isError(run) ? denial('error', [run]) : decide(run)
    }, failure)
  return { policy, begin, decide: decideAny, can: (request, facts) => decideAny(request, facts).allowed }
}
