import type { Policy } from '../syntax/ast.ts'
import { checkDependencies } from './analysis/dependencies.ts'
import type { CheckedPolicy } from './checked-policy.ts'
import { declare, type Locks } from './declare/declare.ts'
import { lint } from './lints/lint.ts'
import type { Report } from './report.ts'
import { checkAnnotations } from './rules/annotations.ts'
import { checkConditions, checkRoles } from './rules/roles.ts'
import { checkRules } from './rules/rules.ts'
import type { TestCase } from './tests/test-case.ts'
import { checkTests } from './tests/tests.ts'

/**
 * All that can be known of a policy before a request: its names, its types, and what holds of it as a whole. `complete`: no file is
 * missing, so that a name which nothing declares is a mistake.
 */
export function check(
  policies: readonly Policy[],
  locks: Locks,
  report: Report,
  complete: boolean,
): { readonly policy: CheckedPolicy; readonly tests: readonly TestCase[] } {
  const schema = declare(policies, locks, report, complete)
  const roles = checkRoles(schema, report)
  const rules = checkRules(schema, report)
  const conditions = checkConditions(schema, roles, report)
  checkAnnotations(policies, rules, report)
  const tests = checkTests(schema, report)
  checkDependencies(schema, roles, rules, conditions, tests, report)
  const policy: CheckedPolicy = { schema, roles, rules, conditions }
  lint(policy, report)
  return { policy, tests }
}
