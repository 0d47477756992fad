import type { AppliedLimit } from '../../../index.ts'

/** Where what the `limit` rules bound is counted. */
export interface LimitStore {
  /**
   * Takes one place in every limit or, as far as the store can, in none. A place is taken before the request is forwarded and is
   * not given back, whatever becomes of the request. One call, so that what races for the last place gets it once.
   *
   * @returns undefined when there was room, else the milliseconds after which there may be
   */
  reserve(limits: readonly AppliedLimit[]): number | undefined | Promise<number | undefined>
}

const mostKeys = 10_000
const mostTimes = 1_000_000

/**
 * Counts in memory, for one process: a log of times for each rule and key, so that no window of the limit's length ever holds more
 * than its count. Past 10,000 keys or a million times a request is refused, since forgetting what still counts would let more through.
 *
 * @param clock milliseconds, never going back
 */
export function memoryLimits(clock: () => number = () => performance.now()): LimitStore {
  const logs = new Map<string, { readonly per: number; times: number[] }>()
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
  const forgetExpired = (now: number): void => {
    for (const [key, { per, times }] of logs) {
      if ((times.at(-1) ?? 0) > now - per) continue
      stored -= times.length
      logs.delete(key)
    }
  }
  const isFull = (more: number): boolean => logs.size + more > mostKeys || stored + more > mostTimes
  return {
    reserve: (limits) => {
      if (limits.length === 0) return undefined
      const now = clock()
      const waits = limits.flatMap((limit) => room(limit, now) ?? [])
      if (waits.length > 0) return Math.max(...waits)
      if (isFull(limits.length)) forgetExpired(now)
      if (isFull(limits.length)) return Math.max(...limits.map(({ per }) => per))
      for (const limit of limits) {
        const log = logs.get(keyOf(limit))
        if (log === undefined) logs.set(keyOf(limit), { per: limit.per, times: [now] })
        else log.times.push(now)
        stored++
      }
      return undefined
    },
  }
}

function keyOf({ rule, key }: AppliedLimit): string {
  return JSON.stringify([rule, key])
}
