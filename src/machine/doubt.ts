import { isBudget, errorsIn as partsOf } from '../value/evaluation-error.ts'
import type { EvaluationError } from '../value/value.ts'

/**
 * The truth of a condition in emitted code: true, false, or a doubt. A doubt is an error, the interval (0,1), or, only while an item
 * is listed, something open that is taken as whatever helps most, (1,0).
 */
export type Truth = boolean | Doubt

/** A doubt, also as the value of an expression that errs. What it says is told only while a decision is traced. */
export class Doubt {
  readonly low: boolean
  readonly high: boolean
  /** What it comes from: errors, and other doubts. Those of an atom that is still being looked into come later. */
  readonly from: (EvaluationError | Doubt)[]
  /** Something larger than it may be is among it, which is not recovered from. Known untraced too, of what depends on no atom. */
  readonly exceeds: boolean

  constructor(low: boolean, from: (EvaluationError | Doubt)[], exceeds = from.some(isExceeding)) {
    this.low = low
    this.high = !low
    this.from = from
    this.exceeds = exceeds
  }
}

function isExceeding(cause: EvaluationError | Doubt): boolean {
  return cause instanceof Doubt ? cause.exceeds : isBudget(cause)
}

/** An error of which nobody wants to know more. */
export const erring = new Doubt(false, [])
/** The same of one that is a budget's. */
export const exceeding = new Doubt(false, [], true)
/** Whatever helps most. */
export const open = new Doubt(true, [])

export function lowOf(truth: Truth): boolean {
  return truth === true || (truth !== false && truth.low)
}

export function highOf(truth: Truth): boolean {
  return truth === true || (truth !== false && truth.high)
}

export function and(a: Truth, b: Truth): Truth {
  if (a === true) return b
  if (b === true || a === false) return a
  return b === false ? false : both(a, b, false)
}

export function or(a: Truth, b: Truth): Truth {
  if (a === false) return b
  if (b === false || a === true) return a
  return b === true ? true : both(a, b, true)
}

/** (0,1) and (1,0) are each other's complement: nothing is left of them, or nothing missing. */
function both(a: Doubt, b: Doubt, otherwise: boolean): Truth {
  if (a.low !== b.low) return otherwise
  if (a === b || (b.from.length === 0 && (a.exceeds || !b.exceeds))) return a
  if (a.from.length === 0 && (b.exceeds || !a.exceeds)) return b
  return new Doubt(a.low, [a, b])
}

export function not(a: Truth): Truth {
  // Either interval is its own negation.
  return a === true ? false : a === false ? true : a
}

/** True if so many operands are. */
export function atLeast(count: number, operands: readonly Truth[]): Truth {
  let low = 0
  let high = 0
  for (const operand of operands) {
    if (lowOf(operand)) low++
    if (highOf(operand)) high++
  }
  if (low >= count) return high >= count ? true : open
  if (high < count) return false
  return new Doubt(
    false,
    operands.filter((operand) => typeof operand === 'object').filter(({ high: may }) => may),
  )
}

/** The errors that doubts come from; of each atom once. */
export function errorsIn(doubts: readonly Truth[]): EvaluationError[] {
  const found: EvaluationError[] = []
  const seen = new Set<EvaluationError | Doubt>()
  const left: (EvaluationError | Doubt)[] = doubts.filter((doubt) => typeof doubt === 'object')
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (!(next instanceof Doubt)) found.push(...partsOf(next))
    else if (next.high) left.push(...next.from)
  }
  return found
}
