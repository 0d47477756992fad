import type { Asker, EntityLiteral, ExpectedTarget, Given, Name, Question, RecordLiteral } from '../ast.ts'
import { EOF, type IToken, type ParserMethod } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import * as t from '../tokens.ts'
import { asker as askerOf, FactParser } from './facts.ts'

/** Without its place. */
type Asked<T = Question> = T extends unknown ? Omit<T, 'span'> : never
type Request = Pick<Question & { kind: 'decision' }, 'action' | 'on'>

/**
 * Questions: a start rule of its own, in a parser of its own, so that whoever only compiles policies does not wait for it. Its words are names in a policy, and where a question begins with one of them, they come
 * before an expression that would.
 */
export class QuestionParser extends FactParser {
  constructor(validate = false) {
    super(validate)
    this.performSelfAnalysis()
  }

  readonly question: ParserMethod<[], Question> = this.rule('question', () => {
    const start = this.LA(1)
    const asked = this.OR<Asked>({
      ERR_MSG: 'a question',
      IGNORE_AMBIGUITIES: true,
      // The gates tell them apart.
      MAX_LOOKAHEAD: 1,
      DEF: [
        { ALT: () => this.SUBRULE(this.givens) },
        { GATE: () => this.isWord(), ALT: () => this.SUBRULE(this.asking) },
        { GATE: () => this.isWord() || this.LA(2).tokenType === t.Str, ALT: () => this.SUBRULE(this.tests) },
        { ALT: () => this.SUBRULE(this.expected) },
        { GATE: () => this.isWord(), ALT: () => this.SUBRULE(this.why) },
        { GATE: () => this.isWord(), ALT: () => this.SUBRULE(this.what) },
        { GATE: () => this.isWord(), ALT: () => this.SUBRULE(this.which) },
        { GATE: () => this.isWord(), ALT: () => this.SUBRULE(this.canAsk) },
        { GATE: () => this.asksWho(), ALT: () => this.SUBRULE(this.who) },
        { ALT: () => this.SUBRULE(this.statedRequest) },
      ],
    })
    return this.ACTION(() => ({ ...asked, span: this.spanFrom(start) }) as Question)
  })

  private readonly givens: ParserMethod<[], Asked> = this.rule('givens', () => {
    const givens: Given[] = []
    this.AT_LEAST_ONE(() => {
      const start = this.LA(1)
      givens.push(this.SUBRULE(this.given, { ARGS: [{ doc: undefined, annotations: [], start }] }))
    })
    return { kind: 'givens', givens }
  })

  private readonly expected: ParserMethod<[], Asked> = this.rule('expected', () => {
    const start = this.LA(1)
    return {
      kind: 'expectation',
      expect: this.SUBRULE(this.expect, { ARGS: [{ doc: undefined, annotations: [], start }] }),
    }
  })

  private readonly asking: ParserMethod<[], Asked> = this.rule('asking', () => {
    this.CONSUME(t.As)
    return { kind: 'as', asker: this.SUBRULE(this.asker) }
  })

  private readonly tests: ParserMethod<[], Asked> = this.rule('tests', () => {
    let name: IToken | undefined
    this.CONSUME(t.Test)
    this.OPTION(() => {
      name = this.CONSUME(t.Str)
    })
    return this.ACTION(() => ({ kind: 'tests', ...(name === undefined ? {} : { name: this.plainText(name) }) }))
  })

  private readonly why: ParserMethod<[], Asked> = this.rule('why', () => {
    let asked: Asked = { kind: 'why' }
    this.CONSUME(t.Why)
    this.OPTION(() => this.CONSUME(t.Not))
    this.OPTION2(() => {
      const start = this.LA(1)
      const decision = this.OR<Asked>({
        IGNORE_AMBIGUITIES: true,
        DEF: [{ ALT: () => this.SUBRULE(this.canAsk) }, { ALT: () => this.SUBRULE(this.statedRequest) }],
      })
      this.ACTION(() => {
        if (decision.kind === 'decision') asked = { ...decision, why: true }
        else
          this.report(
            'syntax',
            this.spanFrom(start),
            '`why` asks about a decision',
            'such as `why User:ann can read Doc:1`',
          )
      })
    })
    return asked
  })

  private readonly who: ParserMethod<[], Asked> = this.rule('who', () => {
    const types = this.SUBRULE(this.whoCan)
    return { kind: 'who', types, ...this.SUBRULE(this.request) }
  })

  /** `what can User:ann do on …` */
  private readonly what: ParserMethod<[], Asked> = this.rule('what', () => {
    let asker: Asker | undefined
    this.CONSUME(t.What)
    this.CONSUME(t.Can)
    this.OPTION({
      GATE: () => this.LA(1).tokenType !== t.Do,
      DEF: () => {
        asker = this.SUBRULE(this.asker)
      },
    })
    this.CONSUME(t.Do)
    this.CONSUME(t.On)
    const on = this.OR<EntityLiteral | Name>({
      ERR_MSG: 'an entity or a server',
      DEF: [{ ALT: () => this.SUBRULE(this.entityLiteral) }, { ALT: () => this.nameOf(this.CONSUME(t.Name)) }],
    })
    return { kind: 'actions', ...(asker === undefined ? {} : { asker }), on }
  })

  /** `which Doc can User:ann read` */
  private readonly which: ParserMethod<[], Asked> = this.rule('which', () => {
    let asker: Asker | undefined
    this.CONSUME(t.Which)
    const type = this.nameOf(this.CONSUME(t.Name))
    this.CONSUME(t.Can)
    this.OPTION({
      GATE: () => this.beginsWho(1),
      DEF: () => {
        asker = this.SUBRULE(this.asker)
      },
    })
    const action = this.CONSUME2(t.Name)
    return { kind: 'list', ...(asker === undefined ? {} : { asker }), type, action: this.nameOf(action) }
  })

  /** `can User:ann read …`, `can read …` */
  private readonly canAsk: ParserMethod<[], Asked> = this.rule('canAsk', () => {
    let asker: Asker | undefined
    this.OR([{ ALT: () => this.CONSUME(t.Can) }, { ALT: () => this.CONSUME(t.Cannot) }])
    this.OPTION({
      GATE: () => this.beginsWho(1),
      DEF: () => {
        asker = this.SUBRULE(this.asker)
      },
    })
    const request = this.SUBRULE(this.request)
    return { kind: 'decision', ...(asker === undefined ? {} : { asker }), ...request, why: false }
  })

  /** `User:ann can read …`, as in a test; any other expression is asked for its value. */
  private readonly statedRequest: ParserMethod<[], Asked> = this.rule('statedRequest', () => {
    const start = this.LA(1)
    const expr = this.SUBRULE(this.expression)
    let asked: Asked = { kind: 'expression', expr }
    this.OPTION(() => {
      const more = this.SUBRULE(this.askerTail)
      this.OR([{ ALT: () => this.CONSUME(t.Can) }, { ALT: () => this.CONSUME(t.Cannot) }])
      const request = this.SUBRULE(this.request)
      this.ACTION(() => {
        const actor = askerOf(expr)
        if (actor === undefined) this.reportNoAsker(expr.span)
        else asked = { kind: 'decision', asker: { actor, ...more, span: this.spanFrom(start) }, ...request, why: false }
      })
    })
    return asked
  })

  private readonly asker: ParserMethod<[], Asker> = this.rule('asker', () => {
    const start = this.LA(1)
    const actor = this.OR<Asker['actor']>({
      ERR_MSG: 'an actor or `anonymous`',
      DEF: [
        { ALT: () => this.SUBRULE(this.entityLiteral) },
        {
          ALT: () => {
            const name = this.CONSUME(t.Name)
            return this.ACTION(() => {
              if (name.image !== 'anonymous') this.reportNoAsker(this.spanOf(name))
              return { kind: 'anonymous', span: this.spanOf(name) }
            })
          },
        },
      ],
    })
    const more = this.SUBRULE(this.askerTail)
    return { actor, ...more, span: this.spanFrom(start) }
  })

  private readonly askerTail: ParserMethod<[], Pick<Asker, 'agents' | 'token'>> = this.rule('askerTail', () => {
    const agents: EntityLiteral[] = []
    let token: RecordLiteral | undefined
    this.OPTION(() => {
      this.CONSUME(t.Via)
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => agents.push(this.SUBRULE(this.entityLiteral)) })
    })
    this.OPTION2(() => {
      this.CONSUME(t.With)
      token = this.SUBRULE(this.record)
    })
    return { agents, ...(token === undefined ? {} : { token }) }
  })

  private readonly request: ParserMethod<[], Request> = this.rule('request', () => {
    const action = this.nameOf(this.CONSUME(t.Name))
    const on = this.OR<ExpectedTarget>({
      ERR_MSG: 'an entity, or a tool with `on` its server',
      DEF: [
        { ALT: () => ({ kind: 'entity', entity: this.SUBRULE(this.entityLiteral) }) },
        { ALT: () => this.SUBRULE(this.item) },
      ],
    })
    return { action, on }
  })

  private reportNoAsker(span: Question['span']): void {
    this.report('syntax', span, 'only an entity can ask here', 'write one such as `User:ann`, or `anonymous`')
  }

  /** An entity, or the word that stands for none, at the i-th token from here. */
  private beginsWho(i: number): boolean {
    const token = this.LA(i)
    return token.tokenType === t.Entity || (token.image === 'anonymous' && isA(token, t.Name))
  }

  /** What stands here begins a question: as a name, an operator, a dot or a bracket would follow it. */
  private isWord(): boolean {
    const { tokenType } = this.LA(2)
    return (
      tokenType === EOF || tokenType === t.Entity || tokenType === t.Not || (isA(this.LA(2), t.Name) && !this.asksWho())
    )
  }
}
