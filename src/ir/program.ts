import type { Span } from '../base/source.ts'
import type { Expr } from './expr.ts'
import type { RecordField, Type } from './type.ts'
import type { UriTemplate } from './uri-template.ts'

/** Raised when a runtime of this version could misread a program of the next. */
export const irVersion = 3

/** A checked policy: everything a decision needs, and nothing of the text but spans and documentation. JSON-serialisable. */
export interface Program {
  readonly version: typeof irVersion
  readonly types: readonly EntityType[]
  readonly roles: readonly Role[]
  readonly rules: readonly Rule[]
  /** `let`s that facts may carry. */
  readonly conditions: readonly CarriedCondition[]
  readonly functions: readonly HostFunction[]
  readonly scopes: readonly ScopeInclusion[]
  readonly servers: readonly Server[]
  /** Declared fields of `context` and of further claims of `token`; what is not declared cannot be read. */
  readonly context: readonly RecordField[]
  readonly token: readonly RecordField[]
  /** All actions that an `allow` can grant on entities, with the types; MCP's own are not in it. */
  readonly actions: readonly { readonly action: string; readonly types: readonly string[] }[]
  /** Action groups, only to tell who asks about one which actions it has. */
  readonly groups: readonly { readonly name: string; readonly actions: readonly string[] }[]
  /** `delegate` or `agent` occurs: requests through agents are provided for. */
  readonly delegates: boolean
}

export interface EntityType {
  readonly name: string
  readonly actor: boolean
  readonly open: boolean
  readonly virtual: boolean
  /** Its undeclared attributes are `dynamic`, not `json`: open and virtual besides. */
  readonly dynamic?: true
  /** Types that can contain it directly. */
  readonly containers: readonly string[]
  readonly fields: readonly EntityField[]
}

export interface EntityField extends RecordField {
  readonly contextual: boolean
}

/** A set of actors: (assigned or condition) and not except. */
export interface Role {
  readonly id: string
  /** The entity type; none for a global role. */
  readonly type?: string
  readonly name: string
  readonly contextual: boolean
  readonly assignable: readonly Assignable[]
  readonly condition?: Expr
  readonly except?: Expr
  /** Said before it: it may lead back to itself through a negation. */
  readonly recursive?: true
  readonly doc?: string
  readonly at: Span
}

/** Who may be assigned by facts: `User`, `any User`, `Team.member`; `when` names the condition that such a fact carries. */
export interface Assignable {
  readonly kind: 'entity' | 'any' | 'holders'
  readonly type: string
  readonly role?: string
  readonly when?: string
}

export interface CarriedCondition {
  readonly name: string
  readonly params: readonly RecordField[]
  /** Reads its parameters as locals of the same names. */
  readonly body: Expr
}

export interface HostFunction {
  readonly name: string
  readonly params: readonly RecordField[]
  readonly result: Type
}

/** `scope` is also had by whoever has one of `includedIn`: the transitive closure. */
export interface ScopeInclusion {
  readonly scope: string
  readonly includedIn: readonly string[]
}

export type Effect = 'allow' | 'deny' | 'delegate' | 'limit' | 'label'

export interface Rule {
  /** Scope, head and ordinal, or what `@id` says; unique. */
  readonly id: string
  readonly effect: Effect
  /** Groups expanded; `*` for every action, which no `allow` has. */
  readonly actions: readonly string[] | '*'
  readonly target: Target
  readonly condition: Expr
  /** The condition depends on `agent`: only a `deny` or a `delegate`. */
  readonly mentionsAgent: boolean
  /** A `limit`'s bound: at most `count` allowed requests per `per` milliseconds for each value of `by`. */
  readonly limit?: { readonly count: number; readonly per: number; readonly by: Expr }
  /** A `label`'s name. */
  readonly label?: string
  /** Said before it: what it permits may lead back to itself through a negation. */
  readonly recursive?: true
  readonly doc?: string
  readonly at: Span
}

export type Target =
  /** Every entity type and every item of every server. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'types'; readonly types: readonly string[] }
  /** Without `server`: every server. */
  | { readonly kind: 'items'; readonly server?: string; readonly items: readonly ItemPattern[] }

export type ItemPattern =
  | { readonly kind: 'all' }
  /** Tools or prompts by name, and locked templates by their text for `complete`. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** `*` is any run of characters. */
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** Its variables are locals of the rule's condition, by the names in `locals` (variable to local). */
  | { readonly kind: 'uri'; readonly template: UriTemplate; readonly locals: Readonly<Record<string, string>> }

export interface Server {
  readonly name: string
  /** None: the server has no lock, every name is let through to the rules. */
  readonly lock?: LockedItems
}

export interface LockedItems {
  readonly tools: readonly Tool[]
  readonly prompts: readonly { readonly name: string }[]
  readonly resources: readonly { readonly uri: string }[]
  /** `template` is missing where the text is outside the forms that can be matched: no URI is locked by it. */
  readonly templates: readonly { readonly text: string; readonly template?: UriTemplate }[]
}

/** The annotations of the lock with the specification's defaults; `destructive` and `idempotent` only where not read-only. */
export interface Tool {
  readonly name: string
  readonly readOnly: boolean
  readonly destructive: boolean
  readonly idempotent: boolean
  readonly openWorld: boolean
}
