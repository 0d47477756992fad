import type { Rule } from '../ir/program.ts'
import { errorKey, errorsIn, evaluationError } from '../value/evaluation-error.ts'
import type { EvaluationError } from '../value/value.ts'
import type { Formula } from './formula.ts'
import type { System } from './system.ts'
import type { Model, Truth } from './truth.ts'
import { truthOf, unsure } from './truth.ts'

const maxReported = 16

/** The errors that made these formulas errors, found through the atoms that err. */
export function errorsOf(formulas: readonly Formula[], system: System, model: Model): readonly EvaluationError[] {
  return reported(causesOf(formulas, system.bodies, model))
}

/** What a condition without roles and permissions is, where what waits for something unknown is an error; and all of its errors. */
export function withoutAtoms(condition: Formula): Truth & { readonly errors: readonly EvaluationError[] } {
  const model: Model = { low: none, high: none, leaf: () => unsure, memo: new Map() }
  return { ...truthOf(condition, model), errors: causesOf([condition], [], model) }
}

const none = new Uint8Array(0)

function causesOf(formulas: readonly Formula[], bodies: readonly Formula[], model: Model): EvaluationError[] {
  const errors: EvaluationError[] = []
  const seen = new Set<Formula>()
  const seenAtoms = new Set<number>()
  const open = [...formulas]
  for (let formula = open.pop(); formula !== undefined; formula = open.pop()) {
    if (seen.has(formula) || !isError(truthOf(formula, model))) continue
    seen.add(formula)
    switch (formula.kind) {
      case 'error':
        for (const error of errorsIn(formula.error)) errors.push(error)
        break
      case 'atom': {
        const body = bodies[formula.atom]
        if (body !== undefined && !seenAtoms.has(formula.atom)) open.push(body)
        seenAtoms.add(formula.atom)
        break
      }
      case 'not':
        open.push(formula.operand)
        break
      case 'or':
        open.push(...erringIn(formula, model))
        break
      case 'and':
      case 'at-least':
        for (const operand of formula.operands) open.push(operand)
    }
  }
  return errors
}

function erringIn({ operands, choice }: Extract<Formula, { readonly kind: 'or' }>, model: Model): readonly Formula[] {
  if (choice === undefined) return operands
  const { on, then, otherwise, unsure } = choice
  const condition = truthOf(on, model)
  return [isError(condition) ? (unsure ?? on) : condition.high ? then : otherwise]
}

function isError({ low, high }: Truth): boolean {
  return high && !low
}

/** What is told of lines that err. An error that no part has by itself comes from a circle of opposites. */
export function reportedOf(
  errors: Iterable<EvaluationError>,
  lines: readonly { readonly rule: Rule }[],
): readonly EvaluationError[] {
  const found = reported(errors)
  if (found.length > 0) return found
  return reported(
    lines.map(({ rule }) => evaluationError('circular', 'for these facts it depends on its own opposite', rule.at)),
  )
}

/** As they are told: distinct, in an order that depends on nothing but what they say, and not more than a reader can use. */
export function reported(errors: Iterable<EvaluationError>): readonly EvaluationError[] {
  const distinct = new Map<string, EvaluationError>()
  for (const error of errors) distinct.set(errorKey(error), error)
  return [...distinct]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxReported)
    .map(([, error]) => error)
}
