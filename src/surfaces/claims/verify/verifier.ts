import type { JsonObject } from '../../../base/json.ts'
import type { Policy } from '../../../index.ts'
import { algorithms } from '../algorithms.ts'
import { fromIssuers, type RequestReading } from '../from-issuers.ts'
import { isKey } from '../keys/key-form.ts'
import type { TokenPrincipal } from '../principal.ts'
import type { EntityTypes, TokenRequest } from '../to-request.ts'
import { type ApiKeys, claimsOfKey } from './api-keys.ts'
import { type CompactJws, looksLikeJws, readJws } from './compact-jws.ts'
import { type Credentials, checkForm, readAuthorization } from './credentials.ts'
import { checkProof, type Proofs } from './dpop.ts'
import { nonces } from './nonces.ts'
import { type Refusal, Refused, type Unauthenticated, unreadable } from './refusal.ts'
import { remembered } from './remembered.ts'
import { memoryReplay, type ReplayStore } from './replay.ts'
import { type Issuer, type TrueClaims, type TrustedIssuer, trustedIssuer } from './trusted-issuer.ts'

export interface VerifierOptions extends Omit<EntityTypes, 'qualified'> {
  readonly issuers: readonly Issuer[]
  readonly apiKeys?: ApiKeys
  /** Seconds by which clocks may differ: at most 300, and 30 when left out. */
  readonly clockSkew?: number
  /**
   * Seconds for which a token that was verified is not verified again: at most 300, and 60 when left out. For as long, a token that its issuer has
   * taken back may still be accepted.
   */
  readonly remember?: number
  /** What proofs of keys are held against (RFC 9449). */
  readonly dpop?: DpopOptions
  /** Told why credentials are refused; a caller is never told. */
  readonly onRefused?: (refusal: Refusal) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

export interface DpopOptions {
  /** Where proofs that have been used are remembered; in this process, 100,000 at most and a quarter of them of one caller, when left out. */
  readonly replay?: ReplayStore
  /** Proofs need a nonce of ours, which is made of this secret and the time. At least 32 characters; the same in all processes that serve one URL. */
  readonly nonceSecret?: string
}

export type Verified =
  | { readonly request: TokenRequest; readonly principal: TokenPrincipal; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly request?: undefined; readonly principal?: undefined }

export interface Verifier {
  /** Never throws and never accepts by error. */
  verify(credentials: Credentials): Promise<Verified>
  /** The same, as `authenticate` of a guard gives it: the request, or what is answered with 401 or 403 (`forbidden`). */
  authenticate(credentials: Credentials): Promise<TokenRequest | 'forbidden' | Unauthenticated | undefined>
  /**
   * Fetches what is needed of the issuers, so that the first request does not wait and mistakes show at once. What cannot be had is asked for again
   * when a token needs it.
   *
   * @returns why it cannot be had, for each issuer of which it cannot
   */
  prepare(): Promise<readonly Refusal[]>
}

interface Known {
  readonly verified: Extract<Verified, { readonly refusal?: undefined }>
  readonly binding: string | undefined
}

const mostTokens = 2_000
const mostProofs = 100_000
const mostAsked = 100
const mostSeconds = 300

/**
 * Verifies what requests bring of credentials, and makes requests under a policy of it: JWT access tokens (RFC 9068, RFC 8725), opaque ones by introspection
 * (RFC 7662), DPoP (RFC 9449), and API keys.
 *
 * @throws TypeError at the start, as `fromIssuers` does, and when what is said of an issuer cannot be meant
 */
export function createVerifier(policy: Policy, options: VerifierOptions): Verifier {
  const { issuers, apiKeys, clockSkew = 30, remember = 60, dpop = {}, onRefused, now = Date.now, ...types } = options
  for (const [name, seconds] of Object.entries({ clockSkew, remember }))
    if (!(seconds >= 0 && seconds <= mostSeconds))
      throw new TypeError(`\`${name}\` is from 0 to ${mostSeconds} seconds`)
  const adapters = issuers.map(({ adapter }) => adapter)
  const qualified = new Set([...adapters, ...(apiKeys === undefined ? [] : [apiKeys.adapter])].map(issuerOf)).size > 1
  const read = fromIssuers(policy, adapters, { ...types, qualified })
  const readKey = fromIssuers(policy, apiKeys === undefined ? [] : [apiKeys.adapter], { ...types, qualified })
  const trusted = new Map(issuers.map((issuer) => [issuer.adapter.issuer, trustedIssuer(issuer, now)]))
  const opaque = [...trusted.values()].filter(({ introspects }) => introspects)
  // A token that nobody can read is shown to its issuer only.
  if (opaque.length > 1) throw new TypeError('opaque tokens can be of one issuer only: they do not say which')

  const known = remembered<Known>(mostTokens)
  const underWay = new Map<string, Promise<Known>>()
  const proofs: Proofs = {
    replay: dpop.replay ?? memoryReplay(mostProofs, now),
    // One that is undefined, as a variable that nobody has set, was meant.
    nonces: Object.hasOwn(dpop, 'nonceSecret') ? nonces(dpop.nonceSecret) : undefined,
  }
  const moment = () => ({ now: now(), skew: clockSkew * 1000 })

  let asked = 0
  const trueClaims = async (token: string): Promise<TrueClaims> => {
    checkForm(token)
    if (looksLikeJws(token)) {
      const { jws, issuer } = signedBy(token, trusted)
      return await issuer.verify(jws, moment())
    }
    const [issuer] = opaque
    if (issuer === undefined) throw new Refused('malformed-token', 'the token is no JWT')
    // Anybody can make tokens up, and each is a request to the issuer.
    if (asked >= mostAsked) throw new Refused('introspection-unavailable', 'too many tokens are being asked about')
    asked++
    try {
      return await issuer.introspect(token, moment())
    } finally {
      asked--
    }
  }
  const learn = async (token: string): Promise<Known> => {
    const { claims, expires = Number.POSITIVE_INFINITY, binding } = await trueClaims(token)
    const found = { verified: accepted(read(claims)), binding }
    known.set(token, found, Math.min(expires, now() + remember * 1000))
    return found
  }
  /** Once for all who send the same token at the same time. */
  const learnOnce = (token: string): Promise<Known> => {
    const begun = underWay.get(token)
    if (begun !== undefined) return begun
    const learning = learn(token).finally(() => underWay.delete(token))
    underWay.set(token, learning)
    return learning
  }
  const verify = async ({ authorization, dpop, method, url }: Credentials): Promise<Verified> => {
    const { scheme, token } = readAuthorization(authorization)
    if (apiKeys !== undefined && scheme === 'bearer' && isKey(token))
      return accepted(readKey(await claimsOfKey(token, apiKeys)))
    const { verified, binding } = known.get(token, now()) ?? (await learnOnce(token))
    if (binding !== undefined) {
      if (scheme !== 'dpop')
        throw new Refused('dpop-required', 'the token is bound to a key, and sent as if it were not')
      await checkProof({ proof: dpop, method, url, token, caller: verified.request.actor }, binding, moment(), proofs)
    } else if (scheme === 'dpop') {
      throw new Refused('dpop-unbound', 'the token is sent as bound to a key, and is not')
    }
    return verified
  }
  const verifySafely = async (credentials: Credentials): Promise<Verified> => {
    try {
      return await verify(credentials)
    } catch (thrown) {
      const refusal = refusalOf(thrown)
      try {
        onRefused?.(refusal)
      } catch {
        // A log that fails changes nothing: the credentials are refused.
      }
      return { refusal }
    }
  }
  return {
    verify: verifySafely,
    authenticate: async (credentials) => {
      const { request, refusal } = await verifySafely(credentials)
      if (refusal === undefined) return request
      if (refusal.status === 403) return 'forbidden'
      // Keys alone are bound to nothing.
      if (trusted.size === 0) return undefined
      const { error } = refusal
      const nonce = await proofs.nonces?.current(now())
      return {
        dpop: { algorithms, ...(error === undefined ? {} : { error }), ...(nonce === undefined ? {} : { nonce }) },
      }
    },
    prepare: async () => {
      const attempts = await Promise.allSettled([...trusted.values()].map((issuer) => issuer.prepare()))
      return attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [refusalOf(attempt.reason)] : []))
    },
  }
}

/** The token, as yet unverified, and whose it has to be. @throws Refused */
function signedBy(
  token: string,
  trusted: ReadonlyMap<string, TrustedIssuer>,
): { readonly jws: CompactJws; readonly issuer: TrustedIssuer } {
  const jws = readJws(token, [...new Set([...trusted.values()].flatMap(({ algorithms }) => algorithms))])
  if (Object.hasOwn(jws.header, 'jwk')) throw new Refused('key-in-header', 'the token brings the key for itself')
  const issuer = trusted.get(issOf(jws.payload))
  if (issuer === undefined) throw new Refused('unknown-issuer', 'the token is of no issuer that is known here')
  if (!issuer.algorithms.includes(jws.algorithm))
    throw new Refused('unknown-algorithm', '`alg` of the token is none that is allowed for its issuer')
  return { jws, issuer }
}

function issOf(claims: JsonObject): string {
  return Object.hasOwn(claims, 'iss') && typeof claims.iss === 'string' ? claims.iss : ''
}

function issuerOf({ issuer }: { readonly issuer: string }): string {
  return issuer
}

function accepted(reading: RequestReading): Known['verified'] {
  if (reading.problem !== undefined) throw unreadable(reading.problem)
  const { request, principal } = reading
  return frozen({ request, principal })
}

/** What is remembered is given to one request after the other: none can change it for the next. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}

function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refused) return thrown.refusal
  const message = `verification failed: ${thrown instanceof Error ? thrown.message : ''}`
  return new Refused('internal', message).refusal
}
