import { base64url, type CryptoKey } from 'jose'

/** Nonces for DPoP proofs (RFC 9449, section 9). */
export interface Nonces {
  /** What clients are told to use. */
  current(now: number): Promise<string>
  accepts(nonce: unknown, now: number): Promise<boolean>
}

/** Milliseconds for which one is current; it is accepted for as long again. */
const period = 300_000
const shortestSecret = 32

/**
 * Nonces that nobody has to remember: the keyed hash of the time, which whoever has the secret makes alike. They say that a proof was not made long
 * before, whatever the clock of the client; anybody may know them.
 *
 * @throws TypeError when the secret is none, or too short to be one
 */
export function nonces(secret: string | undefined): Nonces {
  if (typeof secret !== 'string' || secret.length < shortestSecret)
    throw new TypeError(`\`nonceSecret\` has at least ${shortestSecret} characters, which nobody could guess`)
  const bytes = (text: string) => new TextEncoder().encode(text)
  let imported: Promise<CryptoKey> | undefined
  const at = async (time: number): Promise<string> => {
    imported ??= crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const hash = await crypto.subtle.sign('HMAC', await imported, bytes(`dpop nonce ${Math.floor(time / period)}`))
    return base64url.encode(new Uint8Array(hash))
  }
  return {
    current: at,
    accepts: async (nonce, now) =>
      typeof nonce === 'string' && (nonce === (await at(now)) || nonce === (await at(now - period))),
  }
}
