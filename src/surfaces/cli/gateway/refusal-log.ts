import type { Refusal } from 'licet/claims/verify'

const minute = 60_000

/**
 * Tells the operator why credentials are refused. A reason is told at once, and then not more than once a minute, with how often it was one in
 * between: whoever sends what is refused fills no log.
 */
export function refusalLog(
  tell: (line: string) => void,
  now: () => number = Date.now,
): (server: string, refusal: Refusal) => void {
  const told = new Map<string, { readonly at: number; since: number }>()
  return (server, { status, reason, message }) => {
    const key = `${server} ${reason}`
    const last = told.get(key)
    if (last !== undefined && now() - last.at < minute) {
      last.since++
      return
    }
    told.set(key, { at: now(), since: 0 })
    const before = last === undefined || last.since === 0 ? '' : `, and ${last.since} times more since it was told last`
    tell(`${server}: ${status} ${reason}: ${message}${before}`)
  }
}
