import type { Expr } from '../../ir/expr.ts'
import { mentions } from '../../ir/walk.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/**
 * A deny that mentions `agent` is asked of the agents of a request and never of a user who acts alone. That is meant where its whole
 * condition is about the agent; it is not where a part of it would deny by itself.
 */
export function agentDenySkipsUsers({ rules }: CheckedPolicy, report: Report): void {
  for (const { effect, mentionsAgent, condition, declaration } of rules) {
    if (effect !== 'deny' || !mentionsAgent) continue
    const { if: holds, unless } = declaration.condition
    const [own, except] = partsOf(condition, holds !== undefined, unless !== undefined)
    const isExceptAgents =
      except !== undefined && mentions(except, 'agent') && (own === undefined || !mentions(own, 'agent'))
    const isAlternative = own !== undefined && alternatives(own).some((one) => !mentions(one, 'agent'))
    if (isExceptAgents || isAlternative)
      report.add(
        'agent-deny-skips-users',
        declaration.verbSpan,
        'this deny mentions `agent`, so it never meets a user who acts alone',
        {
          help: 'write what is denied to everyone as a `deny` of its own, without `agent`',
        },
      )
  }
}

function partsOf(condition: Expr, holds: boolean, unless: boolean): readonly [Expr | undefined, Expr | undefined] {
  if (!unless) return [condition, undefined]
  if (!holds) return [undefined, condition]
  return condition.kind === 'and' ? [condition.operands[0], condition.operands[1]] : [condition, undefined]
}

/** The operands of a disjunction, where some of them are about the agent. */
function alternatives(expr: Expr): readonly Expr[] {
  if (expr.kind !== 'or' || !mentions(expr, 'agent')) return []
  return expr.operands
}
