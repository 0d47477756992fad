import type { Challenge } from '../enforcement/enforcement.ts'

/** Why a request is refused in HTTP: without credentials, with such as nobody accepts, or with fewer than it takes. */
export type Refusal = Challenge | 'unauthenticated' | 'invalid-token'

/**
 * The value of `WWW-Authenticate`: RFC 6750, section 3, with `resource_metadata` (RFC 9728, section 5.1), and with `acr_values` and
 * `max_age` where it takes another authentication (RFC 9470, section 3). All that the request takes is in the one challenge.
 *
 * @param resourceMetadata URL of the protected resource metadata; left out where it is no URL
 */
export function challengeHeader(refusal: Refusal, resourceMetadata?: string): string {
  const parameters = [...parametersOf(refusal), ...metadata(resourceMetadata)]
  // RFC 6750, section 3: at least one parameter follows the scheme.
  const all = parameters.length === 0 ? ([['realm', 'mcp']] as const) : parameters
  return `Bearer ${all.map(([name, value]) => `${name}="${quoted(value)}"`).join(', ')}`
}

/** RFC 6750, section 3.1: 403 where it takes other scopes; RFC 9470, section 3: 401 where it takes another authentication. */
export function challengeStatus(refusal: Refusal): 401 | 403 {
  return typeof refusal === 'string' || isAboutAuthentication(refusal) ? 401 : 403
}

/** RFC 6749, section 3.3: what may be asked for as a scope; the same holds for the values in `acr_values`. */
export function isToken(value: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}

type Parameter = readonly [name: string, value: string]

function parametersOf(refusal: Refusal): readonly Parameter[] {
  // RFC 6750, section 3.1: nothing is said of an error to whom has sent no credentials.
  if (refusal === 'unauthenticated') return []
  if (refusal === 'invalid-token') {
    return [
      ['error', 'invalid_token'],
      ['error_description', 'the access token is not accepted'],
    ]
  }
  const scopes = refusal.scopes.filter(isToken)
  const acr = refusal.acr.filter(isToken)
  return [
    ...(isAboutAuthentication(refusal)
      ? ([
          ['error', 'insufficient_user_authentication'],
          ['error_description', 'another authentication is required'],
        ] as const)
      : ([
          ['error', 'insufficient_scope'],
          ['error_description', 'more scopes are required'],
        ] as const)),
    ...(scopes.length === 0 ? [] : ([['scope', scopes.join(' ')]] as const)),
    ...(acr.length === 0 ? [] : ([['acr_values', acr.join(' ')]] as const)),
    ...(refusal.maxAge === undefined ? [] : ([['max_age', String(Math.max(0, Math.floor(refusal.maxAge)))]] as const)),
  ]
}

function isAboutAuthentication({ acr, maxAge }: Challenge): boolean {
  return acr.length > 0 || maxAge !== undefined
}

function metadata(url: string | undefined): readonly Parameter[] {
  return url !== undefined && URL.canParse(url) ? [['resource_metadata', new URL(url).href]] : []
}

/** The inside of a quoted-string (RFC 9110, section 5.6.4), of visible ASCII: nothing ends it, or the header, early. */
function quoted(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')
}
