import { type Challenge, isToken } from '../protocol/challenge.ts'

/** Why a request is refused in HTTP: without credentials, with such as nobody accepts, or with fewer than it takes. */
export type Refusal = Challenge | 'unauthenticated' | 'invalid-token'

/** How tokens are sent: as they are, or with a proof of the key that they are bound to (RFC 9449, section 7.1). */
export type Scheme = 'Bearer' | 'DPoP'

/** What is said of proofs (RFC 9449, sections 7.1 and 9). */
export interface ProofChallenge {
  readonly algorithms: readonly string[]
  /** Of the proof, or of the token that it is for. */
  readonly error?: string
  readonly nonce?: string
}

export interface ChallengeOptions {
  /** URL of the protected resource metadata (RFC 9728); left out of the challenge where it is no URL. */
  readonly metadata?: string | undefined
  /** Of the credentials that the request came with. */
  readonly scheme?: Scheme
  /** Where proofs are taken. */
  readonly dpop?: ProofChallenge | undefined
}

/**
 * The value of `WWW-Authenticate`: RFC 6750, section 3, with `resource_metadata` (RFC 9728, section 5.1), and with `acr_values` and
 * `max_age` where it takes another authentication (RFC 9470, section 3). All that the request takes is in the first challenge, which is of the scheme
 * that was used; where proofs are taken and none was sent, a second says so.
 */
export function challengeHeader(
  refusal: Refusal,
  { metadata, scheme = 'Bearer', dpop }: ChallengeOptions = {},
): string {
  const algorithms = dpop === undefined ? [] : ([['algs', dpop.algorithms.join(' ')]] as const)
  const first = [
    ...(scheme === 'DPoP' && refusal === 'invalid-token' ? errorOfProof(dpop?.error) : parametersOf(refusal)),
    ...(scheme === 'DPoP' ? algorithms : []),
    ...metadataParameter(metadata),
  ]
  // RFC 6750, section 3: at least one parameter follows the scheme.
  const challenge = written(scheme, first.length === 0 ? [['realm', 'mcp']] : first)
  return scheme === 'DPoP' || dpop === undefined ? challenge : `${challenge}, ${written('DPoP', algorithms)}`
}

/** The scheme of a request's credentials; `Bearer` where there are none. */
export function schemeOf(authorization: string | null | undefined): Scheme {
  return /^dpop /i.test(authorization ?? '') ? 'DPoP' : 'Bearer'
}

/** RFC 6750, section 3.1: 403 where it takes other scopes; RFC 9470, section 3: 401 where it takes another authentication. */
export function challengeStatus(refusal: Refusal): 401 | 403 {
  return typeof refusal === 'string' || isAboutAuthentication(refusal) ? 401 : 403
}

type Parameter = readonly [name: string, value: string]

function written(scheme: Scheme, parameters: readonly Parameter[]): string {
  return `${scheme} ${parameters.map(([name, value]) => `${name}="${quoted(value)}"`).join(', ')}`
}

function parametersOf(refusal: Refusal): readonly Parameter[] {
  // RFC 6750, section 3.1: nothing is said of an error to whom has sent no credentials.
  if (refusal === 'unauthenticated') return []
  if (refusal === 'invalid-token') return errorOfProof(undefined)
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

function errorOfProof(error = 'invalid_token'): readonly Parameter[] {
  const what = error === 'invalid_token' ? 'access token' : 'proof'
  return [
    ['error', error],
    ['error_description', `the ${what} is not accepted`],
  ]
}

function isAboutAuthentication({ acr, maxAge }: Challenge): boolean {
  return acr.length > 0 || maxAge !== undefined
}

function metadataParameter(url: string | undefined): readonly Parameter[] {
  return url !== undefined && URL.canParse(url) ? [['resource_metadata', new URL(url).href]] : []
}

/** The inside of a quoted-string (RFC 9110, section 5.6.4), of visible ASCII: nothing ends it, or the header, early. */
function quoted(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')
}
