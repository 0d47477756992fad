import type { CarriedCondition } from '../../ir/program.ts'
import type { CheckedRole, CheckedRule } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import type { TestCase } from '../tests/test-case.ts'
import { checkPolarity } from './polarity.ts'
import { collect } from './predicates.ts'
import { checkRequestBound } from './request-bound.ts'
import { occurrences } from './signs.ts'
import { checkStratified } from './stratification.ts'

/**
 * What can be said of a policy as a whole, before any request: that no role depends on its own opposite, that nobody is judged
 * by another's request, that what can be obtained only helps and labels only hinder.
 */
export function checkDependencies(
  schema: Schema,
  roles: readonly CheckedRole[],
  rules: readonly CheckedRule[],
  conditions: readonly CarriedCondition[],
  tests: readonly TestCase[],
  report: Report,
): void {
  const counted = rules.flatMap(({ limit }) => (limit === undefined ? [] : occurrences(limit.by)))
  const expected = tests.flatMap(({ expectations }) =>
    expectations.flatMap((one) => (one.kind === 'holds' ? occurrences(one.condition) : [])),
  )
  const predicates = collect(schema, roles, rules, conditions)
  checkStratified(predicates, report)
  checkRequestBound(predicates, rules, [...counted, ...expected], report)
  checkPolarity(predicates, rules, counted, report)
}
