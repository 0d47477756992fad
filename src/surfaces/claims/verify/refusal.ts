import type { ClaimsProblem } from '../principal.ts'

/** What is fetched from an issuer, and can be unavailable, larger than anybody needs, or other than it should be. */
export type FetchedThing = 'metadata' | 'keys' | 'introspection'

/** Why credentials are refused, for the log. On the wire there is the status and a bare challenge. */
export type RefusalReason =
  | 'no-credentials'
  /** `Authorization` is not a scheme with one token. */
  | 'malformed-credentials'
  | 'unknown-scheme'
  | 'too-large'
  /** No JWT in the compact form (RFC 7519), or JSON in it that can be read in two ways. */
  | 'malformed-token'
  | 'encrypted-token'
  | 'nested-token'
  /** `alg: none`. */
  | 'unsigned'
  /** An HMAC: whoever can verify it can make it. */
  | 'symmetric-algorithm'
  | 'unknown-algorithm'
  /** `crit` or `b64` (RFC 7515, RFC 7797). */
  | 'critical-header'
  /** `jwk`, `jku`, `x5c` or `x5u`: the token brings the key that it is to be verified with. */
  | 'key-in-header'
  /** `typ` is that of another kind of token. */
  | 'wrong-type'
  | 'id-jag'
  | 'id-token'
  | 'wrong-key'
  | 'wrong-signature'
  | 'no-expiry'
  | 'expired'
  | 'not-yet-valid'
  | 'no-audience'
  | 'wrong-audience'
  /** `cnf` binds the token to something that cannot be verified here. */
  | 'unknown-binding'
  | 'dpop-required'
  | 'dpop-unbound'
  | 'dpop-invalid'
  | 'dpop-replayed'
  /** No more proofs can be remembered. */
  | 'dpop-overflow'
  | `${FetchedThing}-unavailable`
  | `${FetchedThing}-too-large`
  | `${FetchedThing}-unusable`
  /** The metadata is about another issuer (RFC 8414, section 3.3). */
  | 'metadata-mismatch'
  | 'api-key-unknown'
  | 'api-key-expired'
  | 'api-key-revoked'
  | 'api-keys-unavailable'
  /** Something that should not happen did. */
  | 'internal'
  | ClaimsProblem['code']

export interface Refusal {
  /** 403: the token is what it should be, and who is behind it cannot be told, so that to authenticate again would not help. */
  readonly status: 401 | 403
  readonly reason: RefusalReason
  /** For the log: names claims and URLs of issuers, never what a token holds. */
  readonly message: string
  /** What a challenge may say of it (RFC 6750, section 3): nothing, or `error="invalid_token"`. None with 403. */
  readonly challenge?: 'unauthenticated' | 'invalid-token'
}

/** Thrown within verification, never out of it. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(reason: RefusalReason, message: string, status: Refusal['status'] = 401) {
    super(message)
    const challenge = reason === 'no-credentials' ? 'unauthenticated' : 'invalid-token'
    this.refusal = { status, reason, message, ...(status === 403 ? {} : { challenge }) }
  }
}

/** What is wrong with the token itself; all other problems are with who is behind it. */
const ofToken: readonly ClaimsProblem['code'][] = ['inactive', 'not-an-access-token', 'unknown-issuer']

/** Verified claims that are no principal. */
export function unreadable({ code, message }: ClaimsProblem): Refused {
  return new Refused(code, message, ofToken.includes(code) ? 401 : 403)
}
