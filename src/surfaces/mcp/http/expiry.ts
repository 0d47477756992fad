import { expiryOf, type Principal } from '../enforcement/principal.ts'

/** What is under way has as long as this, in milliseconds, where the clocks of issuer and guard differ. */
const grace = 1000
/** The longest that a timer can wait. */
const longest = 2 ** 31 - 1

/**
 * Calls back when the credentials of a principal have expired, which they may never do.
 *
 * @returns forgets about it
 */
export function whenExpired(principal: Principal, expired: () => void): () => void {
  const expires = Math.max(expiryOf(principal), Date.now() + grace)
  let timer: NodeJS.Timeout | undefined
  const wait = (): void => {
    const left = expires - Date.now()
    timer = left > longest ? setTimeout(wait, longest) : setTimeout(expired, left)
    timer.unref()
  }
  if (expires !== Number.POSITIVE_INFINITY) wait()
  return () => clearTimeout(timer)
}
