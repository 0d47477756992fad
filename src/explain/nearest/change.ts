import type { Span } from '../../base/source.ts'
import type { FactInput } from '../../facts/fact.ts'
import type { MissingFact } from '../../runtime/decision.ts'

/** One thing that would have to be otherwise. */
export type Change =
  /** Something that the caller could go and get. */
  | { readonly kind: 'obtain'; readonly fact: MissingFact; readonly at: Span }
  /** A fact that would have to be there, or not to be there. `at`: the role that it is a fact of. */
  | { readonly kind: 'add' | 'remove'; readonly fact: FactInput; readonly at?: Span }
  /**
   * A value that would have to be another one: of an entity, as `Type:id`, or of `token`, `context` or `args`. Values are as the request
   * and the facts have them (integers beyond 2^53 as text); null: not set; without `from` it was not set.
   */
  | {
      readonly kind: 'set'
      readonly of: string
      readonly path: readonly string[]
      readonly to: unknown
      readonly from?: unknown
      /** The condition that this is for, and where it stands. */
      readonly condition: string
      readonly at: Span
    }
  /** A condition for which no single fact or value can be named. */
  | { readonly kind: 'condition'; readonly condition: string; readonly holds: boolean; readonly at: Span }
  /** A `deny` that would have to be no more: nothing that it looks at would end it. */
  | { readonly kind: 'rule'; readonly rule: string; readonly at: Span }

/** What would have to change for a denial to be an allow. */
export interface Nearest {
  /**
   * Each of them is enough, and no part of it is; those with the fewest changes first. The decision has been made again with each.
   */
  readonly ways: readonly (readonly Change[])[]
  /** There may be more, or larger, ways than were looked for (4 changes a way, 8 ways, a budget). */
  readonly truncated: boolean
}

export const nothingNearest: Nearest = { ways: [], truncated: false }
