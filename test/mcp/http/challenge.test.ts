import { describe, expect, it } from 'vitest'
import type { ChallengeOptions, Refusal } from '../../../src/surfaces/mcp/http/challenge.ts'
import { challengeHeader, challengeStatus, schemeOf } from '../../../src/surfaces/mcp/http/challenge.ts'

const metadata = 'https://files.acme.dev/.well-known/oauth-protected-resource'

function check(refusal: Refusal, status: 401 | 403, header: string, resourceMetadata?: string): void {
  expect(challengeHeader(refusal, { metadata: resourceMetadata })).toBe(header)
  expect(challengeStatus(refusal)).toBe(status)
}

describe('a challenge', () => {
  it('says nothing of an error to whom has sent no credentials', () => {
    check('unauthenticated', 401, `Bearer resource_metadata="${metadata}"`, metadata)
    check('unauthenticated', 401, 'Bearer realm="mcp"')
  })

  it('tells a token that is not accepted', () => {
    check(
      'invalid-token',
      401,
      `Bearer error="invalid_token", error_description="the access token is not accepted", resource_metadata="${metadata}"`,
      metadata,
    )
  })

  it('names all scopes of the operation at once (RFC 6750)', () => {
    check(
      { scopes: ['files:read', 'files:write'], acr: [] },
      403,
      `Bearer error="insufficient_scope", error_description="more scopes are required", scope="files:read files:write", resource_metadata="${metadata}"`,
      metadata,
    )
  })

  it('asks for another authentication, and for scopes with it (RFC 9470)', () => {
    check(
      { scopes: ['files:write'], acr: ['urn:mfa', 'phr'], maxAge: 300 },
      401,
      'Bearer error="insufficient_user_authentication", error_description="another authentication is required", ' +
        'scope="files:write", acr_values="urn:mfa phr", max_age="300"',
    )
    check(
      { scopes: [], acr: [], maxAge: 0 },
      401,
      'Bearer error="insufficient_user_authentication", error_description="another authentication is required", max_age="0"',
    )
  })

  it.each([['a"b'], ['a\\b'], ['a b'], ['a\r\nSet-Cookie: x=1'], ['ä'], [''], ['a\0'], ['a\u2028b']])(
    'never names the scope %j',
    (scope) => {
      const header = challengeHeader({ scopes: [scope, 'ok'], acr: [scope] })
      expect(header).toContain('scope="ok"')
      expect(header).not.toContain('acr_values')
    },
  )

  it.each([
    ['no url', 'Bearer realm="mcp"'],
    ['https://a.dev/"x\r\nSet-Cookie: x=1', 'Bearer resource_metadata="https://a.dev/%22xSet-Cookie:%20x=1"'],
    ['https://a.dev/?q=\\"', 'Bearer resource_metadata="https://a.dev/?q=\\\\%22"'],
  ])('cannot be broken by the URL %j', (url, header) => {
    check('unauthenticated', 401, header, url)
  })
})

describe('a challenge where proofs of keys are taken (RFC 9449)', () => {
  const algorithms = ['ES256', 'EdDSA']
  const algs = 'algs="ES256 EdDSA"'
  const notAccepted = (error: string, what: string) =>
    `error="${error}", error_description="the ${what} is not accepted"`

  it.each<[string, Refusal, ChallengeOptions, string]>([
    ['to nobody', 'unauthenticated', { dpop: { algorithms } }, `Bearer realm="mcp", DPoP ${algs}`],
    [
      'to a bearer token',
      'invalid-token',
      { dpop: { algorithms, error: 'invalid_token' } },
      `Bearer ${notAccepted('invalid_token', 'access token')}, DPoP ${algs}`,
    ],
    [
      'to a proof',
      'invalid-token',
      { scheme: 'DPoP', dpop: { algorithms, error: 'invalid_dpop_proof' } },
      `DPoP ${notAccepted('invalid_dpop_proof', 'proof')}, ${algs}`,
    ],
    [
      'to a proof where none is taken',
      'invalid-token',
      { scheme: 'DPoP' },
      `DPoP ${notAccepted('invalid_token', 'access token')}`,
    ],
    [
      'to a bound token with too few scopes',
      { scopes: ['a'], acr: [] },
      { scheme: 'DPoP', metadata },
      `DPoP error="insufficient_scope", error_description="more scopes are required", scope="a", resource_metadata="${metadata}"`,
    ],
    [
      'that somebody else has written',
      'invalid-token',
      { scheme: 'DPoP', dpop: { algorithms: ['a"\r\nb'], error: 'x"\r\ny' } },
      'DPoP error="x\\"y", error_description="the proof is not accepted", algs="a\\"b"',
    ],
  ])('%s', (_, refusal, options, header) => {
    expect(challengeHeader(refusal, options)).toBe(header)
  })

  it.each([
    ['DPoP x', 'DPoP'],
    ['dpop x', 'DPoP'],
    ['Bearer x', 'Bearer'],
    ['DPoPx', 'Bearer'],
    [undefined, 'Bearer'],
  ])('is of the scheme of %j', (authorization, scheme) => {
    expect(schemeOf(authorization)).toBe(scheme)
  })
})
