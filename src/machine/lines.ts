import type { Ent } from '../facts/table.ts'
import type { Effect, Rule } from '../ir/program.ts'
import { itemMatches } from '../runtime/item-match.ts'
import type { AskedTarget } from '../runtime/question.ts'
import type { Binding } from '../runtime/scope.ts'
import { and, or, type Truth } from './doubt.ts'
import { unboxed } from './entity.ts'
import type { Linked } from './linked.ts'
import type { Registers } from './registers.ts'

/** A rule with what its condition has come to for one question. */
export interface Line {
  readonly rule: Rule
  readonly truth: Truth
}

/** What one question hangs on, rule by rule; those that are false are left out. */
export interface Lines {
  readonly allow: readonly Line[]
  /** Without those that mention `agent`. */
  readonly deny: readonly Line[]
  readonly agents: readonly AgentLines[]
}

export interface AgentLines {
  readonly delegate: readonly Line[]
  /** Those that mention `agent`. */
  readonly deny: readonly Line[]
}

/** The lines of all rules that concern an action on a target. */
export function linesOf(r: Registers, linked: Linked, target: AskedTarget, action: string): Lines {
  const of = (effect: Effect, mentionsAgent?: boolean, agent?: Ent) =>
    lines(r, linked, effect, target, action, mentionsAgent, agent)
  return {
    allow: of('allow'),
    deny: of('deny', false),
    agents: r.agents.map((agent) => ({ delegate: of('delegate', undefined, agent), deny: of('deny', true, agent) })),
  }
}

function lines(
  r: Registers,
  linked: Linked,
  effect: Effect,
  target: AskedTarget,
  action: string,
  mentionsAgent?: boolean,
  agent?: Ent,
): readonly Line[] {
  const found: Line[] = []
  for (const rule of r.policy.rulesAbout(effect, action, target)) {
    if (mentionsAgent !== undefined && rule.mentionsAgent !== mentionsAgent) continue
    const truth = truthOf(r, linked, rule, target, action, agent)
    if (truth !== false) found.push({ rule, truth })
  }
  return found
}

/** A rule may meet an item in several ways, by several templates: one of them is enough. */
function truthOf(r: Registers, linked: Linked, rule: Rule, target: AskedTarget, action: string, agent?: Ent): Truth {
  const { when, k } = linked.rule(r.policy.placeOf(rule))
  if (target.kind === 'entity') return when(r.actor, unboxed(r, target.entity), agent, undefined, action, k)
  let truth: Truth = false
  for (const { locals, open } of itemMatches(rule.target, action, target)) {
    const one = when(r.actor, undefined, agent, locals, action, k)
    truth = or(truth, open === undefined ? one : and(r.leaf, one))
    if (truth === true) return true
  }
  return truth
}

/** How a rule's condition is met: with what its template bound. */
export function bindingsOf(
  rule: Rule,
  target: AskedTarget,
  action: string,
): readonly (ReadonlyMap<string, Binding> | undefined)[] {
  if (target.kind === 'entity') return [undefined]
  return itemMatches(rule.target, action, target).map(({ locals }) => locals)
}
