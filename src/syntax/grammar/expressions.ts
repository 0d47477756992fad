import type { Expr } from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { limits } from '../limits.ts'
import * as t from '../tokens.ts'
import { endOf } from './core.ts'
import { OperandParser } from './operands.ts'
import { Chain, type ChainProblem } from './operators.ts'

type Operator = Parameters<Chain['binary']>[0]

/** Expressions: operands and the operators between them, of which a `Chain` knows the precedence. Most have no operators. */
export class ExpressionParser extends OperandParser {
  /** What has been read of the innermost expression that is open, where it has operators. */
  private chain: Chain | undefined

  override readonly expression: ParserMethod<[], Expr> = this.rule('expression', () => {
    const start = this.LA(1)
    this.ACTION(() => this.enter(start))
    const outer = this.chain
    this.chain = undefined
    this.MANY(this.prefix)
    const operand = this.LA(1)
    const first = this.SUBRULE(this.postfix)
    this.addOperand(operand, first)
    this.MANY2(() => {
      if (this.chain === undefined) this.addOperand(operand, first, this.begin())
      this.OR(this.links)
    })
    const condition = this.chain === undefined ? first : this.treeOf(this.chain)
    this.chain = outer
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

  /** An operator and what it applies to besides what stands before it. `=` and `not in` are read as they were meant. */
  private readonly links: { ALT: () => void }[] = [
    {
      ALT: () => {
        const operator = this.CONSUME(t.BinaryOperator)
        this.addOperator(operatorOf(operator), operator)
        this.MANY3(this.nextPrefix)
        const start = this.LA(1)
        this.addOperand(start, this.SUBRULE2(this.postfix))
      },
    },
    {
      ALT: () => {
        const operator = this.CONSUME(t.Assign)
        const span = this.spanOf(operator)
        this.ACTION(() =>
          this.report('syntax', span, '`=` does not compare', 'write `==` to ask whether two values are equal'),
        )
        this.addOperator('==', operator)
        this.SUBRULE(this.right)
      },
    },
    {
      ALT: () => {
        const not = this.CONSUME(t.Not)
        this.CONSUME(t.In)
        this.addOperator('not in', not)
        this.SUBRULE2(this.right)
      },
    },
    {
      ALT: () => {
        const start = this.CONSUME(t.Has)
        const key = this.SUBRULE(this.key)
        this.ACTION(() => this.chain?.has(key, this.spanFrom(start)))
      },
    },
    {
      ALT: () => {
        const start = this.CONSUME(t.Is)
        const type = this.CONSUME(t.Name)
        this.ACTION(() => this.chain?.is(this.nameOf(type), this.spanFrom(start)))
      },
    },
  ]

  /** What stands to the right of an operator. */
  private readonly right: ParserMethod<[], void> = this.rule('right', () => {
    this.MANY(this.prefix)
    const start = this.LA(1)
    this.addOperand(start, this.SUBRULE(this.postfix))
  })

  private readonly prefix = (): void => this.addPrefix(this.CONSUME(t.Prefix))

  private readonly nextPrefix = (): void => this.addPrefix(this.CONSUME2(t.Prefix))

  // ---- what the rules build ----

  private begin(): Chain {
    this.chain = new Chain(this.file)
    return this.chain
  }

  private addPrefix(token: IToken): void {
    if (this.RECORDING_PHASE) return
    const chain = this.chain ?? this.begin()
    chain.prefix(token.tokenType === t.Not ? 'not' : '-', this.spanOf(token))
    if (chain.waiting > limits.nesting) this.refuseNesting(token)
  }

  private addOperator(operator: Operator, start: IToken): void {
    if (!this.RECORDING_PHASE) this.chain?.binary(operator, this.spanFrom(start))
  }

  private addOperand(start: IToken, expr: Expr, chain = this.chain): void {
    if (!this.RECORDING_PHASE) chain?.operand(expr, this.height, start.startOffset, endOf(this.LA(0)))
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
