import type { TruthOf } from '../analysis/constant.ts'
import { coverage, isUnconditional } from '../analysis/coverage.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** A rule whose condition never holds, or to which another one without a condition leaves nothing. */
export function unreachableRule({ rules }: CheckedPolicy, report: Report, truthOf: TruthOf): void {
  for (const { effect, condition, declaration } of rules)
    if (effect !== 'deny' && condition.kind !== 'constant' && truthOf(condition) === false)
      report.add('unreachable-rule', declaration.verbSpan, 'the condition of this rule never holds')
  for (const effect of ['allow', 'delegate', 'deny'] as const) {
    const same = rules.filter((rule) => rule.effect === effect)
    const whole = same.filter(isUnconditional)
    if (whole.length === 0) continue
    const byWhole = coverage(whole)
    const before = coverage()
    for (const rule of same) {
      const isWhole = isUnconditional(rule)
      // Of two that say the same, the second is too many.
      const isCovered = truthOf(rule.condition) !== false && (isWhole ? before : byWhole).covers(rule)
      if (isWhole) before.add(rule)
      if (!isCovered) continue
      report.add(
        'unreachable-rule',
        rule.declaration.verbSpan,
        `another \`${effect}\` without a condition covers all of this one`,
        {
          help: 'delete one of them, or say with `if` when the other holds',
        },
      )
    }
  }
}
