import type { Expr } from '../ir/expr.ts'
import { printExpression } from '../runtime/print-expression.ts'
import type { Body } from './body.ts'
import type { Code } from './code.ts'
import { js } from './code.ts'

/** Where an expression stands, and what its operands are called for the case that one is not set. */
export function site({ module, places }: Body, expr: Expr, ...operands: readonly Expr[]): Code {
  const place = places?.get(expr)
  if (place !== undefined) return js`k.site(${place})`
  return module.data({ at: expr.at, operands: operands.map((operand) => printExpression(operand)) })
}

/** Where an expression stands. */
export function place({ module, places }: Body, expr: Expr): Code {
  const found = places?.get(expr)
  return found === undefined ? module.data(expr.at) : js`k.site(${found}).at`
}
