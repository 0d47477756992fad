import type { Expr } from '../ir/expr.ts'
import { groundAtoms } from '../runtime/bodies/body.ts'
import { mapCases, type Outcome, unknown } from '../runtime/cases.ts'
import { evaluate, ground } from '../runtime/interpret.ts'
import type { Run } from '../runtime/run.ts'
import { type Scope, scopeOf } from '../runtime/scope.ts'
import { solve } from '../runtime/solve/solve.ts'
import { newSystem } from '../runtime/system.ts'
import { anything, truthOf } from '../runtime/truth.ts'
import { absent, type Entity, type Value } from '../value/value.ts'

/** Whether a condition that does not depend on what is sought can be true: certainly, or for some value of what is open. */
export function canHold(run: Run, condition: Expr, scope: Scope): boolean {
  const own = apart(run)
  const formula = ground(own, condition, scopeOf(scope, scope.locals))
  if (formula.kind === 'constant') return formula.value
  if (formula.kind === 'error') return false
  groundAtoms(own)
  return truthOf(
    formula,
    solve(own.system.bodies, own.budget, () => anything),
  ).low
}

/** What an expression that does not depend on what is sought can come to; undefined where that is not told. */
export function outcomesOf(run: Run, expr: Expr, scope: Scope): readonly Value[] | undefined {
  const found: Value[] = []
  let told = true
  const collect = (outcome: Outcome): Outcome => {
    if (outcome === unknown) told = false
    // An error or nothing makes no condition true.
    else if (outcome !== absent && !(typeof outcome === 'object' && outcome.kind === 'error')) found.push(outcome)
    return outcome
  }
  mapCases(evaluate(apart(run), expr, scopeOf(scope, scope.locals)), collect)
  return told ? found : undefined
}

/** The entities among values, and in sets among them. */
export function entitiesIn(values: readonly Value[]): readonly Entity[] {
  return values.flatMap((value) => {
    if (typeof value !== 'object') return []
    if (value.kind === 'set') return entitiesIn(value.members)
    return value.kind === 'entity' ? [value] : []
  })
}

/** With atoms of its own, so that a small question stays one after many others. */
function apart(run: Run): Run {
  return { ...run, system: newSystem() }
}
