import type { AgentLines, Line, Lines } from './bodies/lines.ts'
import { any, delegatedRight, ownRight } from './bodies/lines.ts'
import type { DecidingRule, Reason } from './decision.ts'
import type { Formula } from './formula.ts'
import type { Model, Truth } from './truth.ts'
import { truthOf } from './truth.ts'

/** What the lines come to: a reason, and the lines that are it. */
export interface Verdict {
  readonly allowed: boolean
  readonly reason: Reason
  readonly deciding: readonly Line[]
}

/** Allow if and only if U.lo and A.lo; else the first reason that fits. */
export function combine(lines: Lines, model: Model): Verdict {
  const own = truthOf(ownRight(lines), model)
  const delegated = truthOf(delegatedRight(lines.agents), model)
  if (own.low && delegated.low) return verdict('granted', granting(lines, model))
  if (own.high && delegated.high) return verdict('error', erring(lines, own, delegated, model))
  const forbidding = definite([...lines.deny, ...lines.agents.flatMap(({ deny }) => deny)], model)
  if (forbidding.length > 0) return verdict('forbidden', forbidding)
  return verdict(truthOf(any(lines.allow), model).high ? 'not-delegated' : 'not-permitted', [])
}

function verdict(reason: Reason, deciding: readonly Line[]): Verdict {
  return { allowed: reason === 'granted', reason, deciding }
}

function granting({ allow, agents }: Lines, model: Model): readonly Line[] {
  return definite([...allow, ...agents.flatMap(({ delegate }) => delegate)], model)
}

/** Those whose errors stand in the way: an erring grant does not where another grant is definite. */
function erring(lines: Lines, own: Truth, delegated: Truth, model: Model): readonly Line[] {
  const found: Line[] = []
  if (!own.low) found.push(...ifNeeded(lines.allow, model), ...unsureOf(lines.deny, model))
  if (!delegated.low) for (const agent of lines.agents) found.push(...erringFor(agent, model))
  return found
}

function erringFor({ delegate, deny }: AgentLines, model: Model): readonly Line[] {
  return [...ifNeeded(delegate, model), ...unsureOf(deny, model)]
}

function ifNeeded(grants: readonly Line[], model: Model): readonly Line[] {
  return truthOf(any(grants), model).low ? [] : unsureOf(grants, model)
}

function definite(lines: readonly Line[], model: Model): readonly Line[] {
  return lines.filter(({ condition }) => truthOf(condition, model).low)
}

function unsureOf(lines: readonly Line[], model: Model): readonly Line[] {
  return lines.filter(({ condition }) => isUnsure(condition, model))
}

export function isUnsure(condition: Formula, model: Model): boolean {
  const { low, high } = truthOf(condition, model)
  return high && !low
}

/** Each rule once: two agents may owe their delegation to one rule. */
export function decidingRules(lines: readonly Line[]): readonly DecidingRule[] {
  const rules = new Map<string, DecidingRule>()
  for (const { rule } of lines) {
    rules.set(rule.id, rule.doc === undefined ? { id: rule.id } : { id: rule.id, doc: rule.doc })
  }
  return [...rules.values()]
}
