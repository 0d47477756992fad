import { errorsIn, evaluationError } from '../value/evaluation-error.ts'
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
  | { readonly kind: 'and'; readonly operands: readonly Formula[] }
  | { readonly kind: 'or'; readonly operands: readonly Formula[]; readonly choice?: Choice }
  | { readonly kind: 'not'; readonly operand: Formula }
  | { readonly kind: 'at-least'; readonly count: number; readonly operands: readonly Formula[] }

/**
 * What an `or` that is written out of `c ? a : b` is a choice on. It changes no truth; it says where its errors are: only in `on`
 * where that is one, and not in `a` and `b`. Where something else is said of that case they are in `unsure`, and in `sure`
 * otherwise.
 */
export interface Choice {
  readonly on: Formula
  readonly cases?: { readonly sure: Formula; readonly unsure: Formula }
}

export const always: Formula = { kind: 'constant', value: true }
export const never: Formula = { kind: 'constant', value: false }

/** An error; where it stands for those of a condition, one exactly where that is one. */
export function failed(error: EvaluationError): Formula {
  const parts = errorsIn(error)
  if (!parts.some(isUndecided)) return { kind: 'error', error }
  return conjunction(parts.map((part) => (isUndecided(part) ? contradiction(part.condition) : failed(part))))
}

/** The errors of a condition that a value hangs on, before it is known whether it has any. */
interface Undecided extends EvaluationError {
  readonly condition: Formula
}

export function undecided(condition: Formula): EvaluationError {
  if (condition.kind === 'error') return condition.error
  const error: Undecided = { ...evaluationError('bad-value', 'what this hangs on is an error'), condition }
  return error
}

export function isUndecided(error: EvaluationError): error is Undecided {
  return 'condition' in error
}

/** An error where the condition is one, else false. */
function contradiction(condition: Formula): Formula {
  return condition.kind === 'error' ? condition : conjunction([condition, negation(condition)])
}

function isContradiction(formula: Formula, condition: Formula): boolean {
  if (formula === condition) return formula.kind === 'error'
  if (formula.kind !== 'and' || formula.operands.length !== 2) return false
  const [first, second] = formula.operands
  if (first !== condition || second === undefined) return false
  return second.kind === 'not' ? second.operand === condition : condition.kind === 'not' && condition.operand === second
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
 * `c ? a : b`, and `unsure` where c is an error, which is c's error if nothing else is said; it may know no more than a and b do.
 * `c and not c` is false unless c is an error. So c stands at both signs.
 */
export function ifThenElse(
  condition: Formula,
  then: () => Formula,
  otherwise: () => Formula,
  unsure: () => Formula = () => contradiction(condition),
): Formula {
  if (condition.kind === 'constant') return condition.value ? then() : otherwise()
  if (condition.kind === 'error') return unsure()
  const not = negation(condition)
  const [a, b, u] = [then(), otherwise(), unsure()]
  const sure = [conjunction([condition, a]), conjunction([not, b])]
  if (isContradiction(u, condition)) return choose([...sure, u], { on: condition })
  const cases = { sure: disjunction(sure), unsure: u }
  return choose([cases.sure, conjunction([a, b, u]), conjunction([condition, not, u])], { on: condition, cases })
}

/** The `or` that a choice is written out as; no choice any more where what it is on is certain. */
function choose(operands: readonly Formula[], choice: Choice): Formula {
  const all = disjunction(operands)
  if (all.kind === 'constant') return all
  if (choice.on.kind === 'constant') return choice.cases?.sure ?? all
  // One operand is left: the error of the condition, which says the same.
  if (all.kind !== 'or' && choice.cases === undefined) return all
  return { kind: 'or', operands: all.kind === 'or' && all.choice === undefined ? all.operands : [all], choice }
}

/** An `or` of other operands, the choice that it was. */
export function mapOr(
  { operands, choice }: Extract<Formula, { readonly kind: 'or' }>,
  map: (formula: Formula) => Formula,
): Formula {
  const mapped = operands.map(map)
  if (choice === undefined) return disjunction(mapped)
  const { on, cases } = choice
  return choose(mapped, {
    on: map(on),
    ...(cases === undefined ? {} : { cases: { sure: map(cases.sure), unsure: map(cases.unsure) } }),
  })
}
