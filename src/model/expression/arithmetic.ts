import type { Arithmetic, Expr as Ir } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Binary, Expr } from '../../syntax/ast.ts'
import { datetime, duration, int, isAll, number, type Shape, showShape, string } from '../shape.ts'
import type { Checked } from './checked.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { present, shapeOr } from './use.ts'

/** `+`, `-` and `*` of numbers, of times and durations, and `+` of texts. */
export function checkArithmetic(scope: Scope, expr: Binary): Checked {
  // `a + b + …`: a chain however long is walked, not descended.
  const spine: { readonly right: Expr; readonly span: Ir['at']; readonly operator: '+' | '-' | '*' }[] = []
  let first: Expr = expr
  while (first.kind === 'binary' && (first.operator === '+' || first.operator === '-' || first.operator === '*')) {
    spine.push({ right: first.right, span: first.span, operator: first.operator })
    first = first.left
  }
  let result = scope.check(scope, first)
  for (const { right, span, operator: step } of spine.reverse()) {
    result = arithmetic(scope, step, result, scope.check(scope, right), span)
    if (result.shape.kind === 'unknown') return checkedUnknown(expr.span)
  }
  return result
}

function arithmetic(scope: Scope, operator: '+' | '-' | '*', left: Checked, right: Checked, at: Ir['at']): Checked {
  const [l, r] = [present(scope, left), present(scope, right)]
  const [a, b] = [shapeOr(left), shapeOr(right)]
  const domain = domainOf(operator, a, b)
  if (domain === undefined)
    return fail(
      scope,
      'type-mismatch',
      at,
      `\`${operator}\` does not apply to ${showShape(left.shape)} and ${showShape(right.shape)}`,
      'it takes numbers, times and durations, and `+` two strings',
    )
  const isOpen = a.kind === 'dynamic' || b.kind === 'dynamic'
  if (operator === '*' && !isOpen && l.kind !== 'constant' && r.kind !== 'constant')
    return fail(
      scope,
      'type-mismatch',
      at,
      '`*` takes one literal operand',
      'a product of two unknowns cannot be analysed',
    )
  const ir: Arithmetic = { kind: 'arithmetic', operator, domain: domain.domain, left: l, right: r, at }
  return checkedValue(domain.result, ir)
}

/** What an operator computes in, and of which type the result is; undefined where it does not apply. */
function domainOf(
  operator: '+' | '-' | '*',
  a: Shape,
  b: Shape,
): { readonly domain: Arithmetic['domain']; readonly result: Type } | undefined {
  const time = (result: Type) => ({ domain: 'time', result }) as const
  if (a.kind === 'datetime' || b.kind === 'datetime') {
    if (operator === '-' && a.kind === 'datetime' && isAll(b, 'datetime')) return time(duration)
    if (operator !== '*' && a.kind === 'datetime' && isAll(b, 'duration')) return time(datetime)
    if (operator === '+' && isAll(a, 'duration') && b.kind === 'datetime') return time(datetime)
    return undefined
  }
  if (a.kind === 'duration' || b.kind === 'duration') {
    if (operator !== '*') return isAll(a, 'duration') && isAll(b, 'duration') ? time(duration) : undefined
    return (a.kind === 'duration' ? isAll(b, 'int') : isAll(a, 'int')) ? time(duration) : undefined
  }
  if (isAll(a, 'int') && isAll(b, 'int')) return { domain: 'int', result: int }
  if (isAll(a, 'int', 'number') && isAll(b, 'int', 'number')) return { domain: 'number', result: number }
  if (operator === '+' && isAll(a, 'string') && isAll(b, 'string')) return { domain: 'string', result: string }
  return undefined
}
