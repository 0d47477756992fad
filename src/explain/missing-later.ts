import type { Missing } from '../runtime/decision.ts'

/**
 * What is missing, worked out once somebody looks: that takes longer than the decision. Its members are those of its class, since
 * to define a getter on each takes longer than a decision, too; printed or made into JSON it is as any other.
 */
export class MissingLater implements Missing {
  readonly #work: () => Missing
  #found: Missing | undefined

  constructor(work: () => Missing) {
    this.#work = work
  }

  get sets(): Missing['sets'] {
    return this.toJSON().sets
  }

  get truncated(): boolean {
    return this.toJSON().truncated
  }

  toJSON(): Missing {
    this.#found ??= this.#work()
    return this.#found
  }

  /** For `console.log` of Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): Missing {
    return this.toJSON()
  }
}
