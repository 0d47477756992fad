import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray } from '../../../base/json.ts'
import { Refused } from './refusal.ts'

/** Milliseconds by which clocks may differ. */
export interface Moment {
  readonly now: number
  readonly skew: number
}

/**
 * `exp` and `nbf` (RFC 7519, section 4.1).
 *
 * @returns milliseconds since the epoch at which it ends, if it says so
 * @throws Refused
 */
export function checkTimes(claims: JsonObject, { now, skew }: Moment): number | undefined {
  const expires = numericDate(claims, 'exp')
  const notBefore = numericDate(claims, 'nbf')
  if (expires !== undefined && now >= expires + skew) throw new Refused('expired', 'the token has expired')
  if (notBefore !== undefined && now < notBefore - skew)
    throw new Refused('not-yet-valid', 'the token is not valid yet')
  return expires
}

/** `aud`: RFC 7519, section 4.1.3; RFC 8707. That there is none is another mistake than that it is another. @throws Refused */
export function checkAudience(claims: JsonObject, own: readonly string[]): void {
  const aud = Object.hasOwn(claims, 'aud') ? claims.aud : undefined
  const named: readonly (JsonValue | undefined)[] = isArray(aud) ? aud : [aud]
  if (aud === undefined || named.length === 0)
    throw new Refused(
      'no-audience',
      'the token is not said to be for anybody (`aud`): ask the issuer for this resource',
    )
  // What is no text (section 4.1.3) could be read in more than one way.
  if (!named.every((audience) => typeof audience === 'string'))
    throw new Refused('malformed-token', '`aud` of the token is no text, and no list of texts')
  if (!named.some((audience) => typeof audience === 'string' && own.includes(audience)))
    throw new Refused('wrong-audience', 'the token is for somebody else (`aud`)')
}

/**
 * The thumbprint of the key that the token is bound to (RFC 9449, section 6.1). What else it may be bound to (a certificate, RFC 8705) cannot be
 * verified here, and a token without its binding is stolen.
 *
 * @throws Refused
 */
export function bindingOf(claims: JsonObject): string | undefined {
  if (!Object.hasOwn(claims, 'cnf')) return undefined
  const { cnf } = claims
  const [only, ...others] = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : []
  if (only?.[0] !== 'jkt' || typeof only[1] !== 'string' || others.length > 0)
    throw new Refused('unknown-binding', 'the token is bound (`cnf`) to something else than a DPoP key')
  return only[1]
}

function numericDate(claims: JsonObject, name: string): number | undefined {
  const seconds = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (seconds === undefined) return undefined
  if (typeof seconds !== 'number' || seconds < 0 || seconds > 8.64e12)
    throw new Refused('malformed-token', `\`${name}\` of the token is no time`)
  return seconds * 1000
}
