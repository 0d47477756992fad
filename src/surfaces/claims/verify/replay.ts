/** Where DPoP proofs that have been used are remembered: each counts once. Processes that serve one URL share it. */
export interface ReplayStore {
  /**
   * Remembers a proof, looking and writing in one step. What it throws refuses the proof.
   *
   * @param proof its name: 43 characters of base64url
   * @param until milliseconds since the epoch, after which it is refused for its age and may be forgotten
   * @param caller whose token it came with, so that nobody takes up all the room
   * @returns `full` where it cannot be remembered, so that it must not count
   */
  use(proof: string, until: number, caller: string): Used | Promise<Used>
}

type Used = 'first' | 'again' | 'full'

/**
 * Remembers proofs in this process until they would be refused for their age. Forgets none before, however many there are: a bound that is reached
 * refuses, and one caller has a quarter of it. All have nearly the same lifetime, so that the oldest are at the front.
 */
export function memoryReplay(most: number, now: () => number): ReplayStore {
  const used = new Map<string, { readonly until: number; readonly caller: string }>()
  const ofOne = new Map<string, number>()
  const forget = (at: number): void => {
    for (const [proof, { until, caller }] of used) {
      if (until > at) return
      used.delete(proof)
      const left = (ofOne.get(caller) ?? 0) - 1
      if (left > 0) ofOne.set(caller, left)
      else ofOne.delete(caller)
    }
  }
  return {
    use: (proof, until, caller) => {
      forget(now())
      if (used.has(proof)) return 'again'
      const own = ofOne.get(caller) ?? 0
      if (used.size >= most || own >= Math.ceil(most / 4)) return 'full'
      used.set(proof, { until, caller })
      ofOne.set(caller, own + 1)
      return 'first'
    },
  }
}
