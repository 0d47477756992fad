/** Milliseconds. */
const [shortest, usual, longest] = [60_000, 600_000, 86_400_000]

/** For how long an answer is kept (RFC 9111, section 5.2.2), in milliseconds: as it says itself, but at least a minute and at most a day. */
export function cacheLifetime(cacheControl: string | null | undefined): number {
  const directives = cacheControl?.toLowerCase() ?? ''
  if (/(?:^|[\s,])no-(?:store|cache)\b/.test(directives)) return shortest
  const age = /(?:^|[\s,])max-age="?(\d{1,10})/.exec(directives)?.[1]
  return age === undefined ? usual : Math.min(Math.max(Number(age) * 1000, shortest), longest)
}
