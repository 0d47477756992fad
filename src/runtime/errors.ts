import type { EvaluationError } from '../value/value.ts'
import type { Formula } from './formula.ts'
import type { System } from './system.ts'
import type { Model, Truth } from './truth.ts'
import { truthOf } from './truth.ts'

const maxReported = 16

/**
 * The errors that made these formulas errors, found through the atoms that err: distinct, in an order that depends on nothing
 * but what they say, and not more than a reader can use.
 */
export function errorsOf(formulas: readonly Formula[], system: System, model: Model): readonly EvaluationError[] {
  const found = new Map<string, EvaluationError>()
  const seen = new Set<Formula>()
  const seenAtoms = new Set<number>()
  const open = [...formulas]
  for (let formula = open.pop(); formula !== undefined; formula = open.pop()) {
    if (seen.has(formula) || !isError(truthOf(formula, model))) continue
    seen.add(formula)
    switch (formula.kind) {
      case 'error':
        found.set(keyOf(formula.error), formula.error)
        break
      case 'atom': {
        const body = system.bodies[formula.atom]
        if (body !== undefined && !seenAtoms.has(formula.atom)) open.push(body)
        seenAtoms.add(formula.atom)
        break
      }
      case 'not':
        open.push(formula.operand)
        break
      case 'and':
      case 'or':
      case 'at-least':
        for (const operand of formula.operands) open.push(operand)
    }
  }
  return ordered(found)
}

function isError({ low, high }: Truth): boolean {
  return high && !low
}

function keyOf({ code, message, at }: EvaluationError): string {
  return JSON.stringify([code, message, at?.file, at?.start, at?.end])
}

function ordered(errors: ReadonlyMap<string, EvaluationError>): readonly EvaluationError[] {
  return [...errors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxReported)
    .map(([, error]) => error)
}
