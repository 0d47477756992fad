import type { Expr } from '../../ir/expr.ts'
import type { RecordField } from '../../ir/type.ts'
import type { UriTemplate } from '../../ir/uri-template.ts'
import type { WireFormula } from './wire-formula.ts'
import type { WireValue } from './wire-value.ts'

/**
 * What is left of a question when some inputs are not known: a system of propositions, JSON-serialisable. Its conditions are
 * formulas over `atoms` and `leaves`, by index; a leaf is a condition that waits for the inputs. The atoms may depend on each
 * other, and are solved as those of any decision.
 */
export interface Residual {
  readonly version: 1
  readonly allow: readonly ResidualLine[]
  readonly deny: readonly ResidualLine[]
  readonly agents: readonly ResidualAgent[]
  readonly atoms: readonly ResidualAtom[]
  readonly leaves: readonly ResidualLeaf[]
}

export interface ResidualLine {
  /** The id of the rule. */
  readonly rule: string
  readonly condition: WireFormula
}

interface ResidualAgent {
  readonly agent: EntityParts
  readonly delegate: readonly ResidualLine[]
  readonly deny: readonly ResidualLine[]
}

/** The anonymous actor has neither type nor id. */
export interface EntityParts {
  readonly type: string
  readonly id: string
}

export interface ResidualAtom {
  readonly kind: 'role' | 'permission' | 'delegation'
  readonly relation: string
  readonly entity?: EntityParts
  readonly subject: EntityParts
  readonly body: WireFormula
}

export type ResidualLeaf =
  | {
      readonly kind: 'condition'
      readonly expr: Expr
      readonly subject: EntityParts
      readonly resource?: EntityParts
      readonly agent?: EntityParts
      readonly action?: string
      readonly locals: readonly (readonly [string, ResidualBinding])[]
    }
  | { readonly kind: 'uri'; readonly template: UriTemplate }

export type ResidualBinding =
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly value: WireValue }
  | { readonly kind: 'context'; readonly field: RecordField }
  | { readonly kind: 'uri'; readonly template: UriTemplate; readonly variable: string }
