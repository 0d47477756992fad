import type { Facts } from '../facts/store.ts'
import type { Expr } from '../ir/expr.ts'
import type { Type } from '../ir/type.ts'
import type { Absent, EvaluationError, Value } from '../value/value.ts'
import type { Budget } from './budget.ts'
import { spend } from './budget.ts'
import type { BuiltinFunction } from './builtins/builtin.ts'
import type { Formula } from './formula.ts'
import type { HostFunctions } from './host-call.ts'
import type { Policy } from './policy.ts'
import type { Question } from './question.ts'
import type { Scope } from './scope.ts'
import type { Supposing } from './supposing.ts'
import type { System } from './system.ts'
import { demandLeaf } from './system.ts'

/** One question being evaluated against one view of the facts. */
export interface Run {
  readonly policy: Policy
  readonly question: Question
  readonly facts: Facts
  readonly functions: HostFunctions
  readonly builtins: ReadonlyMap<string, BuiltinFunction>
  readonly system: System
  readonly budget: Budget
  readonly mode: Mode
  readonly supposing?: Supposing
  /** What contains an entity, once it has been asked. */
  readonly containers: Map<string, Containers>
  /** What has been read of an input, by the object, the name and the type: each is read once, however often it is asked for. */
  readonly reads: WeakMap<object, Map<string, Map<Type, Value | Absent | EvaluationError>>>
}

/** `offer`: keeps, as leaves, the obtainable facts that are not held. */
export type Mode = 'decide' | 'offer'

export interface Containers {
  /** Keys of the entity and of all that contain it now. */
  readonly certain: ReadonlySet<string>
  /** Also of what may contain it: only more where the time is not known. */
  readonly possible: ReadonlySet<string>
}

export function step(run: Run, amount = 1): void {
  spend(run.budget, 'steps', amount)
}

export function leafOf(run: Run, expr: Expr, scope: Scope): Formula {
  return demandLeaf(run.system, { kind: 'condition', expr, scope })
}
