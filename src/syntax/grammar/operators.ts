import type { Span } from '../../base/source.ts'
import type { BinaryOperator, Expr, Key, Name } from '../ast.ts'

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

/** Where an operator stands, or what comes with it. */
interface Place {
  readonly start: number
  readonly end: number
}

/**
 * An expression as it is read: operands with operators before, between and after them, in the order of the text, put together
 * by precedence. Not by functions of the grammar that call each other, so that a chain of any length needs no stack, and so
 * that what does not associate gets a message of its own.
 */
export class Chain {
  /** The first thing wrong with it, if any, which is read as it was probably meant. */
  problem: ChainProblem | undefined
  /** How many operators stand in a row before the operand to come. */
  waiting = 0
  private readonly file: string
  private readonly operands: Operand[] = []
  private readonly pending: Pending[] = []
  /** The operand on top is a comparison without parentheses. */
  private compared = false

  constructor(file: string) {
    this.file = file
  }

  operand(expr: Expr, height: number, start: number, end: number): void {
    this.operands.push({ expr, height, start, end })
    this.compared = false
    this.waiting = 0
  }

  prefix(operator: 'not' | '-', place: Place): void {
    const of = operator === 'not' ? 'not' : 'negate'
    if (of === 'not' && (this.pending.at(-1)?.binds ?? 0) > precedence.not) this.found('misplaced-not', place)
    this.pending.push({ operator: of, binds: precedence[of], start: place.start })
    this.waiting += 1
  }

  binary(operator: BinaryOperator | 'not in', place: Place): void {
    const binds = operator === 'not in' ? precedence.in : precedence[operator]
    this.reduce(binds)
    if (operator === 'not in') this.found('not-in', place)
    else if (this.compared && binds >= precedence.in) this.found('comparison-chain', place)
    this.pending.push({ operator, binds, start: place.start })
    this.waiting += 1
  }

  has(key: Key, place: Place): void {
    this.tested(place, (of, span) => ({ kind: 'has', of, key, span }))
  }

  is(type: Name, place: Place): void {
    this.tested(place, (of, span) => ({ kind: 'is', of, type, span }))
  }

  /** The tree of all that was read. */
  tree(): { readonly expr: Expr; readonly height: number } {
    this.reduce(0)
    return this.pop()
  }

  private tested(place: Place, of: (expr: Expr, span: Span) => Expr): void {
    this.reduce(precedence.in)
    if (this.compared) this.found('comparison-chain', place)
    const { expr, height, start } = this.pop()
    const { end } = place
    this.operands.push({ expr: of(expr, { file: this.file, start, end }), height: height + 1, start, end })
    this.compared = true
  }

  /** Applies the operators that bind at least so tightly. */
  private reduce(binds: number): void {
    for (let last = this.pending.at(-1); last !== undefined && last.binds >= binds; last = this.pending.at(-1)) {
      this.pending.pop()
      const right = this.pop()
      const left = last.operator === 'not' || last.operator === 'negate' ? undefined : this.pop()
      this.operands.push(applied(last, left, right, this.file))
      if (last.binds === precedence.in) this.compared = true
    }
  }

  private pop(): Operand {
    const operand = this.operands.pop()
    if (operand === undefined) throw new Error('INVARIANT: an operator has its operands')
    return operand
  }

  private found(kind: ChainProblem['kind'], { start, end }: Place): void {
    this.problem ??= { kind, start, end }
  }
}

function applied(by: Pending, left: Operand | undefined, right: Operand, file: string): Operand {
  const { end } = right
  const start = left?.start ?? by.start
  const span: Span = { file, start, end }
  const height = Math.max(left?.height ?? 0, right.height) + 1
  return { expr: operation(by.operator, left?.expr, right.expr, span), height, start, end }
}

function operation(operator: Pending['operator'], left: Expr | undefined, right: Expr, span: Span): Expr {
  if (left === undefined || operator === 'not' || operator === 'negate')
    return { kind: 'unary', operator: operator === 'not' ? 'not' : '-', operand: right, span }
  if (operator !== 'not in') return { kind: 'binary', operator, left, right, span }
  return { kind: 'unary', operator: 'not', operand: { kind: 'binary', operator: 'in', left, right, span }, span }
}
