import { coverage } from '../analysis/coverage.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** A deny about items that nothing allows. Of types, the checker says it where it looks for the action. */
export function denyWithoutAllow({ rules }: CheckedPolicy, report: Report): void {
  const allows = rules.filter(({ effect }) => effect === 'allow')
  if (allows.length === 0) return
  const allowed = coverage(allows)
  for (const rule of rules) {
    const { effect, actions, target, declaration } = rule
    // `deny list` hides, and `server *` is about servers that other policies may know.
    if (effect !== 'deny' || target.kind !== 'items' || target.server === undefined) continue
    if (actions === '*' || actions.includes('list') || allowed.meets(rule)) continue
    report.add('deny-without-allow', declaration.actionsSpan, 'nothing allows any of this', {
      help: 'what no rule allows is denied anyway',
    })
  }
}
