import type { Formula } from './formula.ts'

/**
 * The value of a condition as an interval: true is (1,1), false (0,0), error (0,1). `and` and `or` are componentwise, `not`
 * swaps. The interval (1,0) occurs only as an unknown leaf that is taken as whatever helps most.
 */
export interface Truth {
  readonly low: boolean
  readonly high: boolean
}

export const yes: Truth = { low: true, high: true }
export const no: Truth = { low: false, high: false }
export const unsure: Truth = { low: false, high: true }
/** Bounds from above for *low*, from below for *high*: no value of a leaf gives more. */
export const anything: Truth = { low: true, high: false }

function truth(low: boolean, high: boolean): Truth {
  return low ? (high ? yes : anything) : high ? unsure : no
}

export type LeafTruth = (leaf: number) => Truth

/** The truth of every atom of a system, and of the leaves it was solved for. */
export interface Model {
  readonly low: Uint8Array
  readonly high: Uint8Array
  readonly leaf: LeafTruth
  /** A formula that is used twice is one object. */
  readonly memo: Map<Formula, Truth>
}

/** The value of a formula in a model. */
export function truthOf(formula: Formula, model: Model): Truth {
  const known = model.memo.get(formula)
  if (known !== undefined) return known
  const value = computed(formula, model)
  model.memo.set(formula, value)
  return value
}

function computed(formula: Formula, model: Model): Truth {
  switch (formula.kind) {
    case 'constant':
      return formula.value ? yes : no
    case 'error':
      return unsure
    case 'atom':
      return truth(model.low[formula.atom] === 1, model.high[formula.atom] === 1)
    case 'leaf':
      return model.leaf(formula.leaf)
    case 'not': {
      const { low, high } = truthOf(formula.operand, model)
      return truth(!high, !low)
    }
    case 'and':
      return thresholdOf(formula.operands.length, formula.operands, model)
    case 'or':
      return thresholdOf(1, formula.operands, model)
    case 'at-least':
      return thresholdOf(formula.count, formula.operands, model)
  }
}

function thresholdOf(count: number, operands: readonly Formula[], model: Model): Truth {
  let low = 0
  let high = 0
  for (const operand of operands) {
    const value = truthOf(operand, model)
    if (value.low) low++
    if (value.high) high++
  }
  return truth(low >= count, high >= count)
}
