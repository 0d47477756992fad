import { base64url, type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import { isJsonObject, type JsonObject } from '../../../base/json.ts'
import { algorithms } from './algorithms.ts'
import { readJws, typeOf, verifySignature } from './compact-jws.ts'
import { Refused } from './refusal.ts'
import type { Replay } from './replay.ts'
import type { Moment } from './validity.ts'

/** The request that a proof is for. */
export interface ProvenRequest {
  readonly proof: string | null | undefined
  readonly method: string
  /** As the client sees it. */
  readonly url: string
  readonly token: string
}

const longestProof = 8192
/** Milliseconds since a proof was made. */
const oldest = 60_000

/**
 * Whether who sends the token has the key that it is bound to (RFC 9449, section 4.3).
 *
 * @param thumbprint of that key, as the token says it
 * @throws Refused
 */
export async function checkProof(
  { proof, method, url, token }: ProvenRequest,
  thumbprint: string,
  { now, skew }: Moment,
  replay: Replay,
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
  const iat = claim('iat')
  if (typeof iat !== 'number') throw invalid('it does not say when it was made (`iat`)')
  const made = iat * 1000
  if (!(made <= now + skew && made >= now - oldest - skew)) throw invalid('it was not made just now (`iat`)')
  const jti = claim('jti')
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw invalid('it has no short name (`jti`)')
  // The last: only who has a token and its key can fill what is remembered.
  const use = replay.use(`${thumbprint} ${jti}`, now + oldest + 2 * skew, now)
  if (use === 'again') throw new Refused('dpop-replayed', 'the DPoP proof has been used before')
  if (use === 'full') throw new Refused('dpop-overflow', 'there are more DPoP proofs than can be remembered')
}

function readProof(proof: string) {
  try {
    return readJws(proof, algorithms)
  } catch (thrown) {
    throw invalid(thrown instanceof Error ? thrown.message : '')
  }
}

function publicKey({ jwk }: JsonObject): JWK {
  if (!isJsonObject(jwk) || Object.hasOwn(jwk, 'd') || Object.hasOwn(jwk, 'k'))
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
  return a.origin === b.origin && a.pathname === b.pathname && a.username === '' && a.password === ''
}

async function digestOf(token: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
}

function invalid(why: string): Refused {
  return new Refused('dpop-invalid', `the DPoP proof does not count: ${why}`)
}
