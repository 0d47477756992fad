import type { Span } from '../base/source.ts'
import type { Expr as Ir } from '../ir/expr.ts'
import type { CarriedCondition, Effect, Rule as IrRule, Role, Target } from '../ir/program.ts'
import type { Rule } from '../syntax/ast.ts'
import type { Occurrence } from './analysis/signs.ts'
import type { Schema } from './schema.ts'

/** A policy without mistakes, as far as can be known before a request: what lowering makes a program of. */
export interface CheckedPolicy {
  readonly schema: Schema
  readonly roles: readonly CheckedRole[]
  readonly rules: readonly CheckedRule[]
  readonly conditions: readonly CarriedCondition[]
}

export type CheckedRole = Omit<Role, 'id'>

export interface CheckedRule {
  readonly declaration: Rule
  /** The type or server in whose block it stands; `*` for `server *`, empty in a file. */
  readonly scope: string
  readonly effect: Effect
  /** Groups expanded. */
  readonly actions: readonly string[] | '*'
  readonly target: Target
  readonly condition: Ir
  /** What the condition depends on. */
  readonly occurrences: readonly Occurrence[]
  readonly mentionsAgent: boolean
  readonly limit?: NonNullable<IrRule['limit']>
  readonly label?: string
  readonly at: Span
}
