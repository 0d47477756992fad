import type { Principal } from '../enforcement/principal.ts'
import { challengeHeader, type ProofChallenge, schemeOf } from './challenge.ts'

/**
 * On whose behalf a request is made. Undefined: nobody whom we know, 401; `dpop` says besides how proofs of keys are made, as a verifier does. `forbidden`:
 * the credentials are good, and who has sent them cannot be told (an unreadable `act`), so that to authenticate again would not help: 403.
 */
export type Caller = Principal | 'forbidden' | Unauthenticated | undefined

export interface Unauthenticated {
  readonly dpop: ProofChallenge
}

/** What is answered to a caller who is nobody. */
export interface RefusedCaller {
  readonly status: 401 | 403
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
}

/** @param metadata URL of the protected resource metadata (RFC 9728) */
export function refusedCaller(
  caller: Exclude<Caller, Principal>,
  authorization: string | null | undefined,
  metadata: string | undefined,
): RefusedCaller {
  if (caller === 'forbidden') return { status: 403, message: 'the caller cannot be told', headers: {} }
  const dpop = caller?.dpop
  const refusal = authorization === null || authorization === undefined ? 'unauthenticated' : 'invalid-token'
  const challenge = challengeHeader(refusal, { metadata, dpop, scheme: schemeOf(authorization) })
  const nonce = dpop?.nonce === undefined ? {} : { 'dpop-nonce': dpop.nonce }
  return {
    status: 401,
    message: 'the caller is not authenticated',
    headers: { 'www-authenticate': challenge, ...nonce },
  }
}

export function isPrincipal(caller: Caller): caller is Principal {
  return typeof caller === 'object' && caller !== null && 'actor' in caller
}
