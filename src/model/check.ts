import { checkDependencies } from './analysis/dependencies.ts'
import type { CheckedPolicy } from './checked-policy.ts'
import { declare } from './declare/declare.ts'
import type { Files } from './files.ts'
import { lint } from './lints/lint.ts'
import type { Report } from './report.ts'
import { checkAnnotations } from './rules/annotations.ts'
import { checkConditions, checkRoles } from './rules/roles.ts'
import { checkRules } from './rules/rules.ts'
import { checkUnusedLets } from './rules/unused-lets.ts'
import type { TestCase } from './tests/test-case.ts'
import { checkTests } from './tests/tests.ts'

/**
 * All that can be known of a policy before a request: its names, its types, and what holds of it as a whole. `complete`: no file is
 * missing, so that a name which nothing declares is a mistake. `warn` reports what is no mistake, for who wants to know.
 */
export function check(
  { policies, lockOf, complete, imports, diagnostics }: Files,
  report: Report,
): { readonly policy: CheckedPolicy; readonly tests: readonly TestCase[]; readonly warn: () => void } {
  const schema = declare(policies, lockOf, report, complete)
  const roles = checkRoles(schema, report)
  const rules = checkRules(schema, report)
  const conditions = checkConditions(schema, roles, report)
  checkAnnotations(policies, rules, report)
  const tests = checkTests(schema, report)
  const unusedLets = checkUnusedLets(schema, report)
  checkDependencies(schema, roles, rules, conditions, tests, report)
  const policy: CheckedPolicy = { schema, roles, rules, conditions }
  const isRight = ![...diagnostics, ...report.diagnostics].some(({ severity }) => severity === 'error')
  return { policy, tests, warn: () => lint(policy, { tests, imports, unusedLets, isRight }, report) }
}
