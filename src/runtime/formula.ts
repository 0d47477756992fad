import type { EvaluationError } from '../value/value.ts'

/**
 * A condition with everything looked up that can be: what is left are atoms (somebody holds a role or permission on
 * something), which depend on each other, and leaves, which wait for something unknown. `atom` and `leaf` are indexes into
 * the system that the formula belongs to.
 */
export type Formula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'error'; readonly error: EvaluationError }
  | { readonly kind: 'atom'; readonly atom: number }
  | { readonly kind: 'leaf'; readonly leaf: number }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Formula[] }
  | { readonly kind: 'not'; readonly operand: Formula }
  | { readonly kind: 'at-least'; readonly count: number; readonly operands: readonly Formula[] }

export const always: Formula = { kind: 'constant', value: true }
export const never: Formula = { kind: 'constant', value: false }

export function failed(error: EvaluationError): Formula {
  return { kind: 'error', error }
}

/**
 * Drops what cannot matter under Kleene's tables, and only that: `false and x` is false whatever x is, `true and x` is x.
 * An error next to something that is not false stays.
 */
export function conjunction(operands: Iterable<Formula>): Formula {
  return connect('and', operands)
}

/** The dual of `conjunction`. */
export function disjunction(operands: Iterable<Formula>): Formula {
  return connect('or', operands)
}

function connect(kind: 'and' | 'or', operands: Iterable<Formula>): Formula {
  const neutral = kind === 'and'
  const left: Formula[] = []
  // Operands may be made one by one: those after the one that decides never are.
  for (const operand of operands) {
    if (operand.kind !== 'constant') left.push(operand)
    else if (operand.value !== neutral) return operand
  }
  const [only] = left
  if (only === undefined) return neutral ? always : never
  return left.length === 1 ? only : { kind, operands: left }
}

export function negation(operand: Formula): Formula {
  if (operand.kind === 'constant') return operand.value ? never : always
  // (0,1) is its own negation.
  if (operand.kind === 'error') return operand
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand }
}

/** True if that many operands are, false if that many cannot be. */
export function atLeast(count: number, operands: readonly Formula[]): Formula {
  const open: Formula[] = []
  let needed = count
  for (const operand of operands) {
    if (operand.kind !== 'constant') open.push(operand)
    else if (operand.value) needed--
  }
  if (needed <= 0) return always
  if (needed > open.length) return never
  if (needed === 1) return disjunction(open)
  if (needed === open.length) return conjunction(open)
  return { kind: 'at-least', count: needed, operands: open }
}

/**
 * `c ? a : b`, which is an error if c is, whatever a and b are: `c and not c` is false unless c is an error. So c stands at
 * both signs.
 */
export function ifThenElse(condition: Formula, then: () => Formula, otherwise: () => Formula): Formula {
  if (condition.kind === 'constant') return condition.value ? then() : otherwise()
  if (condition.kind === 'error') return condition
  const not = negation(condition)
  return disjunction([conjunction([condition, then()]), conjunction([not, otherwise()]), conjunction([condition, not])])
}
