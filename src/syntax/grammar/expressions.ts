import type { Expr } from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { limits } from '../limits.ts'
import * as t from '../tokens.ts'
import { endOf } from './core.ts'
import { OperandParser } from './operands.ts'
import { Chain, type ChainProblem } from './operators.ts'

type Operator = Parameters<Chain['binary']>[0]

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

  /** Operands and operators in a row; a `Chain` knows their precedence. Most are one operand, which needs none. */
  private readonly chain: ParserMethod<[], Expr> = this.rule('chain', () => {
    let chain: Chain | undefined
    this.MANY(() => {
      chain ??= new Chain(this.file)
      this.prefix(this.CONSUME(t.Prefix), chain)
    })
    const start = this.LA(1)
    const first = this.SUBRULE(this.postfix)
    if (chain !== undefined) this.operand(start, first, chain)
    this.MANY2(() => {
      if (chain === undefined) {
        chain = new Chain(this.file)
        this.operand(start, first, chain)
      }
      this.SUBRULE(this.link, { ARGS: [chain] })
    })
    return chain === undefined ? first : this.treeOf(chain)
  })

  /** An operator and what it applies to besides what stands before it. `=` and `not in` are read as they were meant. */
  private readonly link: ParserMethod<[Chain], void> = this.rule('link', (chain) => {
    const start = this.LA(1)
    this.OR([
      {
        ALT: () => {
          this.binary(operatorOf(this.CONSUME(t.BinaryOperator)), start, chain)
          this.MANY(() => this.prefix(this.CONSUME(t.Prefix), chain))
          this.operand(this.LA(1), this.SUBRULE(this.postfix), chain)
        },
      },
      {
        ALT: () => {
          const span = this.spanOf(this.CONSUME(t.Assign))
          this.ACTION(() =>
            this.report('syntax', span, '`=` does not compare', 'write `==` to ask whether two values are equal'),
          )
          this.binary('==', start, chain)
          this.SUBRULE(this.right, { ARGS: [chain] })
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Not)
          this.CONSUME(t.In)
          this.binary('not in', start, chain)
          this.SUBRULE2(this.right, { ARGS: [chain] })
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Has)
          const key = this.SUBRULE(this.key)
          this.ACTION(() => chain.has(key, this.spanFrom(start)))
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Is)
          const type = this.CONSUME(t.Name)
          this.ACTION(() => chain.is(this.nameOf(type), this.spanFrom(start)))
        },
      },
    ])
  })

  /** What stands to the right of an operator. */
  private readonly right: ParserMethod<[Chain], void> = this.rule('right', (chain) => {
    this.MANY(() => this.prefix(this.CONSUME(t.Prefix), chain))
    this.operand(this.LA(1), this.SUBRULE(this.postfix), chain)
  })

  // ---- what the rules build ----

  private prefix(token: IToken, chain: Chain): void {
    if (this.RECORDING_PHASE) return
    chain.prefix(token.tokenType === t.Not ? 'not' : '-', this.spanOf(token))
    if (chain.waiting > limits.nesting) this.refuseNesting(token)
  }

  private binary(operator: Operator, start: IToken, chain: Chain): void {
    if (!this.RECORDING_PHASE) chain.binary(operator, this.spanFrom(start))
  }

  private operand(start: IToken, expr: Expr, chain: Chain): void {
    if (!this.RECORDING_PHASE) chain.operand(expr, this.height, start.startOffset, endOf(this.LA(0)))
  }

  private treeOf(chain: Chain): Expr {
    return this.ACTION(() => {
      const { expr, height } = chain.tree()
      this.height = height
      if (chain.problem !== undefined) this.reportChain(chain.problem)
      return expr
    })
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

/** What was written out of habit is another text. */
function operatorOf(token: IToken): Operator {
  switch (token.tokenType) {
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
