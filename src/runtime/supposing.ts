import type { Fact } from '../facts/store.ts'
import type { Expr } from '../ir/expr.ts'
import type { Role, Rule } from '../ir/program.ts'
import type { Entity } from '../value/value.ts'
import type { Formula } from './formula.ts'
import type { Run } from './run.ts'
import type { Scope } from './scope.ts'

/**
 * What an evaluation takes otherwise than it found it: for asking what would have to change. Each part is given what was found and
 * says what stands in its place; a decision has none of them.
 */
export interface Supposing {
  condition?(run: Run, expr: Expr, scope: Scope, found: Formula): Formula
  rule?(run: Run, rule: Rule, found: Formula): Formula
  /** Besides what facts assign: whether the subject could be assigned the role. */
  assignable?(run: Run, role: Role, entity: Entity | undefined, subject: Entity): readonly Formula[]
  /** A fact assigns the role to the subject. */
  assigned?(run: Run, role: Role, entity: Entity | undefined, fact: Fact, found: Formula): Formula
  /** An entity is in another one. */
  contained?(run: Run, subject: Entity, container: Entity, found: Formula): Formula
}
