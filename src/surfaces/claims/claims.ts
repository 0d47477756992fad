import type { Claims } from './principal.ts'

/** Claims that the users of an issuer can write themselves: Supabase and Auth0, Clerk. Also under a namespace. */
const editable = /(?:^|[/:])(?:user_metadata|unsafe_metadata)$/

/** What anyone may have written about themselves decides nothing. */
export function withoutEditable(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !editable.test(name)))
}

/** Claims that only ID tokens have (OpenID Connect Core, sections 2 and 3.3.2.11): hashes of what was issued beside them. */
export function looksLikeIdToken(claims: Claims): boolean {
  return ['nonce', 'at_hash', 'c_hash', 's_hash'].some((name) => Object.hasOwn(claims, name))
}
