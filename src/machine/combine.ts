import type { DecidingRule, Reason } from '../runtime/decision.ts'
import { and, highOf, lowOf, not, or, type Truth } from './doubt.ts'
import type { AgentLines, Line, Lines } from './lines.ts'

/** What the lines come to: a reason, and the lines that are it. */
export interface Verdict {
  readonly reason: Reason
  readonly deciding: readonly Line[]
}

/** Allow if and only if U.lo and A.lo; else the first reason that fits. */
export function combine(lines: Lines): Verdict {
  const own = ownRight(lines)
  const delegated = delegatedRight(lines)
  if (lowOf(own) && lowOf(delegated)) {
    return {
      reason: 'granted',
      deciding: definite([...lines.allow, ...lines.agents.flatMap(({ delegate }) => delegate)]),
    }
  }
  if (highOf(own) && highOf(delegated)) return { reason: 'error', deciding: standingInTheWay(lines, own, delegated) }
  const forbidding = definite([...lines.deny, ...lines.agents.flatMap(({ deny }) => deny)])
  if (forbidding.length > 0) return { reason: 'forbidden', deciding: forbidding }
  return { reason: highOf(any(lines.allow)) ? 'not-delegated' : 'not-permitted', deciding: [] }
}

export function isAllowed(lines: Lines): boolean {
  return lowOf(ownRight(lines)) && lowOf(delegatedRight(lines))
}

function ownRight({ allow, deny }: Lines): Truth {
  return and(any(allow), not(any(deny)))
}

function delegatedRight({ agents }: Lines): Truth {
  let truth: Truth = true
  for (const { delegate } of agents) truth = and(truth, any(delegate))
  return and(truth, not(any(agents.flatMap(({ deny }) => deny))))
}

function any(lines: readonly Line[]): Truth {
  let truth: Truth = false
  for (const line of lines) truth = or(truth, line.truth)
  return truth
}

/** An erring grant does not stand in the way where another grant is definite. */
function standingInTheWay(lines: Lines, own: Truth, delegated: Truth): readonly Line[] {
  const found: Line[] = []
  if (!lowOf(own)) found.push(...ifNeeded(lines.allow), ...unsure(lines.deny))
  if (!lowOf(delegated)) for (const agent of lines.agents) found.push(...erringFor(agent))
  return found
}

function erringFor({ delegate, deny }: AgentLines): readonly Line[] {
  return [...ifNeeded(delegate), ...unsure(deny)]
}

function ifNeeded(grants: readonly Line[]): readonly Line[] {
  return lowOf(any(grants)) ? [] : unsure(grants)
}

function definite(lines: readonly Line[]): readonly Line[] {
  return lines.filter(({ truth }) => lowOf(truth))
}

function unsure(lines: readonly Line[]): readonly Line[] {
  return lines.filter(({ truth }) => highOf(truth) && !lowOf(truth))
}

/** Each rule once: two agents may owe their delegation to one rule. */
export function decidingRules(lines: readonly Line[]): readonly DecidingRule[] {
  const rules = new Map<string, DecidingRule>()
  for (const { rule } of lines) {
    rules.set(rule.id, rule.doc === undefined ? { id: rule.id } : { id: rule.id, doc: rule.doc })
  }
  return [...rules.values()]
}
