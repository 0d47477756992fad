import { nodes } from '../../ir/walk.ts'
import type { Call } from '../../syntax/ast.ts'
import { boolean } from '../shape.ts'
import type { Checked } from './checked.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'

/**
 * `recover(c, false)`: c, and false where it is an error. How policies of other systems say that a rule whose condition errs is
 * skipped. Roles and permissions stay outside, since what others depend on has to keep its errors.
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
  const depends = nodes(ir).find(({ kind }) => kind === 'holds' || kind === 'obtainable')
  if (depends === undefined) return checkedValue(boolean, { kind: 'recover', operand: ir, at: expr.span })
  fail(
    scope,
    'wrong-arguments',
    depends.at,
    'a role, a permission or a fact to obtain cannot be recovered from',
    'leave it outside: `reader and recover(c, false)`',
  )
  return checkedUnknown(expr.span)
}
