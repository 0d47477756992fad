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
 * What an `or` that is written out of `c ? a : b` was. It changes no truth; it says which errors there are: those of the part that is
 * chosen, or, where `on` is an error, those of `unsure`, which is `on` if nothing else is said.
 */
export interface Choice {
  readonly on: Formula
  readonly then: Formula
  readonly otherwise: Formula
  readonly unsure?: Formula
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

function isUndecided(error: EvaluationError): error is Undecided {
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
  const choice = { on: condition, then: a, otherwise: b }
  const cases = [conjunction([condition, a]), conjunction([not, b])]
  if (isContradiction(u, condition)) return asChoice(disjunction([...cases, u]), choice)
  const all = disjunction([...cases, conjunction([a, b, u]), conjunction([condition, not, u])])
  return asChoice(all, { ...choice, unsure: u })
}

/** Nothing is left to choose where all is certain. */
function asChoice(all: Formula, choice: Choice): Formula {
  if (all.kind === 'constant') return all
  return { kind: 'or', operands: all.kind === 'or' && all.choice === undefined ? all.operands : [all], choice }
}

/** An `or` of other operands, the choice that it was. */
export function mapOr(
  { operands, choice }: Extract<Formula, { readonly kind: 'or' }>,
  map: (formula: Formula) => Formula,
): Formula {
  if (choice === undefined) return disjunction(operands.map(map))
  const { on, then, otherwise, unsure } = choice
  return ifThenElse(
    map(on),
    () => map(then),
    () => map(otherwise),
    unsure && (() => map(unsure)),
  )
}

/** The atoms that a formula names, each once, in the order in which they stand there. */
export function atomsIn(root: Formula): ReadonlySet<number> {
  const found = new Set<number>()
  const open = [root]
  for (let formula = open.pop(); formula !== undefined; formula = open.pop()) {
    if (formula.kind === 'atom') found.add(formula.atom)
    else if (formula.kind === 'not') open.push(formula.operand)
    else if ('operands' in formula) open.push(...[...formula.operands].reverse())
  }
  return found
}
