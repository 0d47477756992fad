import { notLocked } from '../runtime/asked-target.ts'
import type { Decision, Reason } from '../runtime/decision.ts'
import { denial, nothingMissing } from '../runtime/denial.ts'
import { reported } from '../runtime/errors.ts'
import { usesOf } from '../runtime/mcp-actions.ts'
import { unknown } from '../runtime/cases.ts'
import type { Question } from '../runtime/question.ts'
import type { EvaluationError } from '../value/value.ts'
import { combine, decidingRules, definite, isAllowed, unsure } from './combine.ts'
import { erring, errorsIn, highOf, lowOf, open, type Truth } from './doubt.ts'
import { type Line, type Lines, linesOf } from './lines.ts'
import type { Linked } from './linked.ts'
import { obligations } from './obligations.ts'
import { begin, type Registers } from './registers.ts'

/** The decision of the normative text. Of `missing` it says nothing: that is for who wants to know. */
export function decide(r: Registers, linked: Linked, question: Question): Decision {
  const { target, action } = question
  const closed = notLocked(r.policy, target)
  if (closed !== undefined) return denial('not-permitted', [closed])
  if (action === 'list' && target.kind !== 'entity') return listed(r, linked, question)
  const { reason, deciding } = combine(linesOf(r, linked, target, action))
  if (reason === 'error') return erred(r, linked, question)
  const rules = decidingRules(deciding)
  if (reason !== 'granted') return { ...denial(reason), rules }
  return { allowed: true, reason, rules, missing: nothingMissing, ...obligations(r, linked, question) }
}

/** Decides once more, to tell which rules erred, and how. The verdict is that of the first time, whatever an input says now. */
function erred(r: Registers, linked: Linked, { target, action }: Question): Decision {
  begin(r, 'traced')
  const { reason, deciding } = combine(linesOf(r, linked, target, action))
  const errors = reason === 'error' ? errorsOf(deciding) : []
  return { ...denial('error', errors), rules: decidingRules(deciding) }
}

function errorsOf(lines: readonly Line[]): readonly EvaluationError[] {
  return reported(errorsIn(lines.map(({ truth }) => truth)))
}

/**
 * Whether an item is shown: some use of it could still be allowed, whatever its arguments are and whoever approves, and no
 * `deny list` or `deny *` holds or may hold. Calls are decided by their own rules.
 */
function listed(r: Registers, linked: Linked, question: Question): Decision {
  const { target } = question
  if (r.inputs.has('args')) {
    r.inputs = new Map(r.inputs).set('args', unknown)
    r.args = unknown
  }
  r.approvals = unknown
  r.confirmed = unknown
  const hiding = hidingLines(r, linked, question, erring)
  if (hiding.length > 0) {
    const surely = hiding.filter(({ truth }) => lowOf(truth))
    if (surely.length > 0) return { ...denial('forbidden'), rules: decidingRules(surely) }
    begin(r, 'traced')
    const again = hidingLines(r, linked, question, erring)
    return { ...denial('error', errorsOf(again)), rules: decidingRules(hiding) }
  }
  begin(r)
  r.leaf = open
  const uses = usesOf(target).map((use) => linesOf(r, linked, target, use))
  if (uses.some(isAllowed)) return { ...denial('granted'), allowed: true }
  return denial(nearest(uses.map((lines) => combine(lines).reason)))
}

/** What may hide the item, `leaf` being what an unknown use comes to. */
function hidingLines(r: Registers, linked: Linked, { target }: Question, leaf: Truth): readonly Line[] {
  r.leaf = leaf
  const { deny, agents } = linesOf(r, linked, target, 'list')
  return [...deny, ...agents.flatMap((agent) => agent.deny)].filter(({ truth }) => highOf(truth))
}

/** The reason that says most of several denials. */
function nearest(reasons: readonly Reason[]): Reason {
  const order: readonly Reason[] = ['error', 'forbidden', 'not-delegated', 'not-permitted']
  return order.find((reason) => reasons.includes(reason)) ?? 'not-permitted'
}
