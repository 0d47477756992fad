import type { Span } from '../../base/source.ts'
import type { BinaryOperator, Expr, Key, Name } from '../ast.ts'

/**
 * An expression without its precedence: operands with operators before, between and after them, in the order of the text.
 * Taken apart here and not in grammar rules, so that a chain of any length needs no stack, and so that what does not
 * associate gets a message of its own.
 */
export type ChainItem =
  | {
      readonly kind: 'operand'
      readonly expr: Expr
      readonly height: number
      readonly start: number
      readonly end: number
    }
  | { readonly kind: 'prefix'; readonly operator: 'not' | '-'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator | 'not in'
      readonly start: number
      readonly end: number
    }
  | { readonly kind: 'has'; readonly key: Key; readonly start: number; readonly end: number }
  | { readonly kind: 'is'; readonly type: Name; readonly start: number; readonly end: number }

/** How tightly each operator binds; `not` stands between `and` and comparison, unary `-` above all. */
export const precedence = {
  or: 1,
  and: 2,
  not: 3,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  in: 4,
  has: 4,
  is: 4,
  '??': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  negate: 8,
} as const

export interface ChainProblem {
  readonly kind: 'comparison-chain' | 'misplaced-not' | 'not-in'
  readonly start: number
  readonly end: number
}

interface Operand {
  readonly expr: Expr
  readonly height: number
  readonly start: number
  readonly end: number
}

interface Pending {
  readonly operator: BinaryOperator | 'not' | 'negate' | 'not in'
  readonly binds: number
  readonly start: number
}

/** The tree of a chain, by precedence; the first thing wrong with it, if any, which is read as it was probably meant. */
export function treeOf(
  items: readonly ChainItem[],
  file: string,
): { readonly expr: Expr; readonly height: number; readonly problem?: ChainProblem } {
  const operands: Operand[] = []
  const pending: Pending[] = []
  let problem: ChainProblem | undefined
  /** The operand on top is a comparison without parentheses. */
  let compared = false

  const found = (kind: ChainProblem['kind'], at: { start: number; end: number }): void => {
    problem ??= { kind, start: at.start, end: at.end }
  }
  const reduce = (binds: number): void => {
    for (let last = pending.at(-1); last !== undefined && last.binds >= binds; last = pending.at(-1)) {
      pending.pop()
      const right = operands.pop()
      if (right === undefined) throw new Error('INVARIANT: an operator has its operands')
      const left = last.operator === 'not' || last.operator === 'negate' ? undefined : operands.pop()
      operands.push(applied(last, left, right, file))
      if (last.binds === precedence.in) compared = true
    }
  }

  for (const item of items) {
    switch (item.kind) {
      case 'operand':
        operands.push(item)
        compared = false
        break
      case 'prefix': {
        const operator = item.operator === 'not' ? 'not' : 'negate'
        if (operator === 'not' && (pending.at(-1)?.binds ?? 0) > precedence.not) found('misplaced-not', item)
        pending.push({ operator, binds: precedence[operator], start: item.start })
        break
      }
      case 'binary': {
        const binds = item.operator === 'not in' ? precedence.in : precedence[item.operator]
        reduce(binds)
        if (item.operator === 'not in') found('not-in', item)
        else if (compared && binds >= precedence.in) found('comparison-chain', item)
        pending.push({ operator: item.operator, binds, start: item.start })
        break
      }
      case 'has':
      case 'is': {
        reduce(precedence.in)
        if (compared) found('comparison-chain', item)
        const of = operands.pop()
        if (of === undefined) throw new Error('INVARIANT: an operator has its operands')
        operands.push(tested(item, of, file))
        compared = true
        break
      }
    }
  }
  reduce(0)
  const tree = operands[0]
  if (tree === undefined) throw new Error('INVARIANT: a chain has an operand')
  return { expr: tree.expr, height: tree.height, ...(problem === undefined ? {} : { problem }) }
}

function applied(by: Pending, left: Operand | undefined, right: Operand, file: string): Operand {
  const start = left?.start ?? by.start
  const span: Span = { file, start, end: right.end }
  const height = Math.max(left?.height ?? 0, right.height) + 1
  const place = { height, start, end: right.end }
  if (left === undefined) {
    const operator = by.operator === 'not' ? 'not' : '-'
    return { expr: { kind: 'unary', operator, operand: right.expr, span }, ...place }
  }
  if (by.operator === 'not in') {
    const operand: Expr = { kind: 'binary', operator: 'in', left: left.expr, right: right.expr, span }
    return { expr: { kind: 'unary', operator: 'not', operand, span }, ...place }
  }
  const operator = by.operator as BinaryOperator
  return { expr: { kind: 'binary', operator, left: left.expr, right: right.expr, span }, ...place }
}

function tested(item: ChainItem & { kind: 'has' | 'is' }, of: Operand, file: string): Operand {
  const span: Span = { file, start: of.start, end: item.end }
  const place = { height: of.height + 1, start: of.start, end: item.end }
  return item.kind === 'has'
    ? { expr: { kind: 'has', of: of.expr, key: item.key, span }, ...place }
    : { expr: { kind: 'is', of: of.expr, type: item.type, span }, ...place }
}
