import { base64url, type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import { isJsonObject, type JsonObject } from '../../../base/json.ts'
import { algorithms } from '../algorithms.ts'
import { readJws, typeOf, verifySignature } from './compact-jws.ts'
import type { Nonces } from './nonces.ts'
import { Refused } from './refusal.ts'
import type { ReplayStore } from './replay.ts'
import type { Moment } from './validity.ts'

/** The request that a proof is for. */
export interface ProvenRequest {
  readonly proof: string | null | undefined
  readonly method: string
  /** As the client sees it. */
  readonly url: string
  readonly token: string
  /** Whose the token is. */
  readonly caller: string
}

/** What is known of proofs besides the one. */
export interface Proofs {
  readonly replay: ReplayStore
  /** Undefined where proofs need none. */
  readonly nonces: Nonces | undefined
}

const longestProof = 8192
/** Milliseconds since a proof was made. */
const oldest = 60_000
/** Milliseconds for which it is remembered beyond that: what remembers looks at its clock later, and it may be another one. */
const longer = 30_000

/**
 * Whether who sends the token has the key that it is bound to (RFC 9449, section 4.3).
 *
 * @param thumbprint of that key, as the token says it
 * @throws Refused
 */
export async function checkProof(
  { proof, method, url, token, caller }: ProvenRequest,
  thumbprint: string,
  { now, skew }: Moment,
  { replay, nonces }: Proofs,
): Promise<void> {
  if (proof === undefined || proof === null || proof === '')
    throw new Refused('dpop-required', 'the token is bound to a key, and the request has no DPoP proof')
  if (proof.length > longestProof) throw new Refused('too-large', 'the DPoP proof is too long')
  const jws = readProof(proof)
  const { payload } = jws
  if (typeOf(jws) !== 'dpop+jwt') throw invalid('`typ` is not `dpop+jwt`')
  const jwk = publicKey(jws.header)
  if ((await thumbprintOf(jwk)) !== thumbprint) throw invalid('it is of another key than the token is bound to')
  try {
    await verifySignature(jws, (await importJWK(jwk, jws.algorithm)) as CryptoKey)
  } catch {
    throw invalid('its signature is not that of its key')
  }
  const claim = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined)
  if (claim('htm') !== method) throw invalid('it is for another method (`htm`)')
  if (!isSameUrl(claim('htu'), url)) throw invalid('it is for another URL (`htu`)')
  if (claim('ath') !== (await digestOf(token))) throw invalid('it is for another token (`ath`)')
  if (nonces !== undefined && !(await nonces.accepts(claim('nonce'), now)))
    throw new Refused('dpop-nonce', 'the DPoP proof has no nonce of ours that is current')
  const iat = claim('iat')
  if (typeof iat !== 'number') throw invalid('it does not say when it was made (`iat`)')
  const made = iat * 1000
  if (!(made <= now + skew && made >= now - oldest - skew)) throw invalid('it was not made just now (`iat`)')
  const jti = claim('jti')
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw invalid('it has no short name (`jti`)')
  // The last: only who has a token and its key can fill what is remembered.
  const use = await replayed(replay, await digestOf(`${thumbprint} ${jti}`), now + oldest + 2 * skew + longer, caller)
  if (use === 'again') throw new Refused('dpop-replayed', 'the DPoP proof has been used before')
  if (use !== 'first')
    throw new Refused('dpop-overflow', 'the DPoP proof cannot be remembered, so that it does not count')
}

async function replayed(replay: ReplayStore, proof: string, until: number, caller: string): Promise<string> {
  try {
    return await replay.use(proof, until, caller)
  } catch {
    return 'full'
  }
}

function readProof(proof: string) {
  try {
    return readJws(proof, algorithms)
  } catch (thrown) {
    throw invalid(thrown instanceof Error ? thrown.message : '')
  }
}

function publicKey(header: JsonObject): JWK {
  const jwk = Object.hasOwn(header, 'jwk') ? header.jwk : undefined
  if (!isJsonObject(jwk) || ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'].some((secret) => Object.hasOwn(jwk, secret)))
    throw invalid('it has no public key (`jwk`)')
  return jwk as JWK
}

async function thumbprintOf(jwk: JWK): Promise<string> {
  try {
    return await calculateJwkThumbprint(jwk, 'sha256')
  } catch {
    throw invalid('its key cannot be used')
  }
}

/** Section 4.3, step 9: without query and fragment, after normalization. */
function isSameUrl(claimed: unknown, url: string): boolean {
  if (typeof claimed !== 'string' || !URL.canParse(claimed) || !URL.canParse(url)) return false
  const [a, b] = [new URL(claimed), new URL(url)]
  const isSamePath = normalised(a.pathname) === normalised(b.pathname)
  return a.origin === b.origin && isSamePath && a.username === '' && a.password === ''
}

/** RFC 3986, section 6.2.2: what need not be encoded is not, and what has to be is in capitals. The rest of it `URL` has done. */
function normalised(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : encoded.toUpperCase()
  })
}

async function digestOf(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

function invalid(why: string): Refused {
  return new Refused('dpop-invalid', `the DPoP proof does not count: ${why}`)
}
