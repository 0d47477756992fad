import type { AppliedLimit } from '../../../index.ts'

/** Counts what the `limit` rules bound. In memory, for one process. */
export interface Limiter {
  /**
   * Takes one place in every limit, or in none. A place is taken before the request is forwarded and is not given back,
   * whatever becomes of the request.
   *
   * @param now milliseconds of a clock that never goes back
   * @returns undefined when there was room, else the milliseconds after which there may be
   */
  reserve(limits: readonly AppliedLimit[], now: number): number | undefined
}

const mostKeys = 10_000
const mostTimes = 1_000_000

/** A log of times for each rule and key, so that no window of the limit's length ever holds more than its count. */
export function createLimiter(): Limiter {
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
  return {
    reserve: (limits, now) => {
      if (limits.length === 0) return undefined
      const waits = limits.flatMap((limit) => room(limit, now) ?? [])
      if (waits.length > 0) return Math.max(...waits)
      if (logs.size + limits.length > mostKeys || stored + limits.length > mostTimes) {
        forgetExpired(now)
        // Forgetting what still counts would let more through than the policy says.
        if (logs.size + limits.length > mostKeys || stored + limits.length > mostTimes) {
          return Math.max(...limits.map(({ per }) => per))
        }
      }
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
