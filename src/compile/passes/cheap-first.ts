import { assertNever } from '../../base/assert-never.ts'
import type { Builtin, Expr } from '../../ir/expr.ts'
import { children } from '../../ir/walk.ts'
import { mapParts } from './condition-parts.ts'

/**
 * The cheapest tests first: `and` and `or` mean the same in any order, errors included, and what decides is found sooner. Among equals
 * the order of the policy stays.
 */
export function cheapFirst(root: Expr): Expr {
  const costs = new Map<Expr, number>()
  const done = new Map<Expr, Expr>()

  function costOf(expr: Expr): number {
    let cost = costs.get(expr)
    if (cost === undefined) {
      cost = children(expr).reduce((sum, child) => sum + costOf(child), ownCost(expr))
      costs.set(expr, cost)
    }
    return cost
  }

  function ordered(expr: Expr): Expr {
    let result = done.get(expr)
    if (result === undefined) {
      result = sorted(mapParts(expr, ordered))
      done.set(expr, result)
    }
    return result
  }

  function sorted(expr: Expr): Expr {
    if (expr.kind !== 'and' && expr.kind !== 'or') return expr
    const operands = [...expr.operands].sort((a, b) => costOf(a) - costOf(b))
    return operands.every((operand, i) => operand === expr.operands[i]) ? expr : { ...expr, operands }
  }

  return ordered(root)
}

/** Of a node without its parts: about what it costs beside the reading of a field, which is 2. */
function ownCost(expr: Expr): number {
  switch (expr.kind) {
    case 'constant':
      return 0
    case 'variable':
    case 'local':
    case 'not':
    case 'recover':
    case 'and':
    case 'or':
    case 'compare':
    case 'is':
    case 'conditional':
    case 'coalesce':
    case 'arithmetic':
    case 'negate':
      return 1
    case 'field':
    case 'has':
      return 2
    case 'set':
    case 'element':
      return 3
    case 'builtin':
      return builtinCost(expr)
    case 'obtainable':
      return expr.fact.kind === 'approved' ? 60 : 5
    case 'index':
    case 'record':
      return 10
    case 'interpolate':
      return 20
    case 'contained':
    case 'construct':
    case 'entities':
      return 30
    case 'some':
    case 'every':
      return 20
    case 'holds':
      // A permission is rules of its own.
      return expr.permission ? 100 : 40
    case 'host-call':
      return 200
    default:
      return assertNever(expr)
  }
}

function builtinCost({ name }: Builtin): number {
  switch (name) {
    case 'startsWith':
    case 'endsWith':
    case 'length':
    case 'isEmpty':
      return 3
    case 'matches':
    case 'hourIn':
      return 80
    case 'url':
    case 'path':
    case 'ip':
    case 'cidr':
    case 'datetime':
    case 'duration':
      return 20
    default:
      return 6
  }
}
