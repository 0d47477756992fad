import type { Span } from '../base/source.ts'
import type { CarriedCondition, Program, Role, Rule } from './program.ts'

/** A program of which the conditions are elsewhere, as code. JSON-serialisable. */
export interface Outline extends Omit<Program, 'roles' | 'rules' | 'conditions'> {
  readonly roles: readonly Omit<Role, 'condition' | 'except' | 'doc' | 'at'>[]
  readonly rules: readonly RuleOutline[]
  readonly conditions: readonly Omit<CarriedCondition, 'body'>[]
}

export interface RuleOutline extends Omit<Rule, 'condition' | 'limit' | 'at'> {
  readonly limit?: Omit<NonNullable<Rule['limit']>, 'by'>
  /** Only where a decision may hang on a circle: that is told of the rule as a whole. */
  readonly at?: Span
}

export function outlineOf(program: Program): Outline {
  const mayCircle = [...program.roles, ...program.rules].some(({ recursive }) => recursive === true)
  return {
    ...program,
    roles: program.roles.map(({ condition: _, except: __, doc: ___, at: ____, ...role }) => role),
    rules: program.rules.map(({ condition: _, at, limit, ...rule }) => ({
      ...rule,
      ...(limit === undefined ? {} : { limit: { count: limit.count, per: limit.per } }),
      ...(mayCircle ? { at } : {}),
    })),
    conditions: program.conditions.map(({ name, params }) => ({ name, params })),
  }
}
