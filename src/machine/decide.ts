import type { Ent } from '../facts/table.ts'
import { notLocked } from '../runtime/asked-target.ts'
import { unknown } from '../runtime/cases.ts'
import type { DecidingRule, Decision, Reason } from '../runtime/decision.ts'
import { denial, nothingMissing } from '../runtime/denial.ts'
import { reported, reportedOf } from '../runtime/errors.ts'
import { usesOf } from '../runtime/mcp-actions.ts'
import type { AskedTarget, Question } from '../runtime/question.ts'
import type { EvaluationError } from '../value/value.ts'
import { combine, decidingRules, isAllowed } from './combine.ts'
import { erring, errorsIn, highOf, lowOf, open, type Truth } from './doubt.ts'
import { boxed, unboxed } from './entity.ts'
import { allows, type Group, type Groups } from './group.ts'
import { type Line, type Lines, linesOf } from './lines.ts'
import { allowed, forbidden, type Linked, notDelegated } from './linked.ts'
import { type Obligations, obligations } from './obligations.ts'
import { begin, type Registers } from './registers.ts'
import { inOrder } from './verdict-data.ts'

/** What decisions are made from. */
export interface Decider {
  readonly r: Registers
  readonly linked: Linked
  readonly groups: Groups
  /** By place in the program. */
  readonly told: readonly DecidingRule[]
}

export type About = Pick<Question, 'target' | 'action'>

/** Whether the question in the registers is to be answered with yes. */
export function isGranted(decider: Decider, about: About): boolean {
  const { r, linked } = decider
  const { target, action } = about
  if (target.kind !== 'entity') {
    if (notLocked(r.policy, target) !== undefined) return false
    if (action === 'list') return listed(decider, about).allowed
  }
  const group = groupOf(decider, about)
  return group === undefined ? isAllowed(linesOf(r, linked, target, action)) : allows(r, group, entityOf(r, target))
}

/** The decision of the normative text. Of `missing` it says nothing: that is for who wants to know. */
export function decide(decider: Decider, about: About): Decision {
  const { r } = decider
  const { target, action } = about
  const closed = notLocked(r.policy, target)
  if (closed !== undefined) return denial('not-permitted', [closed])
  if (action === 'list' && target.kind !== 'entity') return listed(decider, about)
  const group = groupOf(decider, about)
  if (group !== undefined && r.agents.length === 0) {
    const quick = decideGroup(decider, group, entityOf(r, target))
    if (quick !== undefined && !(quick.allowed && group.obliging !== undefined)) return quick
  }
  return decideLines(decider, about)
}

/** The question in the registers that was told quickly. */
export function decideQuick(decider: Decider): Decision {
  const { r } = decider
  const { group, entity } = r
  if (r.agents.length === 0) {
    const quick = decideGroup(decider, group, entity)
    if (quick !== undefined && !(quick.allowed && group.obliging !== undefined)) return quick
  }
  return decideLines(decider, { action: group.action, target: targetIn(r) })
}

/** The decision of a verdict that was not unusual. */
export function decisionOf(decider: Decider, told: number, { limits, labels }: Obligations): Decision {
  const { granting, hitCount } = decider.r
  const verdict = told & 3
  const rules = rulesOf(decider, verdict === forbidden ? granting : 0, hitCount)
  const missing = nothingMissing
  if (verdict === allowed) return { allowed: true, reason: 'granted', rules, errors: none, missing, limits, labels }
  const reason = verdict === forbidden ? 'forbidden' : (told & notDelegated) !== 0 ? 'not-delegated' : 'not-permitted'
  return { allowed: false, reason, rules, errors: none, missing, limits: none, labels: none }
}

/** The rules that were hit, from one place up to another. */
function rulesOf({ r, told }: Decider, from: number, to: number): readonly DecidingRule[] {
  const { hits } = r
  const first = told[hits[from] ?? -1]
  if (from === to || first === undefined) return none
  // One that begins with an element takes no more room than it needs.
  const rules = [first]
  for (let i = from + 1; i < to; i++) {
    const rule = told[hits[i] ?? -1]
    if (rule !== undefined) rules.push(rule)
  }
  return rules
}

function targetIn(r: Registers): AskedTarget {
  const { entity, server, tool } = r
  if (tool !== undefined && server !== undefined) return { kind: 'tool', server, name: tool.name, tool }
  return { kind: 'entity', entity: boxed(r, entity ?? '') }
}

function entityOf(r: Registers, target: AskedTarget): Ent | undefined {
  return target.kind === 'entity' ? unboxed(r, target.entity) : undefined
}

function groupOf({ groups }: Decider, { target, action }: About): Group | undefined {
  if (target.kind === 'entity') return groups.ofType(action, target.entity.type)
  return target.kind === 'tool' || target.kind === 'prompt'
    ? groups.ofItem(target.kind, action, target.server, target.name)
    : undefined
}

/** Where no agent acts and no rule errs, which is nearly always. */
function decideGroup({ r, told }: Decider, group: Group, entity: Ent | undefined): Decision | undefined {
  const { action, allow, deny } = group
  const { hits } = r
  r.hitCount = 0
  r.allTrue = true
  allow?.hits(r.actor, entity, undefined, undefined, action)
  const granting = r.hitCount
  deny?.hits(r.actor, entity, undefined, undefined, action)
  if (!r.allTrue) return undefined
  const { hitCount } = r
  // Those that are looked up come before those that are tried.
  inOrder(hits, 0, granting)
  inOrder(hits, granting, hitCount)
  const forbidding = hitCount > granting
  const rules: DecidingRule[] = []
  for (let i = forbidding ? granting : 0; i < hitCount; i++) {
    const rule = told[hits[i] ?? -1]
    if (rule !== undefined) rules.push(rule)
  }
  if (forbidding) return { ...denial('forbidden'), rules }
  if (granting === 0) return denial('not-permitted')
  return { allowed: true, reason: 'granted', rules, errors: none, missing: nothingMissing, limits: none, labels: none }
}

const none: never[] = []
Object.freeze(none)

function decideLines({ r, linked }: Decider, about: About): Decision {
  const { reason, deciding } = combine(linesOf(r, linked, about.target, about.action))
  if (reason === 'error') return erred(r, linked, about)
  const rules = decidingRules(deciding)
  if (reason !== 'granted') return { ...denial(reason), rules }
  return { allowed: true, reason, rules, missing: nothingMissing, ...obligations(r, linked, about) }
}

/** Decides once more, to tell which rules erred, and how. The verdict is that of the first time, whatever an input says now. */
function erred(r: Registers, linked: Linked, { target, action }: About): Decision {
  begin(r, 'traced')
  const { reason, deciding } = combine(linesOf(r, linked, target, action))
  const errors = reason === 'error' ? reportedOf(errorsOf(deciding), deciding) : []
  return { ...denial('error', errors), rules: decidingRules(deciding) }
}

function errorsOf(lines: readonly Line[]): readonly EvaluationError[] {
  return reported(errorsIn(lines.map(({ truth }) => truth)))
}

/**
 * Whether an item is shown: some use of it could still be allowed, whatever its arguments are and whoever approves, and no
 * `deny list` or `deny *` holds or may hold. Calls are decided by their own rules.
 */
function listed({ r, linked }: Decider, about: About): Decision {
  const { target } = about
  if (r.args !== undefined) r.args = unknown
  r.approvals = unknown
  r.confirmed = unknown
  const hiding = hidingLines(r, linked, about, erring)
  if (hiding.length > 0) {
    const surely = hiding.filter(({ truth }) => lowOf(truth))
    if (surely.length > 0) return { ...denial('forbidden'), rules: decidingRules(surely) }
    begin(r, 'traced')
    const again = hidingLines(r, linked, about, erring)
    return { ...denial('error', errorsOf(again)), rules: decidingRules(hiding) }
  }
  begin(r)
  r.leaf = open
  const uses = usesOf(target).map((use) => linesOf(r, linked, target, use))
  if (uses.some(isAllowed)) return { ...denial('granted'), allowed: true }
  return denial(nearest(uses.map((lines) => combine(lines).reason)))
}

/** What may hide the item, `leaf` being what an unknown use comes to. */
function hidingLines(r: Registers, linked: Linked, { target }: About, leaf: Truth): readonly Line[] {
  r.leaf = leaf
  const { deny, agents }: Lines = linesOf(r, linked, target, 'list')
  return [...deny, ...agents.flatMap((agent) => agent.deny)].filter(({ truth }) => highOf(truth))
}

/** The reason that says most of several denials. */
function nearest(reasons: readonly Reason[]): Reason {
  const order: readonly Reason[] = ['error', 'forbidden', 'not-delegated', 'not-permitted']
  return order.find((reason) => reasons.includes(reason)) ?? 'not-permitted'
}
