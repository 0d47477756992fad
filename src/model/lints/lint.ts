import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import { clientInAllow } from './client-in-allow.ts'
import { unanchoredMatch } from './unanchored-match.ts'
import { unlockedServer } from './unlocked-server.ts'

/** What is no mistake, but seldom meant. */
export function lint(policy: CheckedPolicy, report: Report): void {
  clientInAllow(policy, report)
  unanchoredMatch(policy, report)
  unlockedServer(policy, report)
}
