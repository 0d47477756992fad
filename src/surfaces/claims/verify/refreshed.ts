/** Something fetched that is kept for as long as it may be. */
export interface Refreshed<Value> {
  /** @throws what the last attempt threw, when there is nothing that may still be used */
  get(): Promise<Value>
  /** A newer one, when it does not suffice; undefined where it was asked for just now, or cannot be had. */
  renew(): Promise<Value | undefined>
}

/** Milliseconds between two attempts, whoever may want them. */
const cooldown = 30_000
/** After an attempt that failed with nothing to fall back on. */
const retryAfter = 5_000

/**
 * Fetches once for all who wait, again in the background when half of the lifetime is over, and not more often than once in a while:
 * an outage shorter than half of the lifetime is not noticed. What has outlived it is not used.
 */
export function refreshed<Value>(
  load: () => Promise<{ readonly value: Value; readonly lifetime: number }>,
  now: () => number,
): Refreshed<Value> {
  let held: { readonly value: Value; readonly until: number; readonly renewAt: number } | undefined
  let attempted = Number.NEGATIVE_INFINITY
  let failure: unknown
  let loading: Promise<Value> | undefined

  const start = (): Promise<Value> => {
    attempted = now()
    failure = undefined
    loading = load()
      .then(({ value, lifetime }) => {
        const at = now()
        held = { value, until: at + lifetime, renewAt: at + lifetime / 2 }
        return value
      })
      .catch((thrown: unknown) => {
        failure = thrown
        throw thrown
      })
      .finally(() => {
        loading = undefined
      })
    return loading
  }
  return {
    get: async () => {
      const at = now()
      if (held !== undefined && at < held.until) {
        if (at >= held.renewAt && loading === undefined && at - attempted >= cooldown) start().catch(() => {})
        return held.value
      }
      if (loading !== undefined) return await loading
      if (failure !== undefined && at - attempted < retryAfter) throw failure
      return await start()
    },
    renew: async () => {
      if (loading === undefined && now() - attempted < cooldown) return undefined
      try {
        return await (loading ?? start())
      } catch {
        return undefined
      }
    },
  }
}
