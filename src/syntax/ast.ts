import type { Span } from '../base/source.ts'

/**
 * The syntax tree: what `grammar/licet.ebnf` describes and nothing more. Every node is readonly, has a literal `kind` and
 * the span of its text. Names are kept as written; what they mean is the checker's business.
 */
export interface Node {
  readonly span: Span
}

/** A name where one is declared or referred to. */
export interface Name extends Node {
  readonly text: string
}

/** A string literal without interpolation (patterns, ids, paths, documentation): its value, escapes undone. */
export interface Text extends Node {
  readonly value: string
}

export interface Policy {
  readonly kind: 'policy'
  readonly file: string
  readonly statements: readonly Statement[]
}

// ---- statements ----

export type Statement =
  | Edition
  | Import
  | EntityDeclaration
  | RoleDeclaration
  | Rule
  | ActionGroup
  | ScopeHierarchy
  | Let
  | FunctionDeclaration
  | Inputs
  | Server
  | Given
  | Test
  | Broken

/** What may stand before a statement or a member: `///` text (lines joined by a newline) and annotations. */
export interface Documented extends Node {
  readonly doc?: string
  readonly annotations: readonly Annotation[]
}

export interface Annotation extends Node {
  readonly name: Name
  readonly value?: Text
}

export interface Edition extends Documented {
  readonly kind: 'edition'
  readonly edition: number
}

export interface Import extends Documented {
  readonly kind: 'import'
  readonly path: Text
}

export interface EntityDeclaration extends Documented {
  readonly kind: 'entity'
  readonly actor: boolean
  readonly open: boolean
  readonly virtual: boolean
  readonly dynamic: boolean
  readonly name: Name
  readonly containers: readonly Name[]
  readonly members: readonly Member[]
  /** Written with braces, even empty ones. */
  readonly block: boolean
}

export type Member = Field | RoleDeclaration | Rule | Broken

export interface Field extends Documented {
  readonly kind: 'field'
  readonly contextual: boolean
  readonly name: Name
  /** Written as a string: `"Role-A": …`. */
  readonly quoted: boolean
  readonly optional: boolean
  readonly type: TypeExpr
}

export interface RoleDeclaration extends Documented {
  readonly kind: 'role'
  readonly contextual: boolean
  readonly name: Name
  readonly assignable: readonly Assignable[]
  readonly condition: Condition
}

/** `User`, `any User`, `Team.member`, each with an optional carried condition `when name`. */
export interface Assignable extends Node {
  readonly any: boolean
  readonly type: Name
  readonly role?: Name
  readonly when?: Name
}

/** `if C unless D`: C and not D. */
export interface Condition {
  readonly if?: Expr
  readonly unless?: Expr
}

export type Verb = 'allow' | 'deny' | 'delegate' | 'limit' | 'label' | 'always' | 'never'

export interface Rule extends Documented {
  readonly kind: 'rule'
  readonly verb: Verb
  readonly verbSpan: Span
  /** The name of an `always` or `never` property. */
  readonly property?: Text
  /** Empty means `*`. */
  readonly actions: readonly Name[]
  readonly actionsSpan: Span
  readonly target: RuleTarget
  /** `to N per D [by expr]`, as written; only `limit` may have it, which the checker says. */
  readonly rate?: Rate
  /** `as l`, as written; only `label` may have it. */
  readonly as?: Name
  readonly condition: Condition
}

/** Where a rule stands decides what it may name: an entity block nothing, a file types, a server block items. */
export type RuleTarget =
  | { readonly kind: 'block' }
  | { readonly kind: 'file'; readonly types: readonly Name[] }
  | { readonly kind: 'server'; readonly items: readonly ItemTarget[] }

export type ItemTarget =
  | ({ readonly kind: 'all' } & Node)
  | ({ readonly kind: 'name'; readonly name: Name } & Node)
  | ({ readonly kind: 'pattern'; readonly pattern: Text } & Node)

export interface Rate extends Node {
  readonly count: number
  /** Milliseconds. */
  readonly per: number
  readonly perSpan: Span
  readonly by?: Expr
}

export interface ActionGroup extends Documented {
  readonly kind: 'action-group'
  readonly name: Name
  readonly actions: readonly Name[]
}

export interface ScopeHierarchy extends Documented {
  readonly kind: 'scope'
  readonly scope: Text
  readonly includes: readonly Text[]
}

export interface Let extends Documented {
  readonly kind: 'let'
  readonly name: Name
  /** Undefined without parentheses; `let f() = …` has none but is called. */
  readonly params?: readonly Param[]
  readonly value: Expr
}

export interface Param extends Node {
  readonly name: Name
  readonly optional: boolean
  readonly type: TypeExpr
}

export interface FunctionDeclaration extends Documented {
  readonly kind: 'function'
  readonly name: Name
  readonly params: readonly Param[]
  readonly result: TypeExpr
}

export interface Inputs extends Documented {
  readonly kind: 'inputs'
  readonly of: 'context' | 'token'
  readonly fields: readonly Field[]
}

export interface Server extends Documented {
  readonly kind: 'server'
  /** Undefined for `server *`. */
  readonly name?: Name
  readonly lock?: Text
  readonly members: readonly (Let | Rule | Broken)[]
}

/**
 * A statement or member that did not parse; its diagnostic is reported. The checker takes its name, where one can be told,
 * as declared with an unknown meaning, so that one mistake gives one diagnostic.
 */
export interface Broken extends Documented {
  readonly kind: 'broken'
  readonly keyword?: string
  readonly name?: string
}

// ---- facts and tests ----

export type Given = Documented & { readonly kind: 'given' } & (
    | {
        readonly of: 'entity'
        readonly entity: EntityLiteral
        readonly containers: readonly EntityLiteral[]
        readonly facts: readonly FactEntry[]
      }
    | { readonly of: 'role'; readonly role: Name; readonly values: readonly FactValue[]; readonly list: boolean }
    | { readonly of: 'input'; readonly input: Name; readonly value: Expr }
  )

export interface FactEntry extends Node {
  readonly key: Key
  readonly values: readonly FactValue[]
  /** Written in brackets. */
  readonly list: boolean
}

export interface FactValue extends Node {
  readonly value: { readonly kind: 'any'; readonly type: Name } | { readonly kind: 'expr'; readonly expr: Expr }
  readonly when?: { readonly let: Name; readonly args?: RecordLiteral }
  readonly until?: Expr
}

export interface Test extends Documented {
  readonly kind: 'test'
  readonly name: Text
  readonly members: readonly (Given | Expect | Broken)[]
}

export interface Expect extends Documented {
  readonly kind: 'expect'
  readonly expectation: Expectation
}

export type Expectation =
  /** `expect E`: a boolean expression of the test's own facts and inputs, such as `User:ann in Repo:x.reader`. */
  | { readonly kind: 'holds'; readonly expr: Expr }
  /** `expect E [via A, …] can|cannot a TARGET [missing …]`. */
  | {
      readonly kind: 'decision'
      readonly actor: EntityLiteral | Anonymous
      readonly agents: readonly EntityLiteral[]
      readonly allowed: boolean
      readonly action: Name
      readonly on: ExpectedTarget
      readonly missing?: readonly Expr[]
    }
  /** `expect E [via A, …] can a T is [ … ]`. */
  | {
      readonly kind: 'list'
      readonly actor: EntityLiteral | Anonymous
      readonly agents: readonly EntityLiteral[]
      readonly action: Name
      readonly type: Name
      readonly entities: readonly EntityLiteral[]
    }
  /** `expect [T, … ] who can a E is [ … ]`; without types everyone who acts is asked for. */
  | {
      readonly kind: 'who'
      readonly types: readonly Name[]
      readonly action: Name
      readonly entity: EntityLiteral
      readonly actors: readonly Grantee[]
    }

/** The NAME `anonymous` where a test names its actor. */
export interface Anonymous extends Node {
  readonly kind: 'anonymous'
}

export type Grantee = EntityLiteral | ({ readonly kind: 'any'; readonly type: Name } & Node)

export type ExpectedTarget =
  | { readonly kind: 'entity'; readonly entity: EntityLiteral }
  | {
      readonly kind: 'item'
      /** A tool or prompt name, or, where `uri`, a resource's address. */
      readonly name: Text
      /** Written as a string. */
      readonly quoted: boolean
      readonly args?: RecordLiteral
      readonly server: Name
    }

// ---- questions ----

/** Who asks: an actor, those who act for it, and the claims of its token. */
export interface Asker extends Node {
  readonly actor: EntityLiteral | Anonymous
  readonly agents: readonly EntityLiteral[]
  readonly token?: RecordLiteral
}

/** What somebody asks an engine, or tells it. Without an asker, it is about the one who asks at the time. */
export type Question = Node &
  (
    | { readonly kind: 'givens'; readonly givens: readonly Given[] }
    /** `as User:ann via Agent:bot with { … }`: who asks from now on. */
    | { readonly kind: 'as'; readonly asker: Asker }
    /** `test`, of one name or all of them. */
    | { readonly kind: 'tests'; readonly name?: Text }
    | { readonly kind: 'expectation'; readonly expect: Expect }
    | {
        readonly kind: 'decision'
        readonly asker?: Asker
        readonly action: Name
        readonly on: ExpectedTarget
        /** Asked with `why` or `why not`. */
        readonly why: boolean
      }
    /** `why` alone: of the decision before. */
    | { readonly kind: 'why' }
    | { readonly kind: 'who'; readonly types: readonly Name[]; readonly action: Name; readonly on: ExpectedTarget }
    | { readonly kind: 'actions'; readonly asker?: Asker; readonly on: EntityLiteral | Name }
    | { readonly kind: 'list'; readonly asker?: Asker; readonly type: Name; readonly action: Name }
    | { readonly kind: 'expression'; readonly expr: Expr }
  )

// ---- types ----

export type TypeExpr =
  | ({ readonly kind: 'type-name'; readonly name: string } & Node)
  | ({ readonly kind: 'type-literal'; readonly value: string } & Node)
  | ({ readonly kind: 'type-set'; readonly of: TypeExpr } & Node)
  | ({ readonly kind: 'type-union'; readonly of: readonly TypeExpr[] } & Node)
  | ({ readonly kind: 'type-record'; readonly fields: readonly Field[] } & Node)
  | ({ readonly kind: 'type-map'; readonly key: Name; readonly of: TypeExpr } & Node)

// ---- expressions ----

export type Expr =
  | BooleanLiteral
  | IntLiteral
  | NumberLiteral
  | DurationLiteral
  | StringLiteral
  | RegexLiteral
  | EntityLiteral
  | SetLiteral
  | RecordLiteral
  | NameRef
  | Call
  | MemberAccess
  | Index
  | MethodCall
  | Unary
  | Binary
  | Has
  | Is
  | Conditional

export interface BooleanLiteral extends Node {
  readonly kind: 'boolean'
  readonly value: boolean
}

/** Exact, so that 64-bit literals survive; the checker says when one does not fit. */
export interface IntLiteral extends Node {
  readonly kind: 'int'
  readonly value: bigint
}

export interface NumberLiteral extends Node {
  readonly kind: 'number'
  readonly value: number
}

export interface DurationLiteral extends Node {
  readonly kind: 'duration'
  /** As written, for the printer: `1h30m`. */
  readonly text: string
  readonly milliseconds: number
}

/** `"{args.owner}/x"`: text and dotted paths in turn. */
export interface StringLiteral extends Node {
  readonly kind: 'string'
  readonly parts: readonly StringPart[]
}

export type StringPart =
  | { readonly kind: 'text'; readonly value: string }
  /** `{a.b.c}`: at least one name. */
  | { readonly kind: 'path'; readonly names: readonly Name[]; readonly span: Span }

export interface RegexLiteral extends Node {
  readonly kind: 'regex'
  /** Between the slashes, as written. */
  readonly source: string
}

export interface EntityLiteral extends Node {
  readonly kind: 'entity-literal'
  readonly type: string
  readonly id: string
}

export interface SetLiteral extends Node {
  readonly kind: 'set'
  readonly elements: readonly Expr[]
}

export interface RecordLiteral extends Node {
  readonly kind: 'record'
  readonly entries: readonly { readonly key: Key; readonly value: Expr }[]
}

export interface Key extends Node {
  readonly text: string
  /** Written as a string. */
  readonly quoted: boolean
}

export interface NameRef extends Node {
  readonly kind: 'name'
  readonly name: string
}

/** `f(x, …)`: a host function, a built-in or a `let` with parameters. */
export interface Call extends Node {
  readonly kind: 'call'
  readonly function: Name
  readonly args: readonly Expr[]
}

/** `of.name` and `of?.name`. */
export interface MemberAccess extends Node {
  readonly kind: 'member'
  readonly of: Expr
  readonly name: Name
  readonly optional: boolean
}

/** `of[index]`; `T[…]`, the constructor of an entity, has a NameRef as `of`. */
export interface Index extends Node {
  readonly kind: 'index'
  readonly of: Expr
  readonly index: Expr
}

export interface MethodCall extends Node {
  readonly kind: 'method'
  readonly of: Expr
  readonly name: Name
  readonly optional: boolean
  readonly args: readonly (Expr | Lambda)[]
}

/** `x => e`; only as an argument. */
export interface Lambda extends Node {
  readonly kind: 'lambda'
  readonly param: Name
  readonly body: Expr
}

export interface Unary extends Node {
  readonly kind: 'unary'
  readonly operator: 'not' | '-'
  readonly operand: Expr
}

export type BinaryOperator = 'or' | 'and' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '??' | '+' | '-' | '*'

export interface Binary extends Node {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expr
  readonly right: Expr
}

export interface Has extends Node {
  readonly kind: 'has'
  readonly of: Expr
  readonly key: Key
}

export interface Is extends Node {
  readonly kind: 'is'
  readonly of: Expr
  readonly type: Name
}

export interface Conditional extends Node {
  readonly kind: 'conditional'
  readonly condition: Expr
  readonly then: Expr
  readonly else: Expr
}
