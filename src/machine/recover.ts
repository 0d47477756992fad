import type { VariableName } from '../ir/expr.ts'
import { unknown } from '../runtime/cases.ts'
import { isBudget } from '../value/evaluation-error.ts'
import { Doubt, erring, errorsIn, exceeding, open, type Truth } from './doubt.ts'
import { inputOf } from './inputs.ts'
import type { Registers } from './registers.ts'

/**
 * Before what is recovered from is evaluated. What helps most and an error make no doubt together, and then nobody could say that there
 * was one; so what is open is an error meanwhile. Returns what it is outside.
 */
export function recovering(r: Registers): Truth {
  const { leaf } = r
  if (leaf === open) show(r, erring)
  return leaf
}

/**
 * False where the truth is an error, but for what a budget ended; `reads`: of which inputs one may be open, and may then still be too
 * large. `leaf`: what `recovering` has returned.
 */
export function recovered(r: Registers, leaf: Truth, truth: Truth, reads: readonly VariableName[]): Truth {
  if (leaf === open) show(r, leaf)
  if (typeof truth === 'boolean') return truth
  if (reads.some((name) => inputOf(r, name) === unknown)) return leaf
  if (!truth.exceeds) return false
  return r.tracing ? new Doubt(false, errorsIn([truth]).filter(isBudget)) : exceeding
}

/** What has been found under another leaf is for another truth. */
function show(r: Registers, leaf: Truth): void {
  r.leaf = leaf
  r.turn += 1
}
