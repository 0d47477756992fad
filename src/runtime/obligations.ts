import type { Expr } from '../ir/expr.ts'
import type { Effect, Rule } from '../ir/program.ts'
import { canonicalKey } from '../value/canonical-key.ts'
import { isError } from '../value/evaluation-error.ts'
import { absent } from '../value/value.ts'
import type { Cases, Outcome } from './cases.ts'
import { isSplit, unknown } from './cases.ts'
import type { AppliedLimit } from './decision.ts'
import type { Formula } from './formula.ts'
import { evaluate, ground } from './interpret.ts'
import { itemMatches } from './item-match.ts'
import type { Run } from './run.ts'
import type { Scope } from './scope.ts'
import { scopeOf } from './scope.ts'
import type { Model } from './truth.ts'
import { truthOf } from './truth.ts'

/** A limit or label that may apply to an allowed request. It does where its condition is an error, too: both only restrict. */
export interface Obligation {
  readonly rule: Rule
  readonly condition: Formula
  /** What a limit is counted by. */
  readonly by?: Cases
}

/** Under which everything is counted of which the key could not be told; no canonical key is empty. */
const sharedKey = ''

export function obligationsOf(run: Run, effect: 'limit' | 'label'): readonly Obligation[] {
  return rulesOf(run, effect).flatMap((rule) =>
    scopesOf(run, rule).map((scope): Obligation => {
      const condition = ground(run, rule.condition, scope)
      const by: Expr | undefined = rule.limit?.by
      return by === undefined ? { rule, condition } : { rule, condition, by: evaluate(run, by, scope) }
    }),
  )
}

function rulesOf({ policy, question }: Run, effect: Effect): readonly Rule[] {
  const { action, target } = question
  // To be shown is no use of an item.
  return target.kind !== 'entity' && action === 'list' ? [] : policy.rulesAbout(effect, action, target)
}

function scopesOf({ question }: Run, rule: Rule): readonly Scope[] {
  const { actor: subject, action, target } = question
  if (target.kind === 'entity') return [scopeOf({ subject, action, resource: target.entity })]
  return itemMatches(rule.target, action, target).map(({ locals }) => scopeOf({ subject, action }, locals))
}

export function appliedLimits(obligations: readonly Obligation[], model: Model): readonly AppliedLimit[] {
  const applied = new Map<string, AppliedLimit>()
  for (const { rule, condition, by } of obligations) {
    if (rule.limit === undefined || !truthOf(condition, model).high) continue
    const key = keyOf(by === undefined ? absent : decided(by, model))
    applied.set(JSON.stringify([rule.id, key]), { rule: rule.id, count: rule.limit.count, per: rule.limit.per, key })
  }
  return [...applied.values()]
}

export function appliedLabels(obligations: readonly Obligation[], model: Model): readonly string[] {
  const labels = new Set<string>()
  for (const { rule, condition } of obligations) {
    if (rule.label !== undefined && truthOf(condition, model).high) labels.add(rule.label)
  }
  return [...labels].sort()
}

/** The outcome in the case that holds. */
function decided(cases: Cases, model: Model): Outcome {
  let open = cases
  while (isSplit(open)) {
    const { low, high } = truthOf(open.condition, model)
    open = low !== high ? open.whenUnsure : low ? open.whenTrue : open.whenFalse
  }
  return open
}

function keyOf(outcome: Outcome): string {
  if (outcome === absent || outcome === unknown || isError(outcome)) return sharedKey
  const key = canonicalKey(outcome)
  return isError(key) ? sharedKey : key
}
