import type { Span } from './base/source.ts'
import type { EngineOptions, Question } from './engine.ts'
import { type Note, observeCondition, observeDecision } from './explain/coverage/observe.ts'
import { keyOf, type Place, placesOf } from './explain/coverage/places.ts'
import type { EntityInput, FactInput } from './facts/fact.ts'
import { memoryStore } from './facts/memory.ts'
import type { Expr } from './ir/expr.ts'
import type { Policy } from './language.ts'
import { createEvaluator } from './runtime/evaluator.ts'
import { givenFunctions } from './runtime/given-functions.ts'
import type { Environment } from './runtime/request.ts'
import { timed } from './runtime/timed.ts'

/** A place of the policy, with how often it held and how often it did not where that mattered. */
export interface Shown extends Place {
  readonly held: number
  readonly failed: number
}

export interface Observer {
  /** Looks at decisions on the facts of the policy and these; false where one could not be looked into to its end. */
  on(facts: readonly (FactInput | EntityInput)[]): {
    decision(question: Question): boolean
    condition(expr: Expr, env: Environment): boolean
  }
  shown(): readonly Shown[]
}

/**
 * Watches what decisions show of each rule, role and condition of a policy. The decisions are made for it, by the interpreter.
 * `onAsked` is told of each rule and role that could have mattered to one.
 */
export function createObserver(
  policy: Policy,
  functions: EngineOptions['functions'],
  onAsked?: (at: Span) => void,
): Observer {
  const evaluator = createEvaluator(policy.program, { functions: givenFunctions(policy.program, functions) })
  const counts = new Map<string, { held: number; failed: number }>()
  const keyFor = (kind: Place['kind'], at: Place['at']) => `${kind === 'condition'} ${keyOf(at)}`
  const note: Note = (kind, at, outcome) => {
    if (outcome === 'asked') {
      onAsked?.(at)
      return
    }
    const key = keyFor(kind, at)
    const count = counts.get(key) ?? { held: 0, failed: 0 }
    counts.set(key, count)
    count[outcome]++
  }
  return {
    on: (facts) => {
      const store = memoryStore(evaluator.policy.schema, policy.facts)
      store.load(facts)
      return {
        decision: ({ env = {}, ...question }) =>
          store.deciding(() =>
            observeDecision(evaluator, { ...question, env: timed(env, Date.now) }, store.snapshot(), note),
          ),
        condition: (expr, env) =>
          store.deciding(() => observeCondition(evaluator, expr, timed(env, Date.now), store.snapshot(), note)),
      }
    },
    shown: () =>
      placesOf(policy.program).map((place) => ({
        ...place,
        ...(counts.get(keyFor(place.kind, place.at)) ?? { held: 0, failed: 0 }),
      })),
  }
}
