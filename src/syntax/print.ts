import type { Expect, Expr, Policy } from './ast.ts'
import { token } from './printing/document.ts'
import { expression } from './printing/expression.ts'
import { expectation } from './printing/fact.ts'
import { document } from './printing/policy.ts'
import { render, renderFlat } from './printing/render.ts'

/**
 * Canonical text of a policy: parsing it gives the same tree but for its spans. Comments are not in the tree and so not in
 * the text; what did not parse is left out.
 */
export function print(policy: Policy): string {
  return render(document(policy, token('')))
}

/** Canonical text of an expression, on one line. */
export function printExpression(expr: Expr): string {
  return renderFlat(expression(expr))
}

/** Canonical text of an expectation, on one line. */
export function printExpect(expect: Expect): string {
  return `expect ${renderFlat(expectation(expect))}`
}
