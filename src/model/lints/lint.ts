import type { Found } from '../analysis/predicates.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { clientInAllow } from './client-in-allow.ts'
import { unanchoredMatch } from './unanchored-match.ts'
import { unlockedServer } from './unlocked-server.ts'

/** What is no mistake, but seldom meant. */
export function lint(schema: Schema, rules: readonly Found[], report: Report): void {
  clientInAllow(rules, report)
  unanchoredMatch(rules, report)
  unlockedServer(schema, report)
}
