import type { Expr } from '../ir/expr.ts'
import { children } from '../ir/walk.ts'
import type { Body } from './body.ts'
import type { Code } from './code.ts'
import { join, js } from './code.ts'
import { truthOf } from './expression.ts'
import { conditionAt } from './fast/glance.ts'
import { all, checked } from './fast/operand.ts'
import { plainMask } from './global-roles.ts'

/**
 * A condition as a boolean of JavaScript, inside a verdict. Where something is unusual `x` becomes true, and whatever the rest comes
 * to is for nothing.
 */
export function plainTruth(body: Body, expr: Expr): Code {
  const mask = body.direct && plainMask(body, body.direct, expr)
  if (mask !== undefined) return mask
  switch (expr.kind) {
    case 'and':
    case 'or': {
      const operands = expr.operands.map((operand) => plainTruth(body, operand))
      return operands.length === 0
        ? js`${expr.kind === 'and'}`
        : js`(${join(operands, expr.kind === 'and' ? ' && ' : ' || ')})`
    }
    case 'not':
      return js`!${plainTruth(body, expr.operand)}`
    case 'conditional':
      return js`(${plainTruth(body, expr.condition)} ? ${plainTruth(body, expr.then)} : ${plainTruth(body, expr.else)})`
    default:
      return lacking(body, expr, known(body, expr))
  }
}

function known(body: Body, expr: Expr): Code {
  const operand = conditionAt(body, expr)
  if (operand !== undefined) {
    const { when, code } = checked(operand)
    return when.length === 0 ? js`(${code})` : js`(${all(when)} ? ${code} : (x = true))`
  }
  const { direct, ...rest } = body
  if (direct !== undefined) direct.asksMore = true
  const { code, sure } = truthOf({ ...rest, reads: new Map() }, expr)
  return sure ? js`(${code})` : js`((y = ${code}) === true || y !== false && (x = true))`
}

/** Something that a caller could go and get is not there. */
function lacking(body: Body, expr: Expr, code: Code): Code {
  if (body.direct?.tellsLacking !== true) return code
  return mentionsObtainable(expr) ? js`(${code} || (l = 8, false))` : code
}

function mentionsObtainable(expr: Expr): boolean {
  return expr.kind === 'obtainable' || expr.kind === 'holds' || children(expr).some(mentionsObtainable)
}
