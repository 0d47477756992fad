import { assertNever } from '../../base/assert-never.ts'
import type { EvaluationError } from '../../value/value.ts'
import type { Formula } from '../formula.ts'
import { atLeast, conjunction, disjunction, ifThenElse, negation } from '../formula.ts'

/** A formula as JSON: a choice as such, since written out it says everything several times. */
export type WireFormula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'error'; readonly error: EvaluationError }
  | { readonly kind: 'atom'; readonly atom: number }
  | { readonly kind: 'leaf'; readonly leaf: number }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly WireFormula[] }
  | { readonly kind: 'not'; readonly operand: WireFormula }
  | { readonly kind: 'at-least'; readonly count: number; readonly operands: readonly WireFormula[] }
  | {
      readonly kind: 'choice'
      readonly on: WireFormula
      readonly then: WireFormula
      readonly otherwise: WireFormula
      /** Where `on` is an error; without it that error. */
      readonly unsure?: WireFormula
    }

export function toWireFormula(formula: Formula): WireFormula {
  switch (formula.kind) {
    case 'constant':
    case 'error':
    case 'atom':
    case 'leaf':
      return formula
    case 'not':
      return { kind: 'not', operand: toWireFormula(formula.operand) }
    case 'and':
    case 'at-least':
      return { ...formula, operands: formula.operands.map(toWireFormula) }
    case 'or': {
      const { operands, choice } = formula
      if (choice === undefined) return { kind: 'or', operands: operands.map(toWireFormula) }
      const { on, then, otherwise, unsure } = choice
      return {
        kind: 'choice',
        on: toWireFormula(on),
        then: toWireFormula(then),
        otherwise: toWireFormula(otherwise),
        ...(unsure === undefined ? {} : { unsure: toWireFormula(unsure) }),
      }
    }
    default:
      return assertNever(formula)
  }
}

/** The formula, with other ones in place of its atoms and leaves. */
export function fromWireFormula(
  wire: WireFormula,
  put: { readonly atom: (atom: number) => Formula; readonly leaf: (leaf: number) => Formula },
): Formula {
  const of = (part: WireFormula) => fromWireFormula(part, put)
  switch (wire.kind) {
    case 'constant':
    case 'error':
      return wire
    case 'atom':
      return put.atom(wire.atom)
    case 'leaf':
      return put.leaf(wire.leaf)
    case 'not':
      return negation(of(wire.operand))
    case 'and':
      return conjunction(wire.operands.map(of))
    case 'or':
      return disjunction(wire.operands.map(of))
    case 'at-least':
      return atLeast(wire.count, wire.operands.map(of))
    case 'choice': {
      const { on, then, otherwise, unsure } = wire
      return ifThenElse(
        of(on),
        () => of(then),
        () => of(otherwise),
        unsure && (() => of(unsure)),
      )
    }
    default:
      return assertNever(wire)
  }
}
