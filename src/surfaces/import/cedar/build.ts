import type { BinaryOperator, EntityLiteral, Expr, FactEntry, Field, Given, TypeExpr } from '../../../syntax/ast.ts'
import { bareWord, reserved } from '../names.ts'
import { key, name, span, string } from '../tree.ts'

/** Parts of the syntax tree that only this importer writes, or writes otherwise. */

export function call(of: string, ...args: readonly Expr[]): Expr {
  return { kind: 'call', function: name(of), args, span }
}

export function method(of: Expr, called: string, ...args: readonly Expr[]): Expr {
  return { kind: 'method', of, name: name(called), optional: false, args, span }
}

/** `of.name`, or `of["a name"]`. */
export function member(of: Expr, called: string): Expr {
  if (bareWord(called)) return { kind: 'member', of, name: name(called), optional: false, span }
  return index(of, string(called))
}

export function index(of: Expr, at: Expr): Expr {
  return { kind: 'index', of, index: at, span }
}

export function not(operand: Expr): Expr {
  if (operand.kind === 'unary' && operand.operator === 'not') return operand.operand
  return { kind: 'unary', operator: 'not', operand, span }
}

export function negative(operand: Expr): Expr {
  return { kind: 'unary', operator: '-', operand, span }
}

export function binary(operator: BinaryOperator, left: Expr, right: Expr): Expr {
  // `a and (b and c)` is `a and b and c`.
  if ((operator === 'and' || operator === 'or') && right.kind === 'binary' && right.operator === operator)
    return binary(operator, binary(operator, left, right.left), right.right)
  return { kind: 'binary', operator, left, right, span }
}

/** All of them, or one of them; undefined of none. */
export function joined(operator: 'and' | 'or', operands: readonly Expr[]): Expr | undefined {
  return operands.length === 0 ? undefined : operands.reduce((left, right) => binary(operator, left, right))
}

export function has(of: Expr, named: string): Expr {
  return { kind: 'has', of, key: key(named), span }
}

export function is(of: Expr, type: string): Expr {
  return { kind: 'is', of, type: name(type), span }
}

export function conditional(condition: Expr, then: Expr, otherwise: Expr): Expr {
  return { kind: 'conditional', condition, then, else: otherwise, span }
}

export function field(called: string, optional: boolean, type: TypeExpr): Field {
  return {
    kind: 'field',
    span,
    annotations: [],
    contextual: false,
    name: name(called),
    quoted: !bareWord(called) || reserved.has(called),
    optional,
    type,
  }
}

export function givenEntity(
  of: EntityLiteral,
  containers: readonly EntityLiteral[],
  facts: readonly (readonly [string, Expr])[],
): Given {
  return { kind: 'given', of: 'entity', span, annotations: [], entity: of, containers, facts: facts.map(fact) }
}

/** A `[` after a key begins a list of facts, which is what a set is here. */
function fact([called, value]: readonly [string, Expr]): FactEntry {
  const list = value.kind === 'set'
  const values = (list ? value.elements : [value]).map((expr) => ({ value: { kind: 'expr', expr }, span }) as const)
  return { key: key(called), values, list, span }
}
