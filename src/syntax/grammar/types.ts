import type { Annotation, Field, Key, Param, TypeExpr } from '../ast.ts'
import type { IToken, ParserMethod, TokenType } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import * as t from '../tokens.ts'
import { ExpressionParser } from './expressions.ts'

/** What stood before a statement or member, and where that began. */
export interface Lead {
  readonly doc: string | undefined
  readonly annotations: readonly Annotation[]
  readonly start: IToken
}

/** Where a rule puts the members that it has read, so that those before a mistake are kept. */
export interface Collector<T> {
  readonly items: T[]
  /** Where the member begins that is being read. */
  start?: IToken
}

/** Types, fields and parameters. */
export class TypeParser extends ExpressionParser {
  protected readonly type: ParserMethod<[], TypeExpr> = this.rule('type', () => {
    const start = this.LA(1)
    this.ACTION(() => this.enter(start))
    const first = this.SUBRULE(this.typeItem)
    const all = [first]
    this.MANY(() => {
      this.CONSUME(t.Pipe)
      all.push(this.SUBRULE2(this.typeItem))
    })
    this.ACTION(() => this.leave())
    return all.length === 1 ? first : { kind: 'type-union', of: all, span: this.spanFrom(start) }
  })

  private readonly typeItem: ParserMethod<[], TypeExpr> = this.rule('typeItem', () => {
    const start = this.LA(1)
    let type: TypeExpr = this.OR<TypeExpr>({
      ERR_MSG: 'a type',
      DEF: [
        {
          ALT: () => {
            const name = this.CONSUME(t.Name)
            return { kind: 'type-name', name: name.image, span: this.spanOf(name) }
          },
        },
        {
          ALT: () => {
            const string = this.CONSUME(t.Str)
            return this.ACTION(() => ({ kind: 'type-literal', ...this.plainText(string) }))
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LParen)
            const inner = this.SUBRULE(this.type)
            this.CONSUME(t.RParen)
            return inner
          },
        },
        { ALT: () => this.SUBRULE(this.recordType) },
      ],
    })
    let sets = 0
    this.MANY(() => {
      this.CONSUME(t.LSquare)
      this.CONSUME(t.RSquare)
      sets += 1
      this.ACTION(() => this.enter(start))
      type = { kind: 'type-set', of: type, span: this.spanFrom(start) }
    })
    this.ACTION(() => this.leave(sets))
    return type
  })

  private readonly recordType: ParserMethod<[], TypeExpr> = this.rule('recordType', () => {
    const start = this.CONSUME(t.LCurly)
    const type = this.OR<TypeExpr>([
      {
        ALT: () => {
          this.CONSUME(t.LSquare)
          const key = this.CONSUME(t.Name)
          this.CONSUME(t.RSquare)
          this.CONSUME(t.Colon)
          const of = this.SUBRULE(this.type)
          return { kind: 'type-map', key: this.nameOf(key), of, span: this.spanOf(start) }
        },
      },
      {
        ALT: () => {
          const fields: Collector<Field> = { items: [] }
          this.SUBRULE(this.fields, { ARGS: [fields] })
          return { kind: 'type-record', fields: fields.items, span: this.spanOf(start) }
        },
      },
    ])
    this.CONSUME(t.RCurly)
    return this.ACTION(() => ({ ...type, span: this.spanFrom(start) }))
  })

  readonly fields: ParserMethod<[Collector<Field>], void> = this.rule('fields', (into) => {
    this.MANY(() => {
      const lead = this.lead()
      this.ACTION(() => {
        into.start = lead.start
      })
      const field = this.SUBRULE(this.field, { ARGS: [lead] })
      this.ACTION(() => into.items.push(field))
    })
  })

  protected readonly field: ParserMethod<[Lead], Field> = this.rule('field', (lead) => {
    let contextual = false
    this.OPTION({
      // A field may be called `contextual`.
      GATE: () => !this.colonAt(2),
      DEF: () => {
        this.CONSUME(t.Contextual)
        contextual = true
      },
    })
    const name = this.SUBRULE(this.fieldName)
    let optional = false
    this.OPTION2(() => {
      this.CONSUME(t.Question)
      optional = true
    })
    this.CONSUME(t.Colon)
    const type = this.SUBRULE(this.type)
    const field = this.ACTION((): Field => {
      const { text, span, quoted } = name
      return { kind: 'field', ...this.documented(lead), contextual, name: { text, span }, quoted, optional, type }
    })
    this.OPTION3(() => this.CONSUME(t.Comma))
    return field
  })

  private readonly fieldName: ParserMethod<[], Key> = this.rule('fieldName', () =>
    this.OR({
      ERR_MSG: 'a field',
      DEF: [
        {
          ALT: () => {
            const name = this.CONSUME(t.Name)
            return { ...this.nameOf(name), quoted: false }
          },
        },
        {
          ALT: () => {
            const string = this.CONSUME(t.Str)
            return this.ACTION(() => {
              const { value, span } = this.plainText(string)
              return { text: value, span, quoted: true }
            })
          },
        },
      ],
    }),
  )

  protected readonly params: ParserMethod<[], readonly Param[]> = this.rule('params', () => {
    const params: Param[] = []
    this.CONSUME(t.LParen)
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.CONSUME(t.Name)
        let optional = false
        this.OPTION(() => {
          this.CONSUME(t.Question)
          optional = true
        })
        this.CONSUME(t.Colon)
        const type = this.SUBRULE(this.type)
        params.push({ name: this.nameOf(name), optional, type, span: this.spanFrom(name) })
      },
    })
    this.CONSUME(t.RParen)
    return params
  })

  /** Whether a field stands here and not a role or a rule: whatever its name, a colon follows it. */
  protected isField(): boolean {
    const first = this.LA(1)
    if (first.tokenType === t.Contextual && this.isName(2)) return this.LA(2).tokenType !== t.Role || this.colonAt(3)
    const isMember = isA(first, t.Verb) || memberWords.has(first.tokenType)
    return !isMember || this.colonAt(2)
  }

  private isName(k: number): boolean {
    return isA(this.LA(k), t.Name) || this.LA(k).tokenType === t.Str
  }

  /** Whether the token before position `k` is the name of a field. */
  protected colonAt(k: number): boolean {
    const type = this.LA(k).tokenType
    return type === t.Colon || type === t.Question
  }

  // ---- documentation and annotations, which fields of records have too ----

  /** Written into each rule that begins members or statements, once. */
  protected lead(): Lead {
    const start = this.LA(1)
    let annotations: Annotation[] | undefined
    let doc = this.docs.get(start)
    this.MANY9(() => {
      annotations ??= []
      annotations.push(this.SUBRULE9(this.annotation))
      doc = joined(doc, this.docs.get(this.LA(1)))
    })
    return { doc, annotations: annotations ?? none, start }
  }

  private readonly annotation: ParserMethod<[], Annotation> = this.rule('annotation', () => {
    const start = this.CONSUME(t.At)
    const name = this.CONSUME(t.Word)
    let value: Annotation['value']
    this.OPTION(() => {
      this.CONSUME(t.LParen)
      const string = this.CONSUME(t.Str)
      this.CONSUME(t.RParen)
      value = this.ACTION(() => this.plainText(string))
    })
    return { name: this.nameOf(name), ...(value === undefined ? {} : { value }), span: this.spanFrom(start) }
  })

  /** The part that every statement and member has, ending at `end` or at the last token consumed. */
  protected documented(lead: Lead, end?: number): Pick<Field, 'doc' | 'annotations' | 'span'> {
    const { doc, annotations, start } = lead
    const span = end === undefined ? this.spanFrom(start) : { file: this.file, start: start.startOffset, end }
    return { ...(doc === undefined ? {} : { doc }), annotations, span }
  }
}

const none: readonly Annotation[] = []

const memberWords: ReadonlySet<TokenType> = new Set([t.Role, t.Contextual, t.Always, t.Never])

function joined(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return `${a}\n${b}`
}
