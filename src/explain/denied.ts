import type { Decision, Missing } from '../runtime/decision.ts'

/** A denial that says what is missing once somebody looks: working that out takes longer than the decision. */
export class Denied implements Omit<Decision, 'missing'> {
  declare readonly missing: Missing
  readonly allowed = false
  readonly reason: Decision['reason']
  readonly rules: Decision['rules']
  readonly errors: Decision['errors']
  readonly limits: Decision['limits']
  readonly labels: Decision['labels']
  #work: (() => Missing) | undefined
  #found: Missing | undefined

  constructor({ reason, rules, errors, limits, labels }: Decision, work: () => Missing) {
    this.reason = reason
    this.rules = rules
    this.errors = errors
    this.limits = limits
    this.labels = labels
    this.#work = work
    // An own property, so that it is there for whoever copies or prints the decision; one getter for all of them.
    Object.defineProperty(this, 'missing', { get: Denied.#missingOf, enumerable: true, configurable: true })
  }

  static #missingOf(this: Denied): Missing {
    this.#found ??= this.#work?.() ?? { sets: [], truncated: false }
    this.#work = undefined
    return this.#found
  }
}
