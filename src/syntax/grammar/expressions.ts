import type { Expr } from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { limits } from '../limits.ts'
import * as t from '../tokens.ts'
import { endOf } from './core.ts'
import { OperandParser } from './operands.ts'
import { type ChainItem, type ChainProblem, treeOf } from './operators.ts'

type Operator = (ChainItem & { kind: 'binary' })['operator']

/** Expressions: operands and the operators between them. */
export class ExpressionParser extends OperandParser {
  override readonly expression: ParserMethod<[], Expr> = this.rule('expression', () => {
    const start = this.LA(1)
    this.ACTION(() => this.enter(start))
    const condition = this.SUBRULE(this.chain)
    let whole = condition
    this.OPTION(() => {
      let height = this.height
      this.CONSUME(t.Question)
      const then = this.SUBRULE(this.expression)
      height = Math.max(height, this.height)
      this.CONSUME(t.Colon)
      const otherwise = this.SUBRULE2(this.expression)
      this.ACTION(() => {
        this.height = Math.max(height, this.height) + 1
        whole = { kind: 'conditional', condition, then, else: otherwise, span: this.spanFrom(start) }
      })
    })
    this.ACTION(() => {
      this.leave()
      if (this.height > limits.expressionHeight) this.refuseHeight(start)
    })
    return whole
  })

  /** Operands and operators in a row; `treeOf` knows their precedence. Most are one operand, which costs no list. */
  private readonly chain: ParserMethod<[], Expr> = this.rule('chain', () => {
    const items: ChainItem[] = []
    this.MANY(() => this.prefix(this.CONSUME(t.Prefix), items))
    const start = this.LA(1)
    const first = this.SUBRULE(this.postfix)
    let isChain = items.length > 0
    if (isChain) this.operand(start, first, items)
    this.MANY2(() => {
      if (!isChain) this.operand(start, first, items)
      isChain = true
      this.SUBRULE(this.link, { ARGS: [items] })
    })
    return isChain ? this.ACTION(() => this.treeOf(items)) : first
  })

  /** An operator and what it applies to besides what stands before it. */
  private readonly link: ParserMethod<[ChainItem[]], void> = this.rule('link', (items) =>
    this.OR<void>([
      {
        ALT: () => {
          this.binary(this.SUBRULE(this.operator), items)
          this.MANY(() => this.prefix(this.CONSUME(t.Prefix), items))
          this.operand(this.LA(1), this.SUBRULE(this.postfix), items)
        },
      },
      {
        ALT: () => {
          const start = this.CONSUME(t.Has).startOffset
          const key = this.SUBRULE(this.key)
          this.add({ kind: 'has', key, start, end: endOf(this.LA(0)) }, items)
        },
      },
      {
        ALT: () => {
          const start = this.CONSUME(t.Is).startOffset
          const type = this.CONSUME(t.Name)
          this.add({ kind: 'is', type: this.nameOf(type), start, end: endOf(type) }, items)
        },
      },
    ]),
  )

  /** `=` and `not in` are read as what they were meant to be. */
  private readonly operator: ParserMethod<[], IToken> = this.rule('operator', () =>
    this.OR([
      { ALT: () => this.CONSUME(t.BinaryOperator) },
      {
        ALT: () => {
          const token = this.CONSUME(t.Assign)
          this.ACTION(() =>
            this.report(
              'syntax',
              this.spanOf(token),
              '`=` does not compare',
              'write `==` to ask whether two values are equal',
            ),
          )
          return token
        },
      },
      {
        ALT: () => {
          const not = this.CONSUME(t.Not)
          this.CONSUME(t.In)
          return not
        },
      },
    ]),
  )

  // ---- what the rules build ----

  private add(item: ChainItem, items: ChainItem[]): void {
    this.ACTION(() => items.push(item))
  }

  private prefix(token: IToken, items: ChainItem[]): void {
    const operator = token.tokenType === t.Not ? 'not' : '-'
    this.add({ kind: 'prefix', operator, start: token.startOffset, end: endOf(token) }, items)
    this.ACTION(() => {
      if (items.length <= limits.nesting) return
      if (items.slice(-limits.nesting).every((item) => item.kind === 'prefix')) this.refuseNesting(token)
    })
  }

  private operand(start: IToken, expr: Expr, items: ChainItem[]): void {
    const { height } = this
    this.add({ kind: 'operand', expr, height, start: start.startOffset, end: endOf(this.LA(0)) }, items)
  }

  private binary(token: IToken, items: ChainItem[]): void {
    const operator = operatorOf(token)
    this.add({ kind: 'binary', operator, start: token.startOffset, end: endOf(this.LA(0)) }, items)
  }

  private treeOf(items: readonly ChainItem[]): Expr {
    const { expr, height, problem } = treeOf(items, this.file)
    this.height = height
    if (problem !== undefined) this.reportChain(problem)
    return expr
  }

  private reportChain({ kind, start, end }: ChainProblem): void {
    const span = { file: this.file, start, end }
    switch (kind) {
      case 'comparison-chain':
        this.report(
          'syntax',
          span,
          'a comparison cannot be compared again',
          'join two comparisons by `and`, or write parentheses',
        )
        return
      case 'misplaced-not':
        this.report('syntax', span, '`not` cannot stand after this operator', 'write parentheses, as in `a == (not b)`')
        return
      case 'not-in':
        this.report('syntax', span, '`not in` is not an operator', 'write `not (a in b)`')
        return
    }
  }
}

function operatorOf(token: IToken): Operator {
  switch (token.tokenType) {
    case t.Not:
      return 'not in'
    case t.Assign:
    case t.Equal:
      return '=='
    case t.NotEqual:
      return '!='
    case t.And:
      return 'and'
    case t.Or:
      return 'or'
    default:
      return token.image as Operator
  }
}
