import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../../src/index.ts'
import { rfc9068 } from '../../../src/surfaces/claims/index.ts'
import { createVerifier } from '../../../src/surfaces/claims/verify/index.ts'
import { guardHandler } from '../../../src/surfaces/mcp/index.ts'
import { publish, type Signer, sign, signer, type TestIssuer, testIssuer } from './issuer.ts'

const { policy } = compile(`
  actor User {}
  actor Agent {}
  server notes {
    allow call read if scope("notes:read")
    delegate call read
  }
`)
const resource = 'https://mcp.acme.dev/mcp'
const resourceMetadata = 'https://mcp.acme.dev/.well-known/oauth-protected-resource/mcp'

let issuer: TestIssuer
let es: Signer
beforeAll(async () => {
  issuer = await testIssuer()
  es = await signer('ES256', 'k')
  publish(issuer, [es.jwk])
})
afterAll(() => issuer.close())

describe('on the wire a refusal is bare', () => {
  it.each<[string, string, object | undefined, number, string | null]>([
    ['no-credentials', 'without a token', undefined, 401, `Bearer resource_metadata="${resourceMetadata}"`],
    ...(
      [
        ['wrong-audience', 'for somebody else', { aud: 'https://other.example' }],
        ['expired', 'at its end', { exp: 1 }],
        ['id-token', 'about a login', { nonce: 'n' }],
      ] as const
    ).map(
      ([reason, what, claims]) =>
        [
          reason,
          `with a token ${what}`,
          claims,
          401,
          `Bearer error="invalid_token", error_description="the access token is not accepted", resource_metadata="${resourceMetadata}"`,
        ] as [string, string, object, number, string],
    ),
    ['unreadable-act', 'with a token that does not say who acts', { act: 'bot' }, 403, null],
  ])('%s, %s', async (reason, _, claims, status, challenge) => {
    if (policy === undefined) throw new Error('no policy')
    const reasons: string[] = []
    const verifier = createVerifier(policy, {
      issuers: [{ adapter: rfc9068({ issuer: issuer.url, agents: 'act' }), audience: resource }],
      onRefused: (refusal) => void reasons.push(refusal.reason),
    })
    const fetch = guardHandler(async () => expect.unreachable(), createEngine(policy), {
      server: 'notes',
      resourceMetadata,
      report: () => {},
      authenticate: ({ method, headers }) =>
        verifier.authenticate({ authorization: headers.get('authorization'), method, url: resource }),
    })
    const own = { iss: issuer.url, sub: 'ann', aud: resource, exp: Date.now() / 1000 + 60, ...claims }
    const authorization = claims === undefined ? undefined : `Bearer ${await sign(es, own)}`
    const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) }
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    const response = await fetch(new Request(resource, { method: 'POST', headers, body }))

    expect(reasons).toEqual([reason])
    expect(response.status).toBe(status)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    const { error } = (await response.json()) as { error: { message: string; data?: unknown } }
    expect(error.message).toMatch(/^not permitted: the caller (?:is not authenticated|cannot be told)$/)
  })
})
