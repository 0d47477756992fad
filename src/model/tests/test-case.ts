import type { Span } from '../../base/source.ts'
import type { Expr } from '../../ir/expr.ts'

/** A `test` block as data: what is given only in it, and what it expects. Entities are `Type:id`, as requests name them. */
export interface TestCase {
  readonly name: string
  readonly at: Span
  /** `token`, `context`, `session`, `now`, `approvals`, `confirmed`, as the environment of a request has them. */
  readonly inputs: ReadonlyMap<string, unknown>
  readonly expectations: readonly Expectation[]
}

export type Expectation = { readonly at: Span } & (
  | { readonly kind: 'holds'; readonly condition: Expr }
  | {
      readonly kind: 'decision'
      readonly actor: string | null
      readonly agents: readonly string[]
      readonly allowed: boolean
      readonly action: string
      readonly target: ExpectedTarget
      /** One of the minimal sets of what is missing is this one. */
      readonly missing?: readonly ExpectedFact[]
    }
  | {
      readonly kind: 'list'
      readonly actor: string | null
      readonly agents: readonly string[]
      readonly action: string
      readonly type: string
      readonly entities: readonly string[]
    }
  | {
      readonly kind: 'who'
      /** Of which types; empty for all that act. */
      readonly types: readonly string[]
      readonly action: string
      readonly entity: string
      readonly actors: readonly (string | { readonly any: string })[]
    }
)

export type ExpectedTarget =
  | { readonly kind: 'entity'; readonly entity: string }
  | { readonly kind: 'tool' | 'prompt'; readonly server: string; readonly name: string; readonly args?: unknown }
  | { readonly kind: 'resource'; readonly server: string; readonly uri: string }
  | { readonly kind: 'template'; readonly server: string; readonly uriTemplate: string }
  | { readonly kind: 'server'; readonly server: string }

/** An obtainable fact as a decision names it. */
export type ExpectedFact =
  | { readonly kind: 'scope'; readonly scope: string }
  | { readonly kind: 'acr'; readonly acr: string }
  | { readonly kind: 'auth-age'; readonly atMost: number; readonly strict: boolean }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'approved'; readonly count: number; readonly of: string }
