import type { AppliedLimit } from '../../../index.ts'

/** Where what the `limit` rules bound is counted. */
export interface LimitStore {
  /**
   * Takes one place in every limit or, as far as the store can, in none. A place is taken before the request is forwarded and is
   * not given back, whatever becomes of the request. One call, so that what races for the last place gets it once.
   *
   * @param caller whose request it is, so that nobody takes up all the room there is for counting; undefined for nobody
   * @returns undefined when there was room, else the milliseconds after which there may be
   */
  reserve(limits: readonly AppliedLimit[], caller?: string): number | undefined | Promise<number | undefined>
}

const mostKeys = 10_000
const mostKeysOfOne = 1000
const mostTimes = 1_000_000

/**
 * Counts in memory, for one process: a log of times for each rule and key, so that no window of the limit's length ever holds more
 * than its count. Past 10,000 keys, 1,000 that one caller was the first to use, or a million times a request is refused, since forgetting what
 * still counts would let more through.
 *
 * @param clock milliseconds, never going back
 */
export function memoryLimits(clock: () => number = () => performance.now()): LimitStore {
  const logs = new Map<string, { readonly per: number; readonly first: string; times: number[] }>()
  /** How many of the logs each caller was the first to use. */
  const ofOne = new Map<string, number>()
  let stored = 0

  const room = (limit: AppliedLimit, now: number): number | undefined => {
    const log = logs.get(keyOf(limit))
    if (log === undefined) return limit.count > 0 ? undefined : limit.per
    const kept = log.times.filter((time) => time > now - limit.per)
    stored -= log.times.length - kept.length
    log.times = kept
    if (kept.length < limit.count) return undefined
    return Math.max(1, (kept[kept.length - limit.count] ?? now) + limit.per - now)
  }
  const countKey = (caller: string, by: 1 | -1): void => {
    const count = (ofOne.get(caller) ?? 0) + by
    if (count > 0) ofOne.set(caller, count)
    else ofOne.delete(caller)
  }
  const forgetExpired = (now: number): void => {
    for (const [key, { per, first, times }] of logs) {
      if ((times.at(-1) ?? 0) > now - per) continue
      stored -= times.length
      logs.delete(key)
      countKey(first, -1)
    }
  }
  const isFull = (limits: readonly AppliedLimit[], caller: string): boolean => {
    const more = limits.filter((limit) => !logs.has(keyOf(limit))).length
    const isTooMany = logs.size + more > mostKeys || (ofOne.get(caller) ?? 0) + more > mostKeysOfOne
    return (more > 0 && isTooMany) || stored + limits.length > mostTimes
  }
  return {
    reserve: (limits, caller = '') => {
      if (limits.length === 0) return undefined
      const now = clock()
      const waits = limits.flatMap((limit) => room(limit, now) ?? [])
      if (waits.length > 0) return Math.max(...waits)
      if (isFull(limits, caller)) forgetExpired(now)
      if (isFull(limits, caller)) return Math.max(...limits.map(({ per }) => per))
      for (const limit of limits) {
        const log = logs.get(keyOf(limit))
        if (log === undefined) {
          logs.set(keyOf(limit), { per: limit.per, first: caller, times: [now] })
          countKey(caller, 1)
        } else log.times.push(now)
        stored++
      }
      return undefined
    },
  }
}

function keyOf({ rule, key }: AppliedLimit): string {
  return JSON.stringify([rule, key])
}
