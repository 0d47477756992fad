/** Proofs that have been used: each counts once. */
export interface Replay {
  /** `full`: it cannot be remembered, so that it must not count. */
  use(proof: string, until: number, now: number): 'first' | 'again' | 'full'
}

/**
 * Remembers proofs until they would be refused for their age. Forgets none before, however many there are: a bound that is reached refuses.
 * All have nearly the same lifetime, so that the oldest are at the front.
 */
export function createReplay(most: number): Replay {
  const used = new Map<string, number>()
  const forget = (now: number): void => {
    for (const [proof, until] of used) {
      if (until > now) return
      used.delete(proof)
    }
  }
  return {
    use: (proof, until, now) => {
      forget(now)
      if (used.has(proof)) return 'again'
      if (used.size >= most) return 'full'
      used.set(proof, until)
      return 'first'
    },
  }
}
