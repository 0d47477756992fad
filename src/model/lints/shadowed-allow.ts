import { coverage, isUnconditional } from '../analysis/coverage.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** A deny overrides every grant: one without a condition leaves nothing of a grant that it covers. */
export function shadowedAllow({ rules }: CheckedPolicy, report: Report): void {
  const denies = rules.filter((rule) => rule.effect === 'deny' && isUnconditional(rule))
  if (denies.length === 0) return
  const denied = coverage(denies)
  for (const rule of rules)
    if ((rule.effect === 'allow' || rule.effect === 'delegate') && denied.covers(rule))
      report.add(
        'shadowed-allow',
        rule.declaration.verbSpan,
        `a \`deny\` without a condition covers all of this \`${rule.effect}\``,
        {
          help: 'a deny overrides every grant, wherever either is written',
        },
      )
}
