import type {
  ActionGroup,
  EntityDeclaration,
  Expr,
  Field,
  FunctionDeclaration,
  Let,
  Member,
  Name,
  Node,
  Param,
  ScopeHierarchy,
  Server,
  Statement,
  Test,
  Text,
} from '../ast.ts'
import type { IToken, ParserMethod } from '../chevrotain.ts'
import * as t from '../tokens.ts'
import { FactParser } from './facts.ts'
import type { Collector, Lead } from './types.ts'

/** Everything of a statement with a block except that block; given its members, and where it ends, it is the statement. */
export type Head<T> = (members: readonly T[], block: boolean, end: Node['span']['end']) => Statement

export type BlockHead =
  | { readonly place: 'entity'; readonly close: Head<Member> }
  | { readonly place: 'server'; readonly close: Head<ServerMember> }
  | { readonly place: 'test'; readonly close: Head<TestMember> }
  | { readonly place: 'fields'; readonly close: Head<Field> }

export type ServerMember = Server['members'][number]
export type TestMember = Test['members'][number]

/** Statements. The heads of those with a block, and the members of each kind of block, can be parsed by themselves. */
export class PolicyParser extends FactParser {
  constructor(validate = false) {
    super(validate)
    this.performSelfAnalysis()
  }

  readonly statements: ParserMethod<[Collector<Statement>], void> = this.rule('statements', (into) => {
    this.MANY(() => {
      const lead = this.lead()
      this.ACTION(() => {
        into.start = lead.start
      })
      const statement = this.SUBRULE(this.statement, { ARGS: [lead] })
      this.ACTION(() => into.items.push(statement))
    })
  })

  private readonly statement: ParserMethod<[Lead], Statement> = this.rule('statement', (lead) => {
    const ARGS: [Lead] = [lead]
    return this.OR<Statement>({
      ERR_MSG: 'a statement',
      DEF: [
        { ALT: () => this.SUBRULE(this.fileRule, { ARGS }) },
        { ALT: () => this.SUBRULE(this.role, { ARGS }) },
        { ALT: () => this.SUBRULE(this.entity, { ARGS }) },
        { ALT: () => this.SUBRULE(this.given, { ARGS }) },
        { ALT: () => this.SUBRULE(this.test, { ARGS }) },
        { ALT: () => this.SUBRULE(this.server, { ARGS }) },
        { ALT: () => this.SUBRULE(this.let, { ARGS }) },
        { ALT: () => this.SUBRULE(this.inputs, { ARGS }) },
        { ALT: () => this.SUBRULE(this.functionDeclaration, { ARGS }) },
        { ALT: () => this.SUBRULE(this.actionGroup, { ARGS }) },
        { ALT: () => this.SUBRULE(this.scopes, { ARGS }) },
        { ALT: () => this.SUBRULE(this.import, { ARGS }) },
        { ALT: () => this.SUBRULE(this.edition, { ARGS }) },
      ],
    })
  })

  private readonly edition: ParserMethod<[Lead], Statement> = this.rule('edition', (lead) => {
    this.CONSUME(t.Edition)
    const edition = this.CONSUME(t.Int)
    return this.ACTION(() => ({ kind: 'edition', ...this.documented(lead), edition: this.countOf(edition) }))
  })

  private readonly import: ParserMethod<[Lead], Statement> = this.rule('import', (lead) => {
    this.CONSUME(t.Import)
    const path = this.CONSUME(t.Str)
    return this.ACTION(() => ({ kind: 'import', ...this.documented(lead), path: this.plainText(path) }))
  })

  private readonly actionGroup: ParserMethod<[Lead], ActionGroup> = this.rule('actionGroup', (lead) => {
    this.CONSUME(t.Action)
    const name = this.CONSUME(t.Name)
    this.CONSUME(t.Assign)
    const actions: Name[] = []
    this.SUBRULE(this.names, { ARGS: [actions] })
    return this.ACTION(() => ({ kind: 'action-group', ...this.documented(lead), name: this.nameOf(name), actions }))
  })

  private readonly scopes: ParserMethod<[Lead], ScopeHierarchy> = this.rule('scopes', (lead) => {
    this.CONSUME(t.Scope)
    const scope = this.CONSUME(t.Str)
    this.CONSUME(t.Includes)
    const includes: Text[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const string = this.CONSUME2(t.Str)
        this.ACTION(() => includes.push(this.plainText(string)))
      },
      ERR_MSG: 'a string',
    })
    return this.ACTION(() => ({ kind: 'scope', ...this.documented(lead), scope: this.plainText(scope), includes }))
  })

  private readonly let: ParserMethod<[Lead], Let> = this.rule('let', (lead) => {
    this.CONSUME(t.Let)
    const name = this.CONSUME(t.Name)
    let params: readonly Param[] | undefined
    this.OPTION(() => {
      params = this.SUBRULE(this.params)
    })
    this.CONSUME(t.Assign)
    const value: Expr = this.SUBRULE(this.expression)
    return this.ACTION(() => ({
      kind: 'let',
      ...this.documented(lead),
      name: this.nameOf(name),
      ...(params === undefined ? {} : { params }),
      value,
    }))
  })

  private readonly functionDeclaration: ParserMethod<[Lead], FunctionDeclaration> = this.rule(
    'functionDeclaration',
    (lead) => {
      this.CONSUME(t.FunctionWord)
      const name = this.CONSUME(t.Name)
      const params = this.SUBRULE(this.params)
      this.CONSUME(t.Colon)
      const result = this.SUBRULE(this.type)
      return this.ACTION(() => ({
        kind: 'function',
        ...this.documented(lead),
        name: this.nameOf(name),
        params,
        result,
      }))
    },
  )

  // ---- statements with a block ----

  /** The beginning of such a statement, up to its `{`, for when the block is parsed member by member. */
  readonly blockHead: ParserMethod<[], BlockHead> = this.rule('blockHead', () => {
    const lead = this.lead()
    const ARGS: [Lead] = [lead]
    return this.OR<BlockHead>({
      ERR_MSG: 'a statement with a block',
      DEF: [
        { ALT: () => ({ place: 'entity', close: this.SUBRULE(this.entityHead, { ARGS }) }) },
        { ALT: () => ({ place: 'server', close: this.SUBRULE(this.serverHead, { ARGS }) }) },
        { ALT: () => ({ place: 'test', close: this.SUBRULE(this.testHead, { ARGS }) }) },
        { ALT: () => ({ place: 'fields', close: this.SUBRULE(this.inputsHead, { ARGS }) }) },
      ],
    })
  })

  private readonly entity: ParserMethod<[Lead], Statement> = this.rule('entity', (lead) => {
    const head = this.SUBRULE(this.entityHead, { ARGS: [lead] })
    const members: Collector<Member> = { items: [] }
    let block = false
    this.OPTION(() => {
      this.CONSUME(t.LCurly)
      block = true
      this.SUBRULE(this.entityMembers, { ARGS: [members] })
      this.CONSUME(t.RCurly)
    })
    return this.ACTION(() => head(members.items, block, this.spanFrom(lead.start).end))
  })

  private readonly entityHead: ParserMethod<[Lead], Head<Member>> = this.rule('entityHead', (lead) => {
    const modifiers: IToken[] = []
    this.MANY(() =>
      modifiers.push(
        this.OR([
          { ALT: () => this.CONSUME(t.Open) },
          { ALT: () => this.CONSUME(t.Virtual) },
          { ALT: () => this.CONSUME(t.Dynamic) },
        ]),
      ),
    )
    const actor = this.OR2({
      ERR_MSG: '`actor` or `resource`',
      DEF: [{ ALT: () => this.CONSUME(t.Actor) }, { ALT: () => this.CONSUME(t.Resource) }],
    })
    const name = this.CONSUME(t.Name)
    const containers: Name[] = []
    this.OPTION(() => {
      this.CONSUME(t.In)
      containers.push(this.nameOf(this.CONSUME2(t.Name)))
      this.MANY2(() => {
        this.CONSUME(t.Pipe)
        containers.push(this.nameOf(this.CONSUME3(t.Name)))
      })
    })
    return (members, block, end): EntityDeclaration => ({
      kind: 'entity',
      ...this.documented(lead, end),
      actor: actor.tokenType === t.Actor,
      open: modifiers.some((modifier) => modifier.tokenType === t.Open),
      virtual: modifiers.some((modifier) => modifier.tokenType === t.Virtual),
      dynamic: modifiers.some((modifier) => modifier.tokenType === t.Dynamic),
      name: this.nameOf(name),
      containers,
      members,
      block,
    })
  })

  readonly entityMembers: ParserMethod<[Collector<Member>], void> = this.rule('entityMembers', (into) => {
    this.MANY(() => {
      const lead = this.lead()
      this.ACTION(() => {
        into.start = lead.start
      })
      const ARGS: [Lead] = [lead]
      const member = this.OR<Member>({
        ERR_MSG: 'a field, a role or a rule',
        // Fields may have any name, such as `role` or `allow`, so that the colon decides.
        IGNORE_AMBIGUITIES: true,
        DEF: [
          { GATE: () => this.isField(), ALT: () => this.SUBRULE(this.field, { ARGS }) },
          { ALT: () => this.SUBRULE(this.role, { ARGS }) },
          { ALT: () => this.SUBRULE(this.blockRule, { ARGS }) },
        ],
      })
      this.ACTION(() => into.items.push(member))
    })
  })

  private readonly server: ParserMethod<[Lead], Statement> = this.rule('server', (lead) => {
    const head = this.SUBRULE(this.serverHead, { ARGS: [lead] })
    const members: Collector<ServerMember> = { items: [] }
    this.CONSUME(t.LCurly)
    this.SUBRULE(this.serverMembers, { ARGS: [members] })
    this.CONSUME(t.RCurly)
    return this.ACTION(() => head(members.items, true, this.spanFrom(lead.start).end))
  })

  private readonly serverHead: ParserMethod<[Lead], Head<ServerMember>> = this.rule('serverHead', (lead) => {
    this.CONSUME(t.Server)
    const name = this.OR({
      ERR_MSG: 'the name of a server, or `*`',
      DEF: [{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.Star) }],
    })
    let lock: Text | undefined
    this.OPTION(() => {
      this.CONSUME(t.From)
      const path = this.CONSUME(t.Str)
      lock = this.ACTION(() => this.plainText(path))
    })
    return (members, _block, end): Server => ({
      kind: 'server',
      ...this.documented(lead, end),
      ...(name.tokenType === t.Star ? {} : { name: this.nameOf(name) }),
      ...(lock === undefined ? {} : { lock }),
      members,
    })
  })

  readonly serverMembers: ParserMethod<[Collector<ServerMember>], void> = this.rule('serverMembers', (into) => {
    this.MANY(() => {
      const lead = this.lead()
      this.ACTION(() => {
        into.start = lead.start
      })
      const ARGS: [Lead] = [lead]
      const member = this.OR<ServerMember>({
        ERR_MSG: 'a rule or a `let`',
        DEF: [{ ALT: () => this.SUBRULE(this.serverRule, { ARGS }) }, { ALT: () => this.SUBRULE(this.let, { ARGS }) }],
      })
      this.ACTION(() => into.items.push(member))
    })
  })

  private readonly test: ParserMethod<[Lead], Statement> = this.rule('test', (lead) => {
    const head = this.SUBRULE(this.testHead, { ARGS: [lead] })
    const members: Collector<TestMember> = { items: [] }
    this.CONSUME(t.LCurly)
    this.SUBRULE(this.testMembers, { ARGS: [members] })
    this.CONSUME(t.RCurly)
    return this.ACTION(() => head(members.items, true, this.spanFrom(lead.start).end))
  })

  private readonly testHead: ParserMethod<[Lead], Head<TestMember>> = this.rule('testHead', (lead) => {
    this.CONSUME(t.Test)
    const name = this.CONSUME(t.Str)
    return (members, _block, end): Test => ({
      kind: 'test',
      ...this.documented(lead, end),
      name: this.plainText(name),
      members,
    })
  })

  readonly testMembers: ParserMethod<[Collector<TestMember>], void> = this.rule('testMembers', (into) => {
    this.MANY(() => {
      const lead = this.lead()
      this.ACTION(() => {
        into.start = lead.start
      })
      const ARGS: [Lead] = [lead]
      const member = this.OR<TestMember>({
        ERR_MSG: '`given` or `expect`',
        DEF: [{ ALT: () => this.SUBRULE(this.given, { ARGS }) }, { ALT: () => this.SUBRULE(this.expect, { ARGS }) }],
      })
      this.ACTION(() => into.items.push(member))
    })
  })

  private readonly inputs: ParserMethod<[Lead], Statement> = this.rule('inputs', (lead) => {
    const head = this.SUBRULE(this.inputsHead, { ARGS: [lead] })
    const fields: Collector<Field> = { items: [] }
    this.CONSUME(t.LCurly)
    this.SUBRULE(this.fields, { ARGS: [fields] })
    this.CONSUME(t.RCurly)
    return this.ACTION(() => head(fields.items, true, this.spanFrom(lead.start).end))
  })

  private readonly inputsHead: ParserMethod<[Lead], Head<Field>> = this.rule('inputsHead', (lead) => {
    const of = this.OR([{ ALT: () => this.CONSUME(t.Context) }, { ALT: () => this.CONSUME(t.Token) }])
    return (fields, _block, end): Statement => ({
      kind: 'inputs',
      ...this.documented(lead, end),
      of: of.tokenType === t.Token ? 'token' : 'context',
      fields,
    })
  })
}
