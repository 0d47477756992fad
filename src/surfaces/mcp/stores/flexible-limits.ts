import { createHash } from 'node:crypto'
import type { AppliedLimit } from '../../../index.ts'
import type { LimitStore } from './limits.ts'

/** What is asked of a limiter of `rate-limiter-flexible`; any of them will do. */
export interface FlexibleLimiter {
  /** Rejects with `msBeforeNext` when there is no room, with an Error when the store fails. */
  consume(key: string): Promise<unknown>
  get(key: string): Promise<{ readonly consumedPoints: number; readonly msBeforeNext: number } | null>
}

/** The options that a limiter has from the rule: spread them into its own. */
export interface FlexibleOptions {
  readonly keyPrefix: string
  readonly points: number
  /** Seconds. */
  readonly duration: number
}

/** Rules of the policies that have been in force; past it the oldest limiter is made anew. */
const mostLimiters = 1000

/**
 * Counts in a store that several processes share, by the limiters of `rate-limiter-flexible` (Redis, Valkey, Postgres, and others).
 * Their windows are fixed: they begin with the first request of a key, so that around the end of one up to twice the count passes within
 * its length. Each place is taken by one atomic call. Where a request falls under several limits all are looked at first, and then taken
 * one after another: only where another request comes between is a place lost in the limits before the one that refuses.
 *
 * @param create makes the limiter of a rule, such as `(rule) => new RateLimiterRedis({ storeClient, ...rule })`
 */
export function flexibleLimits(create: (options: FlexibleOptions) => FlexibleLimiter): LimitStore {
  const limiters = new Map<string, FlexibleLimiter>()

  const limiterOf = ({ rule, count, per }: AppliedLimit): FlexibleLimiter => {
    const keyPrefix = `licet:${digest(JSON.stringify([rule, count, per]))}`
    const known = limiters.get(keyPrefix)
    if (known !== undefined) return known
    const [oldest] = limiters.keys()
    if (limiters.size >= mostLimiters && oldest !== undefined) limiters.delete(oldest)
    const created = create({ keyPrefix, points: count, duration: Math.max(1, Math.ceil(per / 1000)) })
    limiters.set(keyPrefix, created)
    return created
  }
  const look = async (limit: AppliedLimit): Promise<number | undefined> => {
    if (limit.count === 0) return limit.per
    const state = await limiterOf(limit).get(digest(limit.key))
    return state !== null && state.consumedPoints >= limit.count ? Math.max(1, state.msBeforeNext) : undefined
  }
  const take = async (limit: AppliedLimit): Promise<number | undefined> => {
    if (limit.count === 0) return limit.per
    try {
      await limiterOf(limit).consume(digest(limit.key))
      return undefined
    } catch (thrown) {
      const wait = refusal(thrown)
      if (wait === undefined) throw thrown
      return Math.max(1, wait)
    }
  }
  return {
    reserve: async (limits) => {
      if (limits.length > 1) {
        const waits = (await Promise.all(limits.map(look))).filter((wait) => wait !== undefined)
        if (waits.length > 0) return Math.max(...waits)
      }
      for (const limit of limits) {
        const wait = await take(limit)
        if (wait !== undefined) return wait
      }
      return undefined
    },
  }
}

function refusal(thrown: unknown): number | undefined {
  if (thrown instanceof Error || typeof thrown !== 'object' || thrown === null) return undefined
  const wait = 'msBeforeNext' in thrown ? thrown.msBeforeNext : undefined
  return typeof wait === 'number' ? wait : undefined
}

/** Of one length, in characters that every store takes: a key is made of what a caller has sent. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
