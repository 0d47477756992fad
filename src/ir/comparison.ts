import type { Compare } from './expr.ts'

type Operator = Compare['operator']

/** Holds of two values exactly where the operator does not. */
export const opposite: Readonly<Record<Operator, Operator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

/** Holds of two values where the operator does of the same two the other way round. */
export const mirrored: Readonly<Record<Operator, Operator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}
