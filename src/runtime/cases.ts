import type { Span } from '../base/source.ts'
import { evaluationError, isError } from '../value/evaluation-error.ts'
import type { Absent, EvaluationError, Value } from '../value/value.ts'
import { absent } from '../value/value.ts'
import type { Formula } from './formula.ts'
import { always, failed, ifThenElse, never, undecided } from './formula.ts'

/** A value that depends on an input which is not known; only in partial evaluation. */
export const unknown = Symbol('unknown')
export type Unknown = typeof unknown

export type Outcome = Value | Absent | EvaluationError | Unknown

/**
 * The outcome of an expression before roles and permissions are solved: where it hangs on one (`admin ? 100 : 10`), the
 * outcomes of both cases, and that where the condition is an error.
 */
export type Cases = Outcome | Split

export interface Split {
  readonly kind: 'split'
  readonly condition: Formula
  readonly whenTrue: Cases
  readonly whenFalse: Cases
  readonly whenUnsure: Cases
}

/** What hangs on a condition, and errs where that does. */
export function split(condition: Formula, whenTrue: Cases, whenFalse: Cases): Split {
  return { kind: 'split', condition, whenTrue, whenFalse, whenUnsure: undecided(condition) }
}

export function isSplit(cases: Cases): cases is Split {
  return typeof cases === 'object' && cases.kind === 'split'
}

/** The same in every case. */
export function mapCases(cases: Cases, map: (outcome: Outcome) => Cases): Cases {
  if (!isSplit(cases)) return map(cases)
  return {
    kind: 'split',
    condition: cases.condition,
    whenTrue: mapCases(cases.whenTrue, map),
    whenFalse: mapCases(cases.whenFalse, map),
    whenUnsure: mapCases(cases.whenUnsure, map),
  }
}

/** What follows in each case, under the condition of the case. */
export function formulaOf(cases: Cases, follows: (outcome: Outcome) => Formula): Formula {
  if (!isSplit(cases)) return follows(cases)
  return ifThenElse(
    cases.condition,
    () => formulaOf(cases.whenTrue, follows),
    () => formulaOf(cases.whenFalse, follows),
    () => formulaOf(cases.whenUnsure, follows),
  )
}

/** A condition as a boolean value. */
export function booleanCases(condition: Formula): Cases {
  if (condition.kind === 'constant') return condition.value
  if (condition.kind === 'error') return condition.error
  return split(condition, true, false)
}

/**
 * A strict operator: the error of the first operand that errs or is absent, else unknown if one is. `missing`: what it means that an
 * operand is absent, undefined where it may be. `count` is told of every combination of cases, and how many operands are split in it.
 */
export function strict(
  operands: readonly Cases[],
  missing: (operand: number) => EvaluationError | undefined,
  count: (splits: number) => void,
  apply: (values: readonly (Value | Absent)[]) => Cases,
): Cases {
  count(operands.filter(isSplit).length)
  let isUnknown = false
  for (const [index, operand] of operands.entries()) {
    if (isSplit(operand))
      return eachCase(operand.condition, operands, (chosen) => strict(chosen, missing, count, apply))
    const error = operand === absent ? missing(index) : operand
    if (isError(error)) return error
    if (operand === unknown) isUnknown = true
  }
  return isUnknown ? unknown : apply(operands as readonly (Value | Absent)[])
}

/** Every case of a condition, for all operands at once. */
export function eachCase(
  condition: Formula,
  operands: readonly Cases[],
  follows: (operands: readonly Cases[]) => Cases,
): Cases {
  const choose = (branch: 'whenTrue' | 'whenFalse' | 'whenUnsure') =>
    follows(operands.map((one) => (isSplit(one) && one.condition === condition ? one[branch] : one)))
  return {
    kind: 'split',
    condition,
    whenTrue: choose('whenTrue'),
    whenFalse: choose('whenFalse'),
    whenUnsure: choose('whenUnsure'),
  }
}

export function absentError(at: Span, what?: string): EvaluationError {
  return evaluationError('absent', what === undefined ? 'a value that is not set' : `\`${what}\` is not set`, at)
}

export function wrongKind(expected: string, at: Span): EvaluationError {
  return evaluationError('wrong-kind', `expected ${expected}`, at)
}

/** A boolean outcome as a condition; `leaf` stands for one that is not known. */
export function conditionOf(outcome: Outcome, at: Span, leaf: () => Formula): Formula {
  if (outcome === unknown) return leaf()
  if (outcome === absent) return failed(absentError(at))
  if (typeof outcome === 'boolean') return outcome ? always : never
  return failed(isError(outcome) ? outcome : wrongKind('true or false', at))
}
