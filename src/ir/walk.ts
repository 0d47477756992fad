import { assertNever } from '../base/assert-never.ts'
import type { Expr, VariableName } from './expr.ts'

/** The direct parts of an expression. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'local':
      return []
    case 'set':
      return expr.elements
    case 'record':
      return expr.entries.map((entry) => entry.value)
    case 'field':
    case 'entities':
    case 'has':
    case 'is':
      return [expr.of]
    case 'index':
      return [expr.of, expr.key]
    case 'construct':
    case 'interpolate':
      return expr.parts.filter((part) => typeof part !== 'string')
    case 'builtin':
    case 'host-call':
      return expr.args
    case 'and':
    case 'or':
      return expr.operands
    case 'not':
    case 'negate':
      return [expr.operand]
    case 'compare':
    case 'arithmetic':
    case 'coalesce':
      return [expr.left, expr.right]
    case 'holds':
      return expr.of === undefined ? [expr.subject] : [expr.subject, expr.of]
    case 'contained':
      return [expr.subject, expr.within]
    case 'element':
      return [expr.value, expr.of]
    case 'conditional':
      return [expr.condition, expr.then, expr.else]
    case 'some':
    case 'every':
      return [expr.of, expr.body]
    case 'obtainable':
      return expr.fact.kind === 'approved' ? [expr.fact.body] : []
    default:
      return assertNever(expr)
  }
}

/** Every node once, however often it is shared. */
export function* nodes(root: Expr): Iterable<Expr> {
  const seen = new Set<Expr>()
  const open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    yield next
    open.push(...children(next))
  }
}

export function mentions(root: Expr, variable: VariableName): boolean {
  for (const node of nodes(root)) if (node.kind === 'variable' && node.name === variable) return true
  return false
}
