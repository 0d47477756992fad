import type { Expr, Key, Lambda, RecordLiteral } from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { limits } from '../limits.ts'
import { durationOf, entityOf } from '../literals.ts'
import { partsOf } from '../strings.ts'
import * as t from '../tokens.ts'
import { endOf, ParserCore } from './core.ts'
import { type ChainItem, type ChainProblem, treeOf } from './operators.ts'

type Operator = (ChainItem & { kind: 'binary' })['operator']
type Suffix = { readonly kind: 'member' } | { readonly kind: 'method'; readonly args: readonly (Expr | Lambda)[] }

/** Expressions. Every rule leaves the height of what it returns in `height`. */
export class ExpressionParser extends ParserCore {
  readonly expression: ParserMethod<[], Expr> = this.rule('expression', () => {
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

  /** Operands and operators in a row; `treeOf` knows their precedence. */
  private readonly chain: ParserMethod<[], Expr> = this.rule('chain', () => {
    const items: ChainItem[] = []
    this.MANY(() => this.prefix(this.CONSUME(t.Prefix), items))
    this.operand(this.LA(1), this.SUBRULE(this.postfix), items)
    this.MANY2(() =>
      this.OR([
        {
          ALT: () => {
            this.binary(this.SUBRULE(this.operator), items)
            this.MANY3(() => this.prefix(this.CONSUME2(t.Prefix), items))
            this.operand(this.LA(1), this.SUBRULE2(this.postfix), items)
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME(t.Has).startOffset
            const key = this.SUBRULE(this.key)
            items.push({ kind: 'has', key, start, end: endOf(this.LA(0)) })
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME(t.Is).startOffset
            const type = this.CONSUME(t.Name)
            items.push({ kind: 'is', type: this.nameOf(type), start, end: endOf(type) })
          },
        },
      ]),
    )
    return this.ACTION(() => this.treeOf(items))
  })

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

  private readonly postfix: ParserMethod<[], Expr> = this.rule('postfix', () => {
    const start = this.LA(1)
    let expr = this.SUBRULE(this.primary)
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            let height = this.height
            const optional = this.CONSUME(t.Access).tokenType === t.OptionalDot
            const word = this.CONSUME(t.Word)
            let suffix: Suffix = { kind: 'member' }
            this.OPTION(() => {
              suffix = { kind: 'method', args: this.SUBRULE(this.args) }
              height = Math.max(height, this.height)
            })
            this.height = height + 1
            if (this.height > limits.expressionHeight) this.ACTION(() => this.refuseHeight(start))
            expr = { ...suffix, of: expr, name: this.nameOf(word), optional, span: this.spanFrom(start) }
          },
        },
        {
          ALT: () => {
            const height = this.height
            this.CONSUME(t.LSquare)
            const index = this.SUBRULE(this.expression)
            this.CONSUME(t.RSquare)
            this.height = Math.max(height, this.height) + 1
            expr = { kind: 'index', of: expr, index, span: this.spanFrom(start) }
          },
        },
      ]),
    )
    return expr
  })

  private readonly primary: ParserMethod<[], Expr> = this.rule('primary', () =>
    this.OR({
      ERR_MSG: 'an expression',
      DEF: [
        { ALT: () => this.named(this.SUBRULE(this.nameOrCall)) },
        { ALT: () => this.leaf(this.CONSUME(t.Str)) },
        { ALT: () => this.leaf(this.CONSUME(t.Int)) },
        { ALT: () => this.leaf(this.CONSUME(t.Entity)) },
        { ALT: () => this.leaf(this.CONSUME(t.Duration)) },
        { ALT: () => this.leaf(this.CONSUME(t.Num)) },
        { ALT: () => this.leaf(this.CONSUME(t.True)) },
        { ALT: () => this.leaf(this.CONSUME(t.False)) },
        { ALT: () => this.leaf(this.CONSUME(t.Regex)) },
        { ALT: () => this.SUBRULE(this.set) },
        { ALT: () => this.SUBRULE(this.record) },
        {
          ALT: () => {
            this.CONSUME(t.LParen)
            const inner = this.SUBRULE(this.expression)
            this.CONSUME(t.RParen)
            return inner
          },
        },
      ],
    }),
  )

  private readonly nameOrCall: ParserMethod<[], Expr> = this.rule('nameOrCall', () => {
    const name = this.CONSUME(t.Name)
    let expr: Expr = { kind: 'name', name: name.image, span: this.spanOf(name) }
    this.height = 1
    this.OPTION(() => {
      const args = this.SUBRULE(this.args)
      expr = this.ACTION(() => ({
        kind: 'call',
        function: this.nameOf(name),
        args: this.withoutLambdas(args),
        span: this.spanFrom(name),
      }))
      this.height += 1
    })
    return expr
  })

  private readonly set: ParserMethod<[], Expr> = this.rule('set', () => {
    const elements: Expr[] = []
    let height = 0
    const start = this.CONSUME(t.LSquare)
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        elements.push(this.SUBRULE(this.expression))
        height = Math.max(height, this.height)
      },
    })
    this.CONSUME(t.RSquare)
    this.height = height + 1
    return { kind: 'set', elements, span: this.spanFrom(start) }
  })

  protected readonly record: ParserMethod<[], RecordLiteral> = this.rule('record', () => {
    const entries: { key: Key; value: Expr }[] = []
    let height = 0
    const start = this.CONSUME(t.LCurly)
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const key = this.SUBRULE(this.key)
        this.CONSUME(t.Colon)
        entries.push({ key, value: this.SUBRULE(this.expression) })
        height = Math.max(height, this.height)
      },
    })
    this.CONSUME(t.RCurly)
    this.height = height + 1
    return { kind: 'record', entries, span: this.spanFrom(start) }
  })

  protected readonly key: ParserMethod<[], Key> = this.rule('key', () =>
    this.OR({
      ERR_MSG: 'a key',
      DEF: [
        {
          ALT: () => {
            const word = this.CONSUME(t.Word)
            return { text: word.image, quoted: false, span: this.spanOf(word) }
          },
        },
        {
          ALT: () => {
            const string = this.CONSUME(t.Str)
            return this.ACTION(() => ({ text: this.plainText(string).value, quoted: true, span: this.spanOf(string) }))
          },
        },
      ],
    }),
  )

  private readonly args: ParserMethod<[], readonly (Expr | Lambda)[]> = this.rule('args', () => {
    const args: (Expr | Lambda)[] = []
    let height = 0
    this.CONSUME(t.LParen)
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        args.push(
          this.OR({
            IGNORE_AMBIGUITIES: true,
            DEF: [
              { GATE: () => this.LA(2).tokenType === t.Arrow, ALT: () => this.SUBRULE(this.lambda) },
              { ALT: () => this.SUBRULE(this.expression) },
            ],
          }),
        )
        height = Math.max(height, this.height)
      },
    })
    this.CONSUME(t.RParen)
    this.height = height
    return args
  })

  private readonly lambda: ParserMethod<[], Lambda> = this.rule('lambda', () => {
    const param = this.CONSUME(t.Name)
    this.CONSUME(t.Arrow)
    const body = this.SUBRULE(this.expression)
    this.height += 1
    return { kind: 'lambda', param: this.nameOf(param), body, span: this.spanFrom(param) }
  })

  // ---- what the rules build ----

  private prefix(token: IToken, items: ChainItem[]): void {
    const operator = token.tokenType === t.Not ? 'not' : '-'
    items.push({ kind: 'prefix', operator, start: token.startOffset, end: endOf(token) })
    if (items.length > limits.nesting && items.slice(-limits.nesting).every((item) => item.kind === 'prefix')) {
      this.ACTION(() => this.refuseNesting(token))
    }
  }

  private operand(start: IToken, expr: Expr, items: ChainItem[]): void {
    items.push({ kind: 'operand', expr, height: this.height, start: start.startOffset, end: endOf(this.LA(0)) })
  }

  private binary(token: IToken, items: ChainItem[]): void {
    const operator = operatorOf(token)
    items.push({ kind: 'binary', operator, start: token.startOffset, end: endOf(this.LA(0)) })
  }

  private treeOf(items: readonly ChainItem[]): Expr {
    const only = items[0]
    if (items.length === 1 && only?.kind === 'operand') {
      this.height = only.height
      return only.expr
    }
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

  private named(expr: Expr): Expr {
    this.count()
    return expr
  }

  private leaf(token: IToken): Expr {
    this.count()
    this.height = 1
    return this.ACTION(() => this.literal(token))
  }

  private literal(token: IToken): Expr {
    const span = this.spanOf(token)
    const { image } = token
    switch (token.tokenType) {
      case t.Str: {
        const bad = (at: number): void => {
          const brace = { file: this.file, start: at, end: at + 1 }
          this.report(
            'bad-interpolation',
            brace,
            'this `{` begins no dotted path',
            'write `\\{` for the character, `{a.b}` for a value',
          )
        }
        return { kind: 'string', parts: partsOf(image.slice(1, -1), this.file, token.startOffset + 1, bad), span }
      }
      case t.Int:
        return { kind: 'int', value: BigInt(image), span }
      case t.Num:
        return { kind: 'number', value: Number(image), span }
      case t.Duration:
        return { kind: 'duration', text: image, milliseconds: durationOf(image) ?? 0, span }
      case t.Regex:
        return { kind: 'regex', source: image.slice(1, -1), span }
      case t.Entity:
        return { kind: 'entity-literal', ...entityOf(image), span }
      default:
        return { kind: 'boolean', value: token.tokenType === t.True, span }
    }
  }

  private withoutLambdas(args: readonly (Expr | Lambda)[]): readonly Expr[] {
    return args.map((arg) => {
      if (arg.kind !== 'lambda') return arg
      this.report('syntax', arg.span, 'only a method takes `x => …`', 'call it on the set, as in `xs.some(x => …)`')
      return arg.body
    })
  }

  private count(): void {
    this.size += 1
    if (this.size > limits.expressionSize) {
      this.ACTION(() =>
        this.refuse(
          this.spanOf(this.LA(0)),
          `an expression of more than ${limits.expressionSize} parts`,
          'pass large sets as facts or context',
        ),
      )
    }
  }

  private refuseHeight(start: IToken): never {
    const help = 'write a long `or` of comparisons as `x in [a, b, …]`, or name parts with `let`'
    this.refuse(this.spanFrom(start), `more than ${limits.expressionHeight} operators in a row`, help)
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
