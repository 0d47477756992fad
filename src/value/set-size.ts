import { canonicalKey } from './canonical-key.ts'
import { isError, leastError } from './evaluation-error.ts'
import { newBudget } from './limits.ts'
import { isScalar } from './scalar-key.ts'
import type { EvaluationError, SetValue } from './value.ts'

/** The number of distinct members; an error where a member cannot be told or compared. */
export function setSize(set: SetValue): number | EvaluationError {
  if (set.gap !== undefined) return set.gap
  // Equal scalars have been merged when the set was made.
  const composites = set.members.filter((member) => !isScalar(member))
  const keys = new Set<string>()
  const budget = newBudget()
  let error: EvaluationError | undefined
  for (const member of composites) {
    const key = canonicalKey(member, budget)
    if (isError(key)) error = leastError(error, key)
    else keys.add(key)
  }
  return error ?? set.members.length - composites.length + keys.size
}
