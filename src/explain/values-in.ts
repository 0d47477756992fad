import type { Expr } from '../ir/expr.ts'
import { children } from '../ir/walk.ts'
import { isSplit, unknown } from '../runtime/cases.ts'
import { evaluate } from '../runtime/interpret.ts'
import { printExpression } from '../runtime/print-expression.ts'
import type { Run } from '../runtime/run.ts'
import type { Scope } from '../runtime/scope.ts'
import { describe } from '../value/describe.ts'
import { isError } from '../value/evaluation-error.ts'
import { absent } from '../value/value.ts'
import type { ProofNode } from './proof.ts'

const maxValues = 8

/** What a condition that has no conditions for parts reads, and what that is. */
export function valuesIn(run: Run, expr: Expr, scope: Scope): NonNullable<ProofNode['values']> {
  if (hasConditions(expr)) return []
  const found = new Map<string, string>()
  const open = [expr]
  for (let next = open.shift(); next !== undefined && found.size < maxValues; next = open.shift()) {
    if (!isRead(next)) {
      if (next.kind !== 'some' && next.kind !== 'every') open.push(...children(next))
      else open.push(next.of)
      continue
    }
    const value = next === expr ? undefined : textOf(run, next, scope)
    if (value !== undefined) found.set(printExpression(next, scope), value)
  }
  return [...found].map(([text, value]) => ({ text, value }))
}

/** Their parts are told of one by one. */
function hasConditions({ kind }: Expr): boolean {
  return ['and', 'or', 'not', 'recover', 'conditional', 'obtainable', 'holds'].includes(kind)
}

/** It comes from outside as it is, and is not what the text says anyway. */
function isRead(expr: Expr): boolean {
  switch (expr.kind) {
    case 'field':
    case 'entities':
    case 'index':
      return true
    case 'variable':
      return expr.name === 'now' || expr.name === 'uri' || expr.name === 'actor' || expr.name === 'agent'
    default:
      return false
  }
}

function textOf(run: Run, expr: Expr, scope: Scope): string | undefined {
  const value = evaluate(run, expr, scope)
  if (value === absent) return 'not set'
  return value === unknown || isSplit(value) || isError(value) ? undefined : describe(value)
}
