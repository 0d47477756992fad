import type { Decision, Missing } from '../runtime/decision.ts'

/** A denial that says what is missing once somebody looks: working that out takes longer than the decision. */
export class Denied implements Decision {
  /** An own property, so that it is there for whoever copies or prints the decision. */
  declare readonly missing: Missing
  readonly allowed = false
  readonly reason: Decision['reason']
  readonly rules: Decision['rules']
  readonly errors: Decision['errors']
  readonly limits: Decision['limits']
  readonly labels: Decision['labels']
  readonly #work: () => Missing
  #found: Missing | undefined

  constructor({ reason, rules, errors, limits, labels }: Decision, work: () => Missing) {
    this.reason = reason
    this.rules = rules
    this.errors = errors
    this.limits = limits
    this.labels = labels
    this.#work = work
    Object.defineProperty(this, 'missing', described)
  }

  found(): Missing {
    this.#found ??= this.#work()
    return this.#found
  }
}

/** One getter for all of them. */
const described: PropertyDescriptor & ThisType<Denied> = {
  get() {
    return this.found()
  },
  enumerable: true,
  configurable: true,
}
