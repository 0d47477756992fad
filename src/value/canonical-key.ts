import { evaluationError, isError, leastError } from './evaluation-error.ts'
import { type Budget, maxDepth, maxNodes, newBudget, spend } from './limits.ts'
import { readVisible, visibleNames } from './read.ts'
import { isScalar, scalarKey } from './scalar-key.ts'
import { absent, type EvaluationError, type RecordValue, type SetValue, type Value } from './value.ts'

/**
 * A text that two values share exactly when they are equal, whatever their kinds: for hashing, and for counting a limit
 * apart. An error where a part of the value is one.
 */
export function canonicalKey(value: Value, budget: Budget = newBudget()): string | EvaluationError {
  return keyWithin(value, budget, 0)
}

function keyWithin(value: Value, budget: Budget, depth: number): string | EvaluationError {
  if (!spend(budget, depth)) {
    return evaluationError('budget', `a value with more than ${maxNodes} parts or ${maxDepth} levels`)
  }
  if (isScalar(value)) return scalarKey(value)
  return value.kind === 'set' ? setKey(value, budget, depth) : recordKey(value, budget, depth)
}

function setKey(set: SetValue, budget: Budget, depth: number): string | EvaluationError {
  if (set.gap !== undefined) return set.gap
  const keys = new Set<string>()
  let error: EvaluationError | undefined
  for (const member of set.members) {
    const key = keyWithin(member, budget, depth + 1)
    if (isError(key)) error = leastError(error, key)
    else keys.add(key)
    // Whatever comes then is too much, too.
    if (budget.nodes < 0) break
  }
  return error ?? `[${[...keys].sort().map(prefixed).join('')}]`
}

function recordKey(record: RecordValue, budget: Budget, depth: number): string | EvaluationError {
  const names = visibleNames(record)
  if (isError(names)) return names
  let text = '{'
  for (const name of [...names].sort()) {
    const value = readVisible(record, name)
    if (value === absent) continue
    const key = isError(value) ? value : keyWithin(value, budget, depth + 1)
    if (isError(key)) return key
    text += prefixed(name) + prefixed(key)
  }
  return `${text}}`
}

/** With its length before it, so that no two sequences of texts run into the same one. */
function prefixed(text: string): string {
  return `${text.length}:${text}`
}
