import type { Expr } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { join, js } from '../code.ts'

/** What the code of an operand is: a JavaScript value of the language's kind; times as milliseconds, entities as `Ent`. */
export type Kind = 'string' | 'int' | 'number' | 'boolean' | 'datetime' | 'duration' | 'entity'

/** An operand that needs no call and no object to be worked out. */
export interface Operand {
  /**
   * What has to hold for `code` to be its value, in this order: conditions fill the temporaries that later ones and `code` read. Where
   * one does not hold, nothing is known, and the general way has to tell.
   */
  readonly when: readonly Code[]
  /** For a text from outside, besides: that it is well-formed. Whoever finds it equal to a literal knows. */
  readonly text?: Code
  /** Cheap, and the same however often it is evaluated. */
  readonly code: Code
}

/** What a family of quick ways has: the function that is being written, and the ways of the parts of an expression. */
export interface Glance {
  readonly body: Body
  operandOf(expr: Expr, kind: Kind): Operand | undefined
  conditionOf(expr: Expr): Operand | undefined
}

/** The operand with all that it needs in `when`. */
export function checked({ when, text, code }: Operand): Operand {
  return { when: text === undefined ? when : [...when, text], code }
}

export function all(conditions: readonly Code[]): Code {
  return conditions.length === 0 ? js`true` : join(conditions, ' && ')
}

/** The operand's code where it is known, else what the general way comes to. */
export function orElse(operand: Operand, general: () => Code): Code {
  const { when, code } = checked(operand)
  return when.length === 0 ? code : js`(${all(when)} ? ${code} : ${general()})`
}
