import type { Expr } from '../../ir/expr.ts'
import type { Given } from '../../syntax/ast.ts'
import type { Expectation, ExpectedTarget } from '../tests/test-case.ts'

/** Who asks, as requests name it; the claims are those of its token. */
export interface AskedBy {
  readonly actor: string | null
  readonly agents: readonly string[]
  readonly token?: unknown
}

/** A question, its names checked. Without `by`, it is about the one who asks at the time. */
export type CheckedQuestion =
  | {
      readonly kind: 'givens'
      readonly givens: readonly Given[]
      /** `token`, `context`, `now` … of the questions to come. */
      readonly inputs: ReadonlyMap<string, unknown>
    }
  | { readonly kind: 'as'; readonly by: AskedBy }
  | { readonly kind: 'tests'; readonly name?: string }
  | { readonly kind: 'expectation'; readonly expectation: Expectation }
  | {
      readonly kind: 'decision'
      readonly by?: AskedBy
      readonly action: string
      readonly target: ExpectedTarget
      /** Asked with `why`. */
      readonly why: boolean
    }
  /** Of the decision before. */
  | { readonly kind: 'why' }
  | {
      readonly kind: 'who'
      /** Of which types; empty for all that act. */
      readonly types: readonly string[]
      readonly action: string
      readonly target: ExpectedTarget
    }
  | {
      readonly kind: 'actions'
      readonly by?: AskedBy
      readonly target: Extract<ExpectedTarget, { readonly kind: 'entity' | 'server' }>
    }
  | { readonly kind: 'list'; readonly by?: AskedBy; readonly action: string; readonly type: string }
  /** `condition`: true or false, and no other value. */
  | { readonly kind: 'expression'; readonly expression: Expr; readonly condition: boolean }
