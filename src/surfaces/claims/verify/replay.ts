/** Where DPoP proofs that have been used are remembered: each counts once. Processes that serve one URL share it. */
export interface ReplayStore {
  /**
   * Remembers a proof, looking and writing in one step. What it throws refuses the proof.
   *
   * @param proof its name: 43 characters of base64url
   * @param until milliseconds since the epoch, after which it is refused for its age and may be forgotten
   * @returns `full` where it cannot be remembered, so that it must not count
   */
  use(proof: string, until: number): Used | Promise<Used>
}

type Used = 'first' | 'again' | 'full'

/**
 * Remembers proofs in this process until they would be refused for their age. Forgets none before, however many there are: a bound that is reached
 * refuses. All have nearly the same lifetime, so that the oldest are at the front.
 */
export function memoryReplay(most: number, now: () => number): ReplayStore {
  const used = new Map<string, number>()
  const forget = (at: number): void => {
    for (const [proof, until] of used) {
      if (until > at) return
      used.delete(proof)
    }
  }
  return {
    use: (proof, until) => {
      forget(now())
      if (used.has(proof)) return 'again'
      if (used.size >= most) return 'full'
      used.set(proof, until)
      return 'first'
    },
  }
}
