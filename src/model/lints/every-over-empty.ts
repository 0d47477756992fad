import type { Expr } from '../../ir/expr.ts'
import { conjuncts } from '../analysis/constant.ts'
import { isSame } from '../analysis/same.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/**
 * `every` holds of nothing at all. Where that grants, the set is to be known not to be empty: by what stands beside it, or it is
 * written that it may be, as in `(xs ?? []).every(…)`. What is only under an `or` or `? :` is looked at by itself.
 */
export function everyOverEmpty({ rules }: CheckedPolicy, report: Report): void {
  for (const { effect, condition } of rules)
    if (effect === 'allow' || effect === 'delegate') look(condition, [], { report, steps: 0 })
}

/** Looks at one rule. A condition that shares its parts could be walked for ever. */
interface Looking {
  readonly report: Report
  steps: number
}

const mostSteps = 10_000

/** `known`: sets that are not empty here. */
function look(expr: Expr, known: readonly Expr[], at: Looking): void {
  at.steps += 1
  if (at.steps > mostSteps) return
  switch (expr.kind) {
    case 'and': {
      const all = conjuncts(expr)
      const shown = all.flatMap((one) => notEmpty(one))
      const inside = shown.length === 0 ? known : [...known, ...shown]
      for (const one of all) look(one, inside, at)
      break
    }
    case 'or':
      for (const one of expr.operands) look(one, known, at)
      break
    case 'conditional': {
      const shown = conjuncts(expr.condition).flatMap((one) => notEmpty(one))
      look(expr.then, [...known, ...shown], at)
      look(expr.else, expr.condition.kind === 'builtin' ? [...known, ...emptied(expr.condition)] : known, at)
      break
    }
    case 'every':
      if (mayBeEmpty(expr.of) && !known.some((one) => isSame(one, expr.of)))
        at.report.add('every-over-empty', expr.at, 'this also holds where there is nothing to look at', {
          help: 'add `not ….isEmpty()`, or write `(… ?? []).every(…)` where nothing is as good as all',
        })
      look(expr.body, known, at)
      break
    case 'some':
      look(expr.body, known, at)
      break
    default:
      break
  }
}

function mayBeEmpty(set: Expr): boolean {
  if (set.kind === 'set') return false
  return !(set.kind === 'coalesce' && set.right.kind === 'set' && set.right.elements.length === 0)
}

/** The sets that cannot be empty where this holds. */
function notEmpty(expr: Expr): readonly Expr[] {
  if (expr.kind === 'not' && expr.operand.kind === 'builtin') return emptied(expr.operand)
  if (expr.kind === 'some') return [expr.of]
  if (expr.kind === 'element' && expr.in === 'set') return [expr.of]
  if (expr.kind === 'builtin' && (expr.name === 'includes' || expr.name === 'containsAny')) return [receiver(expr)]
  return []
}

function emptied(expr: Expr & { readonly kind: 'builtin' }): readonly Expr[] {
  return expr.name === 'isEmpty' ? [receiver(expr)] : []
}

function receiver(expr: Expr & { readonly kind: 'builtin' }): Expr {
  return expr.args[0] ?? expr
}
