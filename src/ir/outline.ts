import type { CarriedCondition, Program, Role, Rule } from './program.ts'

/** A program of which the conditions are elsewhere, as code. JSON-serialisable. */
export interface Outline extends Omit<Program, 'roles' | 'rules' | 'conditions'> {
  readonly roles: readonly Omit<Role, 'condition' | 'except' | 'doc' | 'at'>[]
  readonly rules: readonly RuleOutline[]
  readonly conditions: readonly Omit<CarriedCondition, 'body'>[]
}

export interface RuleOutline extends Omit<Rule, 'condition' | 'limit' | 'at'> {
  readonly limit?: Omit<NonNullable<Rule['limit']>, 'by'>
}

export function outlineOf(program: Program): Outline {
  return {
    ...program,
    roles: program.roles.map(({ condition: _, except: __, doc: ___, at: ____, ...role }) => role),
    rules: program.rules.map(({ condition: _, at: __, limit, ...rule }) =>
      limit === undefined ? rule : { ...rule, limit: { count: limit.count, per: limit.per } },
    ),
    conditions: program.conditions.map(({ name, params }) => ({ name, params })),
  }
}
