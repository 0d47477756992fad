import type {
  Anonymous,
  EntityLiteral,
  Expect,
  Expectation,
  ExpectedTarget,
  Expr,
  FactEntry,
  FactValue,
  Given,
  Grantee,
  Name,
  RecordLiteral,
} from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import { entityOf } from '../literals.ts'
import * as t from '../tokens.ts'
import { RuleParser } from './rules.ts'
import type { Lead } from './types.ts'

interface FactValues {
  readonly values: readonly FactValue[]
  readonly list: boolean
}

/** The part of an expectation after who asks. */
type Outcome =
  | {
      readonly kind: 'decision'
      readonly allowed: boolean
      readonly on: ExpectedTarget
      readonly missing?: readonly Expr[]
    }
  | { readonly kind: 'list'; readonly type: Name; readonly entities: readonly EntityLiteral[] }

/** Facts and expectations. */
export class FactParser extends RuleParser {
  protected readonly given: ParserMethod<[Lead], Given> = this.rule('given', (lead) => {
    this.CONSUME(t.Given)
    return this.OR<Given>({
      ERR_MSG: 'an entity, `role` or an input',
      // `given role x` is always about a role, never an input of that name.
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            const entity = this.SUBRULE(this.entityLiteral)
            const containers: EntityLiteral[] = []
            this.OPTION(() => {
              this.CONSUME(t.In)
              containers.push(this.SUBRULE2(this.entityLiteral))
              this.MANY(() => {
                this.CONSUME(t.Comma)
                containers.push(this.SUBRULE3(this.entityLiteral))
              })
            })
            let facts: readonly FactEntry[] = []
            this.OPTION2(() => {
              facts = this.SUBRULE(this.facts)
            })
            return this.ACTION(() => ({
              kind: 'given',
              ...this.documented(lead),
              of: 'entity',
              entity,
              containers,
              facts,
            }))
          },
        },
        {
          GATE: () => isA(this.LA(2), t.Name),
          ALT: () => {
            this.CONSUME(t.Role)
            const role = this.CONSUME(t.Name)
            this.CONSUME(t.Colon)
            const values = this.SUBRULE(this.factValues)
            return this.ACTION(() => ({
              kind: 'given',
              ...this.documented(lead),
              of: 'role',
              role: this.nameOf(role),
              ...values,
            }))
          },
        },
        {
          ALT: () => {
            const input = this.CONSUME2(t.Name)
            const value = this.SUBRULE(this.expression)
            return this.ACTION(() => ({
              kind: 'given',
              ...this.documented(lead),
              of: 'input',
              input: this.nameOf(input),
              value,
            }))
          },
        },
      ],
    })
  })

  private readonly facts: ParserMethod<[], readonly FactEntry[]> = this.rule('facts', () => {
    const entries: FactEntry[] = []
    this.CONSUME(t.LCurly)
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const start = this.LA(1)
        const key = this.SUBRULE(this.key)
        this.CONSUME(t.Colon)
        const values = this.SUBRULE(this.factValues)
        entries.push({ key, ...values, span: this.spanFrom(start) })
      },
    })
    this.CONSUME(t.RCurly)
    return entries
  })

  /** A `[` here always begins a list of facts; a fact that is a set in brackets stands inside one. */
  private readonly factValues: ParserMethod<[], FactValues> = this.rule('factValues', () =>
    this.OR<FactValues>({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            const values: FactValue[] = []
            this.CONSUME(t.LSquare)
            this.MANY_SEP({ SEP: t.Comma, DEF: () => values.push(this.SUBRULE(this.fact)) })
            this.CONSUME(t.RSquare)
            return { values, list: true }
          },
        },
        { ALT: () => ({ values: [this.SUBRULE2(this.fact)], list: false }) },
      ],
    }),
  )

  private readonly fact: ParserMethod<[], FactValue> = this.rule('fact', () => {
    const start = this.LA(1)
    const value = this.OR<FactValue['value']>({
      ERR_MSG: 'a value',
      DEF: [
        {
          ALT: () => {
            this.CONSUME(t.Any)
            return { kind: 'any', type: this.nameOf(this.CONSUME(t.Name)) }
          },
        },
        { ALT: () => ({ kind: 'expr', expr: this.SUBRULE(this.expression) }) },
      ],
    })
    let when: FactValue['when']
    this.OPTION(() => {
      this.CONSUME(t.When)
      const carried = this.nameOf(this.CONSUME2(t.Name))
      let args: RecordLiteral | undefined
      this.OPTION2(() => {
        args = this.SUBRULE(this.record)
      })
      when = { let: carried, ...(args === undefined ? {} : { args }) }
    })
    let until: Expr | undefined
    this.OPTION3(() => {
      this.CONSUME(t.Until)
      until = this.SUBRULE2(this.expression)
    })
    return {
      value,
      ...(when === undefined ? {} : { when }),
      ...(until === undefined ? {} : { until }),
      span: this.spanFrom(start),
    }
  })

  protected readonly expect: ParserMethod<[Lead], Expect> = this.rule('expect', (lead) => {
    this.CONSUME(t.Expect)
    const expectation = this.OR<Expectation>({
      ERR_MSG: 'an expectation',
      // `who can …` always asks who; a variable of that name is no actor.
      IGNORE_AMBIGUITIES: true,
      // The gate tells them apart, whatever comes after the first word.
      MAX_LOOKAHEAD: 1,
      DEF: [
        { GATE: () => this.asksWho(), ALT: () => this.SUBRULE(this.expectWho) },
        { ALT: () => this.SUBRULE(this.expectThat) },
      ],
    })
    return this.ACTION(() => ({ kind: 'expect', ...this.documented(lead), expectation }))
  })

  private readonly expectWho: ParserMethod<[], Expectation> = this.rule('expectWho', () => {
    const types = this.SUBRULE(this.whoCan)
    const action = this.CONSUME(t.Name)
    const entity = this.SUBRULE(this.entityLiteral)
    this.CONSUME(t.Is)
    const actors: Grantee[] = []
    this.CONSUME(t.LSquare)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => actors.push(this.SUBRULE(this.grantee)) })
    this.CONSUME(t.RSquare)
    return { kind: 'who', types, action: this.nameOf(action), entity, actors }
  })

  /** `who can`, or `User, Robot who can`: the types. */
  protected readonly whoCan: ParserMethod<[], readonly Name[]> = this.rule('whoCan', () => {
    const types: Name[] = []
    this.OPTION({
      MAX_LOOKAHEAD: 1,
      GATE: () => this.LA(1).tokenType !== t.Who || this.LA(2).tokenType !== t.Can,
      DEF: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => types.push(this.nameOf(this.CONSUME(t.Name))) }),
    })
    this.CONSUME(t.Who)
    this.CONSUME(t.Can)
    return types
  })

  private readonly grantee: ParserMethod<[], Grantee> = this.rule('grantee', () =>
    this.OR<Grantee>({
      ERR_MSG: 'an entity or `any` and a type',
      DEF: [
        { ALT: () => this.SUBRULE(this.entityLiteral) },
        {
          ALT: () => {
            const start = this.CONSUME(t.Any)
            return { kind: 'any', type: this.nameOf(this.CONSUME(t.Name)), span: this.spanFrom(start) }
          },
        },
      ],
    }),
  )

  private readonly expectThat: ParserMethod<[], Expectation> = this.rule('expectThat', () => {
    const expr = this.SUBRULE(this.expression)
    let expectation: Expectation = { kind: 'holds', expr }
    this.OPTION({
      DEF: () => {
        const agents: EntityLiteral[] = []
        this.OPTION2(() => {
          this.CONSUME(t.Via)
          agents.push(this.SUBRULE(this.entityLiteral))
          this.MANY(() => {
            this.CONSUME(t.Comma)
            agents.push(this.SUBRULE2(this.entityLiteral))
          })
        })
        const can = this.OR({
          ERR_MSG: '`can` or `cannot`',
          DEF: [{ ALT: () => this.CONSUME(t.Can) }, { ALT: () => this.CONSUME(t.Cannot) }],
        })
        const action = this.CONSUME(t.Name)
        const outcome = this.SUBRULE(this.outcome, { ARGS: [can] })
        expectation = this.ACTION(() => this.asked(expr, agents, this.nameOf(action), outcome))
      },
    })
    return expectation
  })

  private readonly outcome: ParserMethod<[IToken], Outcome> = this.rule('outcome', (can) => {
    let outcome = this.OR<Outcome>({
      ERR_MSG: 'an entity, a type with `is [ … ]`, or a tool with `on` its server',
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            const entity = this.SUBRULE(this.entityLiteral)
            return this.ACTION(() => ({ kind: 'decision', allowed: allows(can), on: { kind: 'entity', entity } }))
          },
        },
        { GATE: () => this.LA(2).tokenType === t.Is, ALT: () => this.SUBRULE(this.listed) },
        {
          ALT: () => {
            const on = this.SUBRULE(this.item)
            return this.ACTION(() => ({ kind: 'decision', allowed: allows(can), on }))
          },
        },
      ],
    })
    this.ACTION(() => {
      if (outcome.kind !== 'list' || allows(can)) return
      this.report('syntax', this.spanOf(can), '`cannot` has no list', 'write `can` and the entities that are allowed')
    })
    this.OPTION(() => {
      const start = this.CONSUME(t.Missing)
      const missing = [this.SUBRULE(this.expression)]
      this.MANY(() => {
        this.CONSUME(t.Comma)
        missing.push(this.SUBRULE2(this.expression))
      })
      this.ACTION(() => {
        if (outcome.kind === 'decision') outcome = { ...outcome, missing }
        else this.report('syntax', this.spanFrom(start), '`missing` belongs to one decision, not to a list')
      })
    })
    return outcome
  })

  private readonly listed: ParserMethod<[], Outcome> = this.rule('listed', () => {
    const type = this.CONSUME(t.Name)
    this.CONSUME(t.Is)
    const entities: EntityLiteral[] = []
    this.CONSUME(t.LSquare)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => entities.push(this.SUBRULE(this.entityLiteral)) })
    this.CONSUME(t.RSquare)
    return { kind: 'list', type: this.nameOf(type), entities }
  })

  protected readonly item: ParserMethod<[], ExpectedTarget> = this.rule('item', () => {
    const what = this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.Str) }])
    let args: RecordLiteral | undefined
    this.OPTION(() => {
      args = this.SUBRULE(this.record)
    })
    this.CONSUME(t.On)
    const server = this.CONSUME2(t.Name)
    return this.ACTION(() => {
      const quoted = what.tokenType === t.Str
      return {
        kind: 'item',
        name: quoted ? this.plainText(what) : { value: what.image, span: this.spanOf(what) },
        quoted,
        ...(args === undefined ? {} : { args }),
        server: this.nameOf(server),
      }
    })
  })

  protected readonly entityLiteral: ParserMethod<[], EntityLiteral> = this.rule('entityLiteral', () => {
    const token = this.CONSUME(t.Entity)
    return this.ACTION(() => ({ kind: 'entity-literal', ...entityOf(token.image), span: this.spanOf(token) }))
  })

  /** `who can …`, or the names of types before it. */
  protected asksWho(): boolean {
    for (let i = 1; ; i += 2) {
      if (this.LA(i).tokenType === t.Who && this.LA(i + 1).tokenType === t.Can) return true
      if (this.LA(i + 1).tokenType === t.Who) return this.LA(i + 2).tokenType === t.Can
      if (this.LA(i + 1).tokenType !== t.Comma) return false
    }
  }

  private asked(expr: Expr, agents: readonly EntityLiteral[], action: Name, outcome: Outcome): Expectation {
    const actor = asker(expr)
    if (actor === undefined) {
      this.report(
        'syntax',
        expr.span,
        'only an entity can be asked for here',
        'write one such as `User:ann`, or `anonymous`',
      )
      return { kind: 'holds', expr }
    }
    return { ...outcome, actor, agents, action }
  }
}

/** Who an expression names, where it names one who can ask. */
export function asker(expr: Expr): EntityLiteral | Anonymous | undefined {
  if (expr.kind === 'entity-literal') return expr
  return expr.kind === 'name' && expr.name === 'anonymous' ? { kind: 'anonymous', span: expr.span } : undefined
}

function allows(can: IToken): boolean {
  return can.tokenType === t.Can
}
