import { base64url, type CryptoKey, compactVerify } from 'jose'
import { isJsonObject, type JsonObject, parseJson } from '../../../base/json.ts'
import { Refused } from './refusal.ts'

/** A JWS in the compact form (RFC 7515, section 7.1) whose signature nobody has looked at yet. */
export interface CompactJws {
  readonly text: string
  readonly header: JsonObject
  readonly payload: JsonObject
  readonly algorithm: string
}

/** Whether it is to be read as a JWT, and not as a token that only its issuer can read. */
export function looksLikeJws(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*(?:\.|$)/.test(text)
}

/**
 * Reads header and payload, and refuses what decides nothing but how the signature would be verified.
 *
 * @throws Refused
 */
export function readJws(text: string, allowed: readonly string[]): CompactJws {
  const parts = text.split('.')
  if (parts.length === 5) throw new Refused('encrypted-token', 'the token is encrypted (JWE), and not signed')
  const [first, second] = parts
  if (
    parts.length !== 3 ||
    first === undefined ||
    second === undefined ||
    !parts.every((part) => /^[\w-]*$/.test(part))
  )
    throw new Refused('malformed-token', 'the token is no JWS in the compact form')
  const header = objectIn(first, 'header')
  const has = (name: string): boolean => Object.hasOwn(header, name)
  const { alg } = header
  const algorithm = has('alg') && typeof alg === 'string' ? alg : ''
  if (/^none$/i.test(algorithm)) throw new Refused('unsigned', 'the token is not signed (`alg: none`)')
  if (/^HS\d/i.test(algorithm))
    throw new Refused('symmetric-algorithm', 'the token has an HMAC, which whoever can verify it can make')
  if (!allowed.includes(algorithm)) throw new Refused('unknown-algorithm', '`alg` of the token is none that is allowed')
  if (has('crit') || has('b64'))
    throw new Refused(
      'critical-header',
      'the header of the token has an extension (`crit`, `b64`) that is not understood',
    )
  if (['jku', 'x5c', 'x5u'].some(has)) throw new Refused('key-in-header', 'the token brings the key for itself')
  if (has('cty')) throw new Refused('nested-token', 'the token holds another token')
  if (has('kid') && (typeof header.kid !== 'string' || header.kid.length > 512))
    throw new Refused('malformed-token', '`kid` of the token is no short string')
  return { text, header, payload: objectIn(second, 'payload'), algorithm }
}

/** @throws Refused when the signature is not that of the key */
export async function verifySignature({ text, algorithm }: CompactJws, key: CryptoKey | Uint8Array): Promise<void> {
  try {
    await compactVerify(text, key, { algorithms: [algorithm] })
  } catch {
    throw new Refused('wrong-signature', 'the signature is not that of the key')
  }
}

/** `typ` as RFC 8725, section 3.11, would have it compared. */
export function typeOf({ header }: CompactJws): string | undefined {
  if (!Object.hasOwn(header, 'typ')) return undefined
  return typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : ''
}

/** Strict: what two readers could read in two ways (a claim given twice) is nobody's claim. */
function objectIn(part: string, called: string): JsonObject {
  const read = parseJson(utf8(part, called), { depth: 32, nodes: 20_000, bigints: true })
  if (read.error !== undefined)
    throw new Refused(
      'malformed-token',
      `the ${called} of the token is no JSON that all read alike: ${read.error.reason}`,
    )
  if (!isJsonObject(read.value)) throw new Refused('malformed-token', `the ${called} of the token is no object`)
  return read.value
}

function utf8(part: string, called: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(base64url.decode(part))
  } catch {
    throw new Refused('malformed-token', `the ${called} of the token is no base64url of UTF-8`)
  }
}
