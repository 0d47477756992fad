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

interface RuleHead {
  readonly verb: Verb
  readonly verbSpan: Rule['verbSpan']
  readonly property?: Text
  readonly actions: readonly Name[]
  readonly actionsSpan: Rule['actionsSpan']
}

interface RuleTail {
  readonly rate?: Rate
  readonly as?: Name
  readonly condition: Condition
}

/** Rules and roles: *verb, actions, target, clauses, condition*. */
export class RuleParser extends TypeParser {
  protected readonly fileRule: ParserMethod<[Lead], Rule> = this.rule('fileRule', (lead) => {
    const head = this.SUBRULE(this.ruleHead)
    const types: Name[] = []
    this.OPTION(() => {
      this.CONSUME(t.On)
      this.SUBRULE(this.names, { ARGS: [types] })
    })
    const tail = this.SUBRULE(this.ruleTail)
    return this.ACTION(() => this.ruleNode(lead, head, { kind: 'file', types }, tail))
  })

  protected readonly blockRule: ParserMethod<[Lead], Rule> = this.rule('blockRule', (lead) => {
    const head = this.SUBRULE(this.ruleHead)
    const tail = this.SUBRULE(this.ruleTail)
    return this.ACTION(() => this.ruleNode(lead, head, { kind: 'block' }, tail))
  })

  protected readonly serverRule: ParserMethod<[Lead], Rule> = this.rule('serverRule', (lead) => {
    const head = this.SUBRULE(this.ruleHead)
    const items: ItemTarget[] = []
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.itemTarget)), ERR_MSG: 'a target' })
    const tail = this.SUBRULE(this.ruleTail)
    return this.ACTION(() => this.ruleNode(lead, head, { kind: 'server', items }, tail))
  })

  private readonly ruleHead: ParserMethod<[], RuleHead> = this.rule('ruleHead', () => {
    const start = this.LA(1)
    let property: Text | undefined
    this.OR([
      { ALT: () => this.CONSUME(t.Verb) },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(t.Always) }, { ALT: () => this.CONSUME(t.Never) }])
          const string = this.CONSUME(t.Str)
          property = this.ACTION(() => this.plainText(string))
        },
      },
    ])
    const first = this.LA(1)
    const actions: Name[] = []
    this.OR3({
      ERR_MSG: 'an action',
      DEF: [{ ALT: () => this.CONSUME(t.Star) }, { ALT: () => this.SUBRULE(this.names, { ARGS: [actions] }) }],
    })
    return {
      verb: start.image as Verb,
      verbSpan: this.spanOf(start),
      ...(property === undefined ? {} : { property }),
      actions,
      actionsSpan: this.spanFrom(first),
    }
  })

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

  private readonly itemTarget: ParserMethod<[], ItemTarget> = this.rule('itemTarget', () =>
    this.OR<ItemTarget>({
      ERR_MSG: 'a target',
      DEF: [
        { ALT: () => ({ kind: 'all', span: this.spanOf(this.CONSUME(t.Star)) }) },
        {
          ALT: () => {
            const name = this.CONSUME(t.Name)
            return { kind: 'name', name: this.nameOf(name), span: this.spanOf(name) }
          },
        },
        {
          ALT: () => {
            const string = this.CONSUME(t.Str)
            return this.ACTION(() => ({ kind: 'pattern', pattern: this.plainText(string), span: this.spanOf(string) }))
          },
        },
      ],
    }),
  )

  private readonly ruleTail: ParserMethod<[], RuleTail> = this.rule('ruleTail', () => {
    let rate: Rate | undefined
    let as: Name | undefined
    // In an entity, a field called `to`, `as`, `by` or `when` may follow; its colon tells.
    this.OPTION({
      GATE: () => !this.colonAt(2),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              rate = this.SUBRULE(this.rate)
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.As)
              as = this.nameOf(this.CONSUME(t.Name))
            },
          },
        ]),
    })
    const condition = this.SUBRULE(this.condition)
    return { ...(rate === undefined ? {} : { rate }), ...(as === undefined ? {} : { as }), condition }
  })

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

  protected readonly condition: ParserMethod<[], Condition> = this.rule('condition', () => {
    let holds: Expr | undefined
    let unless: Expr | undefined
    this.OPTION(() => {
      this.CONSUME(t.If)
      holds = this.SUBRULE(this.expression)
    })
    this.OPTION2(() => {
      this.CONSUME(t.Unless)
      unless = this.SUBRULE2(this.expression)
    })
    return { ...(holds === undefined ? {} : { if: holds }), ...(unless === undefined ? {} : { unless }) }
  })

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
    const condition = this.SUBRULE(this.condition)
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

  private ruleNode(lead: Lead, head: RuleHead, target: RuleTarget, tail: RuleTail): Rule {
    return { kind: 'rule', ...this.documented(lead), ...head, target, ...tail }
  }

  /** A number that stands for itself and so must be one that a number counts exactly. */
  protected countOf(token: IToken): number {
    const count = Number(token.image)
    if (Number.isSafeInteger(count)) return count
    this.report('bad-number', this.spanOf(token), `\`${token.image}\` is out of range`)
    return 0
  }
}
