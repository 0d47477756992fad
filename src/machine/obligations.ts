import type { Ent } from '../facts/table.ts'
import type { Rule } from '../ir/program.ts'
import { unknown } from '../runtime/cases.ts'
import type { AppliedLimit, Decision } from '../runtime/decision.ts'
import { reported } from '../runtime/errors.ts'
import type { Question } from '../runtime/question.ts'
import { canonicalKey } from '../value/canonical-key.ts'
import { isError } from '../value/evaluation-error.ts'
import { absent, type Value } from '../value/value.ts'
import { Doubt, errorsIn, highOf, lowOf, type Truth } from './doubt.ts'
import { unboxed } from './entity.ts'
import { bindingsOf } from './lines.ts'
import type { Linked, Part, RuleEntry } from './linked.ts'
import { begin, type Outcome, type Registers } from './registers.ts'

/** Under which everything is counted of which the key could not be told; no canonical key is empty. */
const sharedKey = ''

export type Obligations = Pick<Decision, 'limits' | 'labels'>

export const noObligations: Obligations = { limits: Object.freeze([]), labels: Object.freeze([]) }

/** A limit or label of a group. */
export interface Obliging {
  readonly rule: Rule
  readonly when: RuleEntry
  readonly by: Part<Outcome> | undefined
}

/** Those of a group for the question in the registers, each of which has one way to be met; undefined where the condition of one errs. */
export function groupObligations(
  { actor }: Registers,
  obliging: readonly Obliging[],
  entity: Ent | undefined,
  action: string,
): Obligations | undefined {
  const limits: AppliedLimit[] = []
  const labels: string[] = []
  for (const { rule, when, by } of obliging) {
    const truth = when.when(actor, entity, undefined, undefined, action, when.k)
    if (truth === false) continue
    if (truth !== true) return undefined
    const { id, limit, label } = rule
    if (label !== undefined && !labels.includes(label)) labels.push(label)
    if (limit === undefined) continue
    const key = keyOf(by?.(actor, entity, undefined, undefined, action) ?? absent)
    limits.push({ rule: id, count: limit.count, per: limit.per, key })
  }
  return { limits, labels: labels.sort() }
}

/** Limits and labels of an allowed request. Each applies where its condition is an error, too: both only restrict. */
export function obligations(
  r: Registers,
  linked: Linked,
  question: Pick<Question, 'target' | 'action'>,
): Obligations & Pick<Decision, 'errors'> {
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
    for (const rule of r.policy.rulesAbout(effect, action, target)) {
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
