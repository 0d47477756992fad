import type { Expr } from '../../ir/expr.ts'

/**
 * The condition with other conditions as its parts; the same object where they are the same, so that what is shared stays shared.
 * Operands of operators stay as they are: errors print them.
 */
export function mapParts(expr: Expr, map: (part: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'and':
    case 'or': {
      const operands = expr.operands.map(map)
      return operands.every((operand, i) => operand === expr.operands[i]) ? expr : { ...expr, operands }
    }
    case 'not':
    case 'recover': {
      const operand = map(expr.operand)
      return operand === expr.operand ? expr : { ...expr, operand }
    }
    case 'conditional': {
      const [condition, then, otherwise] = [map(expr.condition), map(expr.then), map(expr.else)]
      const isSame = condition === expr.condition && then === expr.then && otherwise === expr.else
      return isSame ? expr : { ...expr, condition, then, else: otherwise }
    }
    case 'some':
    case 'every': {
      const body = map(expr.body)
      return body === expr.body ? expr : { ...expr, body }
    }
    case 'obtainable': {
      const { fact } = expr
      if (fact.kind !== 'approved') return expr
      const body = map(fact.body)
      return body === fact.body ? expr : { ...expr, fact: { ...fact, body } }
    }
    default:
      return expr
  }
}
