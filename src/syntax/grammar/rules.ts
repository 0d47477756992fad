import type {
  Assignable,
  Condition,
  Expr,
  ItemTarget,
  Name,
  Rate,
  RoleDeclaration,
  Rule,
  RuleTarget,
  Text,
  Verb,
} from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import { durationOf } from '../literals.ts'
import * as t from '../tokens.ts'
import { type Lead, TypeParser } from './types.ts'

/** A verb with its actions. */
type Head = Pick<Rule, 'verb' | 'verbSpan' | 'actions' | 'actionsSpan'> & { readonly property: Text | undefined }

/** What comes after them. */
type Tail = Pick<Rule, 'target' | 'condition'> & { readonly rate: Rate | undefined; readonly as: Name | undefined }

const inBlock: RuleTarget = { kind: 'block' }

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Rules and roles: *verb, actions, target, clauses, condition*. */
export class RuleParser extends TypeParser {
  protected readonly fileRule: ParserMethod<[Lead], Rule> = this.rule('fileRule', (lead) => {
    const head = this.head()
    const types: Name[] = []
    this.OPTION(() => {
      this.CONSUME(t.On)
      this.SUBRULE(this.names, { ARGS: [types] })
    })
    return this.finish(lead, head, { kind: 'file', types })
  })

  protected readonly blockRule: ParserMethod<[Lead], Rule> = this.rule('blockRule', (lead) =>
    this.finish(lead, this.head(), inBlock),
  )

  protected readonly serverRule: ParserMethod<[Lead], Rule> = this.rule('serverRule', (lead) => {
    const head = this.head()
    const items: ItemTarget[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => items.push(this.OR<ItemTarget>(this.itemTarget)),
      ERR_MSG: 'a target',
    })
    return this.finish(lead, head, { kind: 'server', items })
  })

  // Beginning and end of a rule are written into the rules that have them: a rule of the grammar costs at every entry.

  private head(): Head {
    const start = this.LA(1)
    const property = this.OR7(this.verbs)
    const first = this.LA(1)
    const actions = this.OR8(this.actions)
    const actionsSpan = actions.length === 1 ? actions[0]?.span : undefined
    return {
      verb: start.image as Verb,
      verbSpan: this.spanOf(start),
      property,
      actions,
      actionsSpan: actionsSpan ?? this.spanFrom(first),
    }
  }

  private readonly verbs: { ALT: () => Text | undefined }[] = [
    {
      ALT: () => {
        this.CONSUME(t.Verb)
        return undefined
      },
    },
    {
      ALT: () => {
        this.OR9([{ ALT: () => this.CONSUME(t.Always) }, { ALT: () => this.CONSUME(t.Never) }])
        const string = this.CONSUME8(t.Str)
        return this.ACTION(() => this.plainText(string))
      },
    },
  ]

  private readonly actions = {
    ERR_MSG: 'an action',
    DEF: [
      {
        ALT: (): readonly Name[] => {
          this.CONSUME8(t.Star)
          return []
        },
      },
      {
        ALT: (): readonly Name[] => {
          const actions = [this.nameOf(this.CONSUME8(t.Name))]
          this.MANY8(() => {
            this.CONSUME8(t.Comma)
            actions.push(this.nameOf(this.CONSUME9(t.Name)))
          })
          return actions
        },
      },
    ],
  }

  private finish(lead: Lead, head: Head, target: RuleTarget): Rule {
    let rate: Rate | undefined
    let as: Name | undefined
    // In an entity, a field called `to`, `as`, `by` or `when` may follow; its colon tells.
    this.OPTION7({
      GATE: () => !this.colonAt(2),
      DEF: () =>
        this.OR6([
          {
            ALT: () => {
              rate = this.SUBRULE(this.rate)
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.As)
              as = this.nameOf(this.CONSUME7(t.Name))
            },
          },
        ]),
    })
    const condition = this.condition()
    return this.ACTION(() => this.ruleNode(lead, head, { target, rate, as, condition }))
  }

  private ruleNode(lead: Lead, head: Head, { target, rate, as, condition }: Tail): Rule {
    const rule: Mutable<Rule> = {
      kind: 'rule',
      annotations: lead.annotations,
      span: this.spanFrom(lead.start),
      verb: head.verb,
      verbSpan: head.verbSpan,
      actions: head.actions,
      actionsSpan: head.actionsSpan,
      target,
      condition,
    }
    if (lead.doc !== undefined) rule.doc = lead.doc
    if (head.property !== undefined) rule.property = head.property
    if (rate !== undefined) rule.rate = rate
    if (as !== undefined) rule.as = as
    return rule
  }

  protected readonly names: ParserMethod<[Name[]], void> = this.rule('names', (into) => {
    const add = (token: IToken): void => {
      this.ACTION(() => into.push(this.nameOf(token)))
    }
    add(this.CONSUME(t.Name))
    this.MANY(() => {
      this.CONSUME(t.Comma)
      add(this.CONSUME2(t.Name))
    })
  })

  private readonly itemTarget = {
    ERR_MSG: 'a target',
    DEF: [
      { ALT: (): ItemTarget => ({ kind: 'all', span: this.spanOf(this.CONSUME(t.Star)) }) },
      {
        ALT: (): ItemTarget => {
          const name = this.nameOf(this.CONSUME(t.Name))
          return { kind: 'name', name, span: name.span }
        },
      },
      {
        ALT: (): ItemTarget => {
          const string = this.CONSUME(t.Str)
          return this.ACTION(() => {
            const pattern = this.plainText(string)
            return { kind: 'pattern', pattern, span: pattern.span }
          })
        },
      },
    ],
  }

  private readonly rate: ParserMethod<[], Rate> = this.rule('rate', () => {
    const start = this.CONSUME(t.To)
    const count = this.CONSUME(t.Int)
    this.CONSUME(t.Per)
    const per = this.CONSUME(t.Duration)
    let by: Expr | undefined
    this.OPTION({
      GATE: () => !this.colonAt(2),
      DEF: () => {
        this.CONSUME(t.By)
        by = this.SUBRULE(this.expression)
      },
    })
    return this.ACTION(() => ({
      count: this.countOf(count),
      per: durationOf(per.image) ?? 0,
      perSpan: this.spanOf(per),
      ...(by === undefined ? {} : { by }),
      span: this.spanFrom(start),
    }))
  })

  private condition(): Condition {
    const holds = this.OPTION8(this.if)
    const unless = this.OPTION9(this.unless)
    if (holds === undefined) return unless === undefined ? {} : { unless }
    return unless === undefined ? { if: holds } : { if: holds, unless }
  }

  private readonly if = (): Expr => {
    this.CONSUME(t.If)
    return this.SUBRULE8(this.expression)
  }

  private readonly unless = (): Expr => {
    this.CONSUME(t.Unless)
    return this.SUBRULE9(this.expression)
  }

  protected readonly role: ParserMethod<[Lead], RoleDeclaration> = this.rule('role', (lead) => {
    let contextual = false
    this.OPTION(() => {
      this.CONSUME(t.Contextual)
      contextual = true
    })
    this.CONSUME(t.Role)
    const name = this.CONSUME(t.Name)
    const assignable: Assignable[] = []
    this.OPTION2(() => {
      this.CONSUME(t.Colon)
      assignable.push(this.SUBRULE(this.assignable))
      this.MANY(() => {
        this.CONSUME(t.Pipe)
        assignable.push(this.SUBRULE2(this.assignable))
      })
    })
    const condition = this.condition()
    return this.ACTION(() => ({
      kind: 'role',
      ...this.documented(lead),
      contextual,
      name: this.nameOf(name),
      assignable,
      condition,
    }))
  })

  private readonly assignable: ParserMethod<[], Assignable> = this.rule('assignable', () => {
    const start = this.LA(1)
    let any = false
    this.OPTION(() => {
      this.CONSUME(t.Any)
      any = true
    })
    const type = this.CONSUME(t.Name)
    let role: Name | undefined
    this.OPTION2(() => {
      this.CONSUME(t.Dot)
      role = this.nameOf(this.CONSUME(t.Word))
    })
    let when: Name | undefined
    this.OPTION3({
      GATE: () => !this.colonAt(2),
      DEF: () => {
        this.CONSUME(t.When)
        when = this.nameOf(this.CONSUME2(t.Name))
      },
    })
    return {
      any,
      type: this.nameOf(type),
      ...(role === undefined ? {} : { role }),
      ...(when === undefined ? {} : { when }),
      span: this.spanFrom(start),
    }
  })

  /** A number that stands for itself and so must be one that a number counts exactly. */
  protected countOf(token: IToken): number {
    const count = Number(token.image)
    if (Number.isSafeInteger(count)) return count
    this.report('bad-number', this.spanOf(token), `\`${token.image}\` is out of range`)
    return 0
  }
}
