import { evaluationError, firstError, isError, leastError } from './evaluation-error.ts'
import { numbersEqual } from './integer.ts'
import { type Kind, kindOf } from './kind.ts'
import { type Budget, maxDepth, maxNodes, newBudget, spend } from './limits.ts'
import { readVisible, visibleNames } from './read.ts'
import { isScalar, type Scalar, scalarKey } from './scalar-key.ts'
import { indexOf, type SetIndex } from './set-index.ts'
import { absent, type EvaluationError, type RecordValue, type SetValue, type Value } from './value.ts'

type Truth = boolean | EvaluationError

/**
 * Whether two values of one kind are equal; an error across kinds, inside sets and records too. Numbers as numbers,
 * entities by type and id, sets and records by their parts: one that differs decides, whatever cannot be told beside it.
 */
export function equal(a: Value, b: Value): Truth {
  return equalWithin(a, b, newBudget(), 0)
}

/** As `equal`, but that values of different kinds are not equal, inside sets and records too. */
export function same(a: Value, b: Value): Truth {
  return equalWithin(a, b, acrossAllKinds(), 0)
}

/** As `contains`, `containsAll` and `containsAny`, by `same`. */
export const amongSame = {
  contains: (set: SetValue, value: Value): Truth => lookUp(indexOf(set), value, acrossAllKinds(), 0),
  containsAll: (set: SetValue, other: SetValue): Truth => includes(set, other, acrossAllKinds(), 0),
  containsAny: (set: SetValue, other: SetValue): Truth => shares(set, other, acrossAllKinds()),
}

/** What is left of one comparison; `total`: no two kinds are too different to be compared. */
interface Comparing extends Budget {
  readonly total?: true
}

function acrossAllKinds(): Comparing {
  return { ...newBudget(), total: true }
}

/**
 * Whether a member equals the value: false only where every member can be told and compared. Here and below, a gap is told before
 * what else goes wrong, and of several errors the least, so that the order of the members does not matter; but a budget before all.
 */
export function contains(set: SetValue, value: Value): Truth {
  if (!isScalar(value)) return lookUp(indexOf(set), value, newBudget(), 0)
  const kind = kindOf(value)
  let other: Kind | undefined
  for (const member of set.members) {
    const found = kindOf(member)
    if (found !== kind) other = other === undefined || found < other ? found : other
    else if (isScalar(member) && sameScalar(member, value)) return true
  }
  return set.gap ?? (other === undefined ? false : acrossKinds(other, kind))
}

/** Whether the set has every member of the other. */
export function containsAll(set: SetValue, other: SetValue): Truth {
  return includes(set, other, newBudget(), 0)
}

/** Whether the set has some member of the other. */
export function containsAny(set: SetValue, other: SetValue): Truth {
  return shares(set, other, newBudget())
}

function shares(set: SetValue, other: SetValue, budget: Comparing): Truth {
  if (set.members.length === 0 && set.gap === undefined) return false
  const index = indexOf(set)
  let error: EvaluationError | undefined
  for (const member of other.members) {
    const found = lookUp(index, member, budget, 0)
    if (found === true) return true
    if (isError(found)) error = leastError(error, found)
  }
  return gapOr(other.gap, error) ?? false
}

function equalWithin(a: Value, b: Value, budget: Comparing, depth: number): Truth {
  if (!spend(budget, depth)) return tooLarge()
  if (kindOf(a) !== kindOf(b)) return budget.total ? false : acrossKinds(kindOf(a), kindOf(b))
  if (isScalar(a) && isScalar(b)) return sameScalar(a, b)
  if (isSet(a) && isSet(b)) return both(includes(a, b, budget, depth), () => includes(b, a, budget, depth))
  if (isRecord(a) && isRecord(b)) return recordsEqual(a, b, budget, depth)
  return acrossKinds(kindOf(a), kindOf(b))
}

function isSet(value: Value): value is SetValue {
  return kindOf(value) === 'set'
}

function isRecord(value: Value): value is RecordValue {
  return kindOf(value) === 'record'
}

/** Of two scalars of one kind. */
function sameScalar(a: Scalar, b: Scalar): boolean {
  if (typeof a === 'object' && typeof b === 'object') {
    return a.kind === 'entity' && b.kind === 'entity' ? a.key === b.key : scalarKey(a) === scalarKey(b)
  }
  const numbers = (typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint')
  return numbers ? numbersEqual(a, b) : a === b
}

function includes(set: SetValue, other: SetValue, budget: Comparing, depth: number): Truth {
  const index = indexOf(set)
  let error: EvaluationError | undefined
  for (const member of other.members) {
    const found = lookUp(index, member, budget, depth + 1)
    if (found === false) return false
    if (isError(found)) error = leastError(error, found)
  }
  return gapOr(other.gap, error) ?? true
}

function lookUp(index: SetIndex, value: Value, budget: Comparing, depth: number): Truth {
  let error: EvaluationError | undefined
  for (const [kind, scalars] of index.scalars) {
    if (kind !== kindOf(value)) {
      if (!budget.total) error = leastError(error, acrossKinds(kind, kindOf(value)))
    } else if (isScalar(value) && scalars.has(scalarKey(value))) return true
  }
  for (const composite of index.composites) {
    const same = equalWithin(composite, value, budget, depth)
    if (same === true) return true
    if (isError(same)) error = leastError(error, same)
    if (budget.nodes < 0) break
  }
  return gapOr(index.gap, error) ?? false
}

function recordsEqual(a: RecordValue, b: RecordValue, budget: Comparing, depth: number): Truth {
  const [namesOfA, namesOfB] = [visibleNames(a), visibleNames(b)]
  if (isError(namesOfA)) return namesOfA
  if (isError(namesOfB)) return namesOfB
  let error: EvaluationError | undefined
  for (const name of new Set([...namesOfA, ...namesOfB])) {
    const same = fieldsEqual(readVisible(a, name), readVisible(b, name), budget, depth)
    if (same === false) return false
    if (isError(same)) error = leastError(error, same)
  }
  return error ?? true
}

type Read = ReturnType<typeof readVisible>

function fieldsEqual(a: Read, b: Read, budget: Comparing, depth: number): Truth {
  if (isError(a)) return a
  if (isError(b)) return b
  if (a === absent || b === absent) return a === b
  return equalWithin(a, b, budget, depth + 1)
}

/** `and`: false decides, an error is kept. */
function both(first: Truth, second: () => Truth): Truth {
  if (first === false) return false
  const other = second()
  if (other === false || first === true) return other
  return isError(first) && isError(other) ? firstError(first, other) : first
}

function gapOr(gap: EvaluationError | undefined, error: EvaluationError | undefined): EvaluationError | undefined {
  return error === undefined ? gap : firstError(gap, error)
}

function acrossKinds(a: Kind, b: Kind): EvaluationError {
  return evaluationError('wrong-kind', `a comparison of ${a} with ${b}`)
}

function tooLarge(): EvaluationError {
  return evaluationError('budget', `a comparison of more than ${maxNodes} parts or ${maxDepth} levels`)
}
