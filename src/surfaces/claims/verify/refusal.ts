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
  /** The proof has no nonce that we have given and that is current (RFC 9449, section 9). */
  | 'dpop-nonce'
  | 'dpop-replayed'
  /** The proof cannot be remembered: there are too many, or what remembers them fails. */
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
  /** The error code of a challenge, which is all that it says (RFC 6750, section 3.1; RFC 9449, sections 7.1 and 9). None with 403, and without credentials. */
  readonly error?: ChallengeError
}

export type ChallengeError = 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce'

/** What is answered with 401: what may be said to whom has been refused, and how DPoP proofs are made for us (RFC 9449, sections 7.1 and 9). */
export interface Unauthenticated {
  readonly dpop: {
    readonly algorithms: readonly string[]
    readonly error?: ChallengeError
    readonly nonce?: string
  }
}

/** Thrown within verification, never out of it. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(reason: RefusalReason, message: string, status: Refusal['status'] = 401) {
    super(message)
    const error = status === 403 ? undefined : errorOf(reason)
    this.refusal = { status, reason, message, ...(error === undefined ? {} : { error }) }
  }
}

function errorOf(reason: RefusalReason): ChallengeError | undefined {
  switch (reason) {
    case 'no-credentials':
      return undefined
    case 'dpop-nonce':
      return 'use_dpop_nonce'
    case 'dpop-invalid':
    case 'dpop-replayed':
    case 'dpop-overflow':
      return 'invalid_dpop_proof'
    default:
      return 'invalid_token'
  }
}

/** What is wrong with the token itself; all other problems are with who is behind it. */
const ofToken: readonly ClaimsProblem['code'][] = ['inactive', 'not-an-access-token', 'unknown-issuer']

/** Verified claims that are no principal. */
export function unreadable({ code, message }: ClaimsProblem): Refused {
  return new Refused(code, message, ofToken.includes(code) ? 401 : 403)
}
