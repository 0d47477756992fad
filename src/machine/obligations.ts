import { unknown } from '../runtime/cases.ts'
import type { AppliedLimit, Decision } from '../runtime/decision.ts'
import { reported } from '../runtime/errors.ts'
import type { Question } from '../runtime/question.ts'
import { canonicalKey } from '../value/canonical-key.ts'
import { isError } from '../value/evaluation-error.ts'
import { absent, type Value } from '../value/value.ts'
import { Doubt, errorsIn, highOf, lowOf, type Truth } from './doubt.ts'
import { unboxed } from './entity.ts'
import { bindingsOf, rulesFor } from './lines.ts'
import type { Linked } from './linked.ts'
import { begin, type Outcome, type Registers } from './registers.ts'

/** Under which everything is counted of which the key could not be told; no canonical key is empty. */
const sharedKey = ''

/** Limits and labels of an allowed request. Each applies where its condition is an error, too: both only restrict. */
export function obligations(
  r: Registers,
  linked: Linked,
  question: Pick<Question, 'target' | 'action'>,
): Pick<Decision, 'limits' | 'labels' | 'errors'> {
  const limits = new Map<string, AppliedLimit>()
  const labels = new Set<string>()
  let erred = false
  for (const { rule, truth, by } of applying(r, linked, question)) {
    if (!lowOf(truth)) erred = true
    if (rule.label !== undefined) labels.add(rule.label)
    if (rule.limit === undefined) continue
    const key = keyOf(by())
    limits.set(JSON.stringify([rule.id, key]), { rule: rule.id, count: rule.limit.count, per: rule.limit.per, key })
  }
  let errors: Decision['errors'] = []
  if (erred) {
    begin(r, 'traced')
    errors = reported(errorsIn([...applying(r, linked, question)].map(({ truth }) => truth)))
  }
  return { errors, limits: [...limits.values()], labels: [...labels].sort() }
}

function* applying(r: Registers, linked: Linked, { target, action }: Pick<Question, 'target' | 'action'>) {
  const entity = target.kind === 'entity' ? unboxed(r, target.entity) : undefined
  for (const effect of ['limit', 'label'] as const) {
    for (const rule of rulesFor(r, effect, target, action)) {
      const { when, k } = linked.rule(r.policy.placeOf(rule))
      for (const bound of bindingsOf(rule, target, action)) {
        const truth: Truth = when(r.actor, entity, undefined, bound, action, k)
        const by = () => linked.bound(r.policy.placeOf(rule))?.(r.actor, entity, undefined, bound, action) ?? absent
        if (highOf(truth)) yield { rule, truth, by }
      }
    }
  }
}

function keyOf(outcome: Outcome): string {
  if (outcome === absent || outcome === unknown || outcome instanceof Doubt) return sharedKey
  const key = canonicalKey(outcome as Value)
  return isError(key) ? sharedKey : key
}
