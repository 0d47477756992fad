import type { Span } from '../../base/source.ts'
import type { Expr } from '../../ir/expr.ts'
import type { Shape } from '../shape.ts'
import type { Narrowed } from './narrowing.ts'

/**
 * An expression whose names are resolved: what the checker knows of it, and its IR. Checking elaborates in one walk, because a
 * `let` is checked anew at each use and a second walk would have to repeat every resolution.
 */
export interface Checked {
  readonly shape: Shape
  readonly ir: Expr
  readonly span: Span
  /** May be absent here. */
  readonly optional: boolean
  /** What is wrong with using it as a value, said only if it is: `parent.viewer` needs no guard, `parent.name` does. */
  readonly complain: (() => void) | undefined
  /** Names the same value wherever it is written in this rule, so that a test of it narrows later uses. */
  readonly path: string | undefined
  /** As a step towards a set of actors, where absent is empty; defaults to the value. */
  readonly entities: (() => Expr) | undefined
  /** A path of stored fields that starts at the resource or at a constructor: it may stand where a condition is wanted. */
  readonly stored: boolean
  /** For the shape `actors`: membership of a subject. */
  readonly holds: ((subject: Expr, at: Span) => Expr) | undefined
  /** What holds of other expressions where this one, a condition, is true; and where it is false. */
  readonly whenTrue: readonly Narrowed[]
  readonly whenFalse: readonly Narrowed[]
}
