import type { Target } from '../../ir/program.ts'
import { conjuncts } from '../analysis/constant.ts'
import { coverage } from '../analysis/coverage.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/**
 * A permission in a condition is one that the agent needs, too: a rule that is delegated, and asks for one that is not, refuses every
 * agent. Only permissions without which the rule cannot hold are looked at; the conditions of delegations are not. Where everything is
 * delegated with a `*`, and something else on the type is, leaving a permission out is how it is kept from agents.
 */
export function undelegatedPermission({ rules }: CheckedPolicy, report: Report): void {
  const delegates = rules.filter(({ effect }) => effect === 'delegate')
  if (delegates.length === 0) return
  const delegated = coverage(delegates)
  const byName = coverage(delegates.filter(({ target }) => target.kind === 'types' || isNamed(target)))
  const types = new Set(delegates.flatMap(({ target }) => (target.kind === 'types' ? target.types : [])))
  for (const rule of rules) {
    if (rule.effect !== 'allow') continue
    for (const one of conjuncts(rule.condition)) {
      if (one.kind !== 'holds' || !one.permission || one.types.length === 0) continue
      const asked = one.types.map((type) => ({
        ...rule,
        actions: [one.relation],
        target: { kind: 'types', types: [type] } as const,
      }))
      if (asked.some((permission) => delegated.meets(permission)) || !delegated.meets(rule)) continue
      if (!byName.meets(rule) && one.types.some((type) => types.has(type))) continue
      report.add(
        'undelegated-permission',
        one.at,
        `this is delegated, and \`${one.relation}\` on \`${one.types.join('`, `')}\` is not: every agent is refused`,
        {
          help: `write \`delegate ${one.relation} on ${one.types.join(', ')}\`, if agents may`,
        },
      )
    }
  }
}

function isNamed(target: Target): boolean {
  return target.kind === 'items' && !target.items.some(({ kind }) => kind === 'all')
}
