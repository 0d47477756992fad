import type { TruthOf } from '../analysis/constant.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

export function denyNeverFires({ rules }: CheckedPolicy, report: Report, truthOf: TruthOf): void {
  for (const { effect, condition, declaration } of rules)
    if (effect === 'deny' && condition.kind !== 'constant' && truthOf(condition) === false)
      report.add('deny-never-fires', declaration.verbSpan, 'the condition of this deny never holds')
}
