import type { Expr } from '../../syntax/ast.ts'
import { printExpression } from '../../syntax/print.ts'
import type { Report } from '../report.ts'
import type { ExpectedFact } from './test-case.ts'

/** What stands behind `missing`: facts that a caller can go and get, in the policy's own words. */
export function expectedFacts(exprs: readonly Expr[], report: Report): readonly ExpectedFact[] {
  return exprs.flatMap((expr): ExpectedFact[] => {
    const fact = factOf(expr)
    if (fact !== undefined) return [fact]
    report.add('bad-test', expr.span, 'this is nothing that a caller could go and get', {
      help: '`scope("x")`, `acr("x")`, `authAge() <= 5m`, `confirmed()` and `approvedBy(…)` are',
    })
    return []
  })
}

function factOf(expr: Expr): ExpectedFact | undefined {
  if (expr.kind === 'binary' && (expr.operator === '<=' || expr.operator === '<')) {
    const { left, right } = expr
    return left.kind === 'call' && left.function.text === 'authAge' && right.kind === 'duration'
      ? { kind: 'auth-age', atMost: right.milliseconds, strict: expr.operator === '<' }
      : undefined
  }
  if (expr.kind !== 'call') return undefined
  const [first, second] = expr.args
  const text =
    first?.kind === 'string' && first.parts.every((part) => part.kind === 'text')
      ? first.parts.map((part) => part.value).join('')
      : undefined
  switch (expr.function.text) {
    case 'scope':
      return text === undefined ? undefined : { kind: 'scope', scope: text }
    case 'acr':
      return text === undefined ? undefined : { kind: 'acr', acr: text }
    case 'confirmed':
      return expr.args.length === 0 ? { kind: 'confirmed' } : undefined
    case 'approvedBy':
      if (first === undefined || (second !== undefined && second.kind !== 'int')) return undefined
      return { kind: 'approved', count: second === undefined ? 1 : Number(second.value), of: printExpression(first) }
    default:
      return undefined
  }
}
