import { Refused } from './refusal.ts'

/** What a request brings of credentials, and what a DPoP proof is made for. */
export interface Credentials {
  /** The header `Authorization`. */
  readonly authorization: string | null | undefined
  /** The header `DPoP`. */
  readonly dpop?: string | null | undefined
  readonly method: string
  /** As the client sees it, whatever stands between. */
  readonly url: string
}

export interface Presented {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
}

const longestToken = 16_384

/** RFC 6750, section 2.1; RFC 9449, section 7.1. @throws Refused */
export function readAuthorization(authorization: string | null | undefined): Presented {
  if (authorization === undefined || authorization === null || authorization === '')
    throw new Refused('no-credentials', 'the request has no credentials')
  const space = authorization.indexOf(' ')
  const scheme = authorization.slice(0, Math.max(space, 0)).toLowerCase()
  if (scheme !== 'bearer' && scheme !== 'dpop')
    throw new Refused('unknown-scheme', 'the scheme of `Authorization` is neither `Bearer` nor `DPoP`')
  if (authorization.length > longestToken + space) throw new Refused('too-large', 'the token is too long')
  return { scheme, token: authorization.slice(space + 1) }
}

/** Where the token is not known already. @throws Refused */
export function checkForm(token: string): void {
  if (!/^[\w.~+/-]+=*$/.test(token))
    throw new Refused('malformed-credentials', 'what stands in `Authorization` is not one token')
}
