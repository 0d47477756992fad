import { exhausted } from './budget.ts'

/** Runs an evaluation, and catches what it is left with. */
export function guarded<T>(evaluation: () => T, otherwise: (why: 'budget' | 'request') => T): T {
  try {
    return evaluation()
  } catch (thrown) {
    return otherwise(whyLeft(thrown))
  }
}

/** An evaluation is left early when its budget runs out, in a nesting deeper than the stack, or where an input throws when it is looked at. */
export function whyLeft(thrown: unknown): 'budget' | 'request' {
  return thrown === exhausted || thrown instanceof RangeError ? 'budget' : 'request'
}
