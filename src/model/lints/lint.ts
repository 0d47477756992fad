import { truths } from '../analysis/constant.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { ImportedFile } from '../files.ts'
import type { Report } from '../report.ts'
import type { LetInfo } from '../schema.ts'
import type { TestCase } from '../tests/test-case.ts'
import { agentDenySkipsUsers } from './agent-deny-skips-users.ts'
import { broadPattern } from './broad-pattern.ts'
import { clientInAllow } from './client-in-allow.ts'
import { constantCondition } from './constant-condition.ts'
import { denyNeverFires } from './deny-never-fires.ts'
import { denyWithoutAllow } from './deny-without-allow.ts'
import { destructivePattern } from './destructive-pattern.ts'
import { everyOverEmpty } from './every-over-empty.ts'
import { shadowedAllow } from './shadowed-allow.ts'
import { unanchoredMatch } from './unanchored-match.ts'
import { undelegatedPermission } from './undelegated-permission.ts'
import { unlockedAnnotation } from './unlocked-annotation.ts'
import { unlockedServer } from './unlocked-server.ts'
import { unreachableRule } from './unreachable-rule.ts'
import { unusedImport } from './unused-import.ts'
import { unusedLet } from './unused-let.ts'
import { unusedRole } from './unused-role.ts'

/** What the lints look at beside the policy. */
export interface Linted {
  readonly tests: readonly TestCase[]
  readonly imports: readonly ImportedFile[]
  readonly unusedLets: readonly LetInfo[]
  /** Every file could be read, and nothing in them is in error. */
  readonly isRight: boolean
}

/** What is no mistake, but seldom meant. */
export function lint(policy: CheckedPolicy, { tests, imports, unusedLets, isRight }: Linted, report: Report): void {
  clientInAllow(policy, report)
  unanchoredMatch(policy, report)
  unlockedServer(policy, report)
  // What follows looks at the policy as a whole: where a part of it is in error, nothing can be said of the rest.
  if (!isRight) return
  const truthOf = truths()
  unreachableRule(policy, report, truthOf)
  shadowedAllow(policy, report)
  denyNeverFires(policy, report, truthOf)
  constantCondition(policy, report, truthOf)
  everyOverEmpty(policy, report)
  broadPattern(policy, report)
  destructivePattern(policy, report)
  denyWithoutAllow(policy, report)
  agentDenySkipsUsers(policy, report)
  undelegatedPermission(policy, report)
  unlockedAnnotation(policy, report)
  unusedRole(policy, tests, report)
  unusedLet(unusedLets, report)
  unusedImport(imports, report)
}
