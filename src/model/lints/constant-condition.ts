import type { Expr } from '../../ir/expr.ts'
import type { TruthOf } from '../analysis/constant.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** A condition, or an operand of one, that is the same in every request. A bare `true` or `false` says so itself, and is meant. */
export function constantCondition({ rules, roles }: CheckedPolicy, report: Report, truthOf: TruthOf): void {
  const seen = new Set<Expr>()
  const look = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    for (const part of partsOf(expr)) {
      const truth = truthOf(part)
      if (truth === undefined) look(part)
      else tell(part, truth, report)
    }
  }
  for (const { condition, declaration } of rules) {
    const { if: holds, unless } = declaration.condition
    if (holds === undefined && unless === undefined) continue
    const truth = truthOf(condition)
    // That it never holds is said of the rule.
    if (truth === true) tell(condition, truth, report)
    else if (truth === undefined) look(condition)
  }
  for (const { condition, except } of roles)
    for (const part of [condition, except]) {
      if (part === undefined) continue
      const truth = truthOf(part)
      if (truth === undefined) look(part)
      else tell(part, truth, report)
    }
}

/** The conditions in a condition; what `? :` chooses between may be a constant. */
function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr.operands
    case 'not':
      return [expr.operand]
    case 'conditional':
      return [expr.condition]
    default:
      return []
  }
}

function tell({ kind, at }: Expr, truth: boolean, report: Report): void {
  if (kind === 'constant') return
  report.add('constant-condition', at, `this is always ${truth}`)
}
