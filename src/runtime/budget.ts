/** What one decision may spend. It counts down; past it the whole decision is a denial. */
export interface Budget {
  /** Roles and permissions of somebody on something that are looked into. */
  atoms: number
  /** Expressions evaluated, facts and members looked at, edges solved. */
  steps: number
}

export interface Limits {
  readonly atoms: number
  readonly steps: number
}

/** The most that may be configured. */
export const maximum: Limits = { atoms: 1_000_000, steps: 50_000_000 }

/** Thrown, as nothing else is, to leave an evaluation from any depth; whoever made the budget catches it. */
export const exhausted = Symbol('budget exhausted')

export function spend(budget: Budget, what: keyof Budget, amount: number): void {
  budget[what] -= amount
  if (budget[what] < 0) throw exhausted
}
