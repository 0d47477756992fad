import type { Expr, Key, Lambda, RecordLiteral } from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { limits } from '../limits.ts'
import { durationOf, entityOf } from '../literals.ts'
import { partsOf } from '../strings.ts'
import * as t from '../tokens.ts'
import { ParserCore } from './core.ts'

/** Operands: what stands between operators. Every rule leaves the height of what it returns in `height`. */
export abstract class OperandParser extends ParserCore {
  abstract readonly expression: ParserMethod<[], Expr>

  protected readonly postfix: ParserMethod<[], Expr> = this.rule('postfix', () => {
    const start = this.LA(1)
    let expr = this.OR<Expr>(this.primary)
    this.MANY(() => {
      expr = this.SUBRULE(this.access, { ARGS: [start, expr] })
    })
    return expr
  })

  /** Made once, as its alternatives are tried at every operand. */
  private readonly primary = {
    ERR_MSG: 'an expression',
    DEF: [
      { ALT: () => this.nameOrCall(this.CONSUME(t.Name), this.OPTION(this.called)) },
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
  }

  private readonly called = (): readonly (Expr | Lambda)[] => this.SUBRULE(this.args)

  /** `.name`, `.name(…)` or `[…]` after an operand that began at a token. */
  private readonly access: ParserMethod<[IToken, Expr], Expr> = this.rule('access', (start, of) =>
    this.OR<Expr>([
      {
        ALT: () => {
          let { height } = this
          const optional = this.CONSUME(t.Access).tokenType === t.OptionalDot
          const word = this.CONSUME(t.Word)
          const args = this.OPTION(() => this.SUBRULE(this.args))
          if (args !== undefined) height = Math.max(height, this.height)
          this.height = height + 1
          if (this.height > limits.expressionHeight) this.ACTION(() => this.refuseHeight(start))
          return this.ACTION(() => {
            const name = this.nameOf(word)
            const span = this.spanFrom(start)
            return args === undefined
              ? { kind: 'member', of, name, optional, span }
              : { kind: 'method', of, name, optional, args, span }
          })
        },
      },
      {
        ALT: () => {
          const { height } = this
          this.CONSUME(t.LSquare)
          const index = this.SUBRULE(this.expression)
          this.CONSUME(t.RSquare)
          this.height = Math.max(height, this.height) + 1
          return this.ACTION(() => ({ kind: 'index', of, index, span: this.spanFrom(start) }))
        },
      },
    ]),
  )

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

  private nameOrCall(name: IToken, args: readonly (Expr | Lambda)[] | undefined): Expr {
    this.height = args === undefined ? 1 : this.height + 1
    if (this.RECORDING_PHASE || args === undefined) {
      this.count()
      return { kind: 'name', name: name.image, span: this.spanOf(name) }
    }
    const given = this.withoutLambdas(args)
    this.count()
    return { kind: 'call', function: this.nameOf(name), args: given, span: this.spanFrom(name) }
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

  protected refuseHeight(start: IToken): never {
    const help = 'write a long `or` of comparisons as `x in [a, b, …]`, or name parts with `let`'
    this.refuse(this.spanFrom(start), `more than ${limits.expressionHeight} operators in a row`, help)
  }
}
