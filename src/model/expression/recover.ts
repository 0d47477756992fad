import { nodes } from '../../ir/walk.ts'
import type { Call } from '../../syntax/ast.ts'
import { boolean } from '../shape.ts'
import type { Checked } from './checked.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'

/**
 * `recover(c, false)`: c, and false where it is an error. How policies of other systems say that a rule whose condition errs is
 * skipped. Roles and permissions stay outside, since what others depend on has to keep its
 * errors; and so do labels: what is recovered from does not grow with its parts where one of them is too large.
 */
export function checkRecover(scope: Scope, expr: Call): Checked {
  const [condition, fallback] = expr.args
  if (expr.args.length !== 2 || condition === undefined || fallback?.kind !== 'boolean' || fallback.value)
    return fail(
      scope,
      'wrong-arguments',
      expr.span,
      '`recover` takes a condition and `false`',
      '`recover(c, false)` is false where `c` is an error',
    )
  const { ir } = scope.checkCondition(scope, condition)
  const depends = nodes(ir).find(
    (node) =>
      node.kind === 'holds' || node.kind === 'obtainable' || (node.kind === 'variable' && node.name === 'session'),
  )
  if (depends === undefined) return checkedValue(boolean, { kind: 'recover', operand: ir, at: expr.span })
  fail(
    scope,
    'wrong-arguments',
    depends.at,
    'a role, a permission, a fact to obtain or a label cannot be recovered from',
    'leave it outside: `reader and recover(c, false)`',
  )
  return checkedUnknown(expr.span)
}
