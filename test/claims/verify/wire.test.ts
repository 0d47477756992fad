import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DpopSession, withDpop } from '@modelcontextprotocol/client'
import { base64url, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { compile, createEngine } from '../../../src/index.ts'
import { protectedResourceMetadata, rfc9068 } from '../../../src/surfaces/claims/index.ts'
import { createVerifier } from '../../../src/surfaces/claims/verify/index.ts'
import { guardHandler, guardNodeHandler } from '../../../src/surfaces/mcp/index.ts'
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

const dpop = 'DPoP algs="ES256 ES384 ES512 Ed25519 EdDSA PS256 PS384 PS512 RS256 RS384 RS512"'

describe('on the wire a refusal is bare', () => {
  it.each<[string, string, object | undefined, number, string | null]>([
    ['no-credentials', 'without a token', undefined, 401, `Bearer resource_metadata="${resourceMetadata}", ${dpop}`],
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
          `Bearer error="invalid_token", error_description="the access token is not accepted", resource_metadata="${resourceMetadata}", ${dpop}`,
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

describe('on the wire a proof that is refused', () => {
  const nonceSecret = 'a secret that all processes of the service have'
  it.each<[string, object, object | undefined, string]>([
    ['is not there', {}, { cnf: { jkt: 'AAAA' } }, 'error="invalid_token", error_description="the access token is'],
    ['belongs to no token', {}, {}, 'error="invalid_token", error_description="the access token is'],
    ['is none', {}, { proof: 'x' }, 'error="invalid_dpop_proof", error_description="the proof is'],
    ['has no nonce', { nonceSecret }, { proof: 'good' }, 'error="use_dpop_nonce", error_description="the proof is'],
  ])('because it %s', async (_, options, { proof, ...more }: { proof?: string } = {}, error) => {
    if (policy === undefined) throw new Error('no policy')
    const verifier = createVerifier(policy, {
      issuers: [{ adapter: rfc9068({ issuer: issuer.url, agents: 'none' }), audience: resource }],
      dpop: options,
    })
    const fetch = guardHandler(async () => expect.unreachable(), createEngine(policy), {
      server: 'notes',
      resourceMetadata,
      report: () => {},
      authenticate: ({ method, headers }) =>
        verifier.authenticate({
          authorization: headers.get('authorization'),
          dpop: headers.get('dpop'),
          method,
          url: resource,
        }),
    })
    const cnf = proof === undefined ? {} : { cnf: { jkt: es.thumbprint } }
    const token = await sign(es, { iss: issuer.url, sub: 'ann', aud: resource, exp: soon(), ...cnf, ...more })
    const made = proof === 'good' ? await proofFor(token) : proof
    const headers = { authorization: `DPoP ${token}`, ...(made === undefined ? {} : { dpop: made }) }
    const response = await fetch(new Request(resource, { method: 'POST', headers, body: '{}' }))
    expect(response.status).toBe(401)
    const challenge = response.headers.get('www-authenticate') ?? ''
    expect(challenge).toBe(
      `DPoP ${error} not accepted", ${dpop.replace('DPoP ', '')}, resource_metadata="${resourceMetadata}"`,
    )
    expect(response.headers.has('dpop-nonce')).toBe('nonceSecret' in options)
  })
})

describe('a client of the SDK 2.x with a key', () => {
  it('learns the nonce from the first answer, makes another proof with it, and keeps it', async () => {
    if (policy === undefined) throw new Error('no policy')
    const reasons: string[] = []
    const verifier = createVerifier(policy, {
      issuers: [{ adapter: rfc9068({ issuer: issuer.url, agents: 'none' }), audience: resource }],
      dpop: { nonceSecret: 'a secret that all processes of the service have' },
      onRefused: ({ reason }) => void reasons.push(reason),
    })
    const served = guardHandler(
      async (request) => {
        const { id } = (await request.json()) as { id: number }
        return Response.json({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'done' }] } })
      },
      createEngine(policy),
      {
        server: 'notes',
        report: () => {},
        authenticate: ({ method, headers }) =>
          verifier.authenticate({
            authorization: headers.get('authorization'),
            dpop: headers.get('dpop'),
            method,
            url: resource,
          }),
      },
    )
    const session = await DpopSession.create()
    const claims = { iss: issuer.url, sub: 'ann', aud: resource, exp: soon(), scope: 'notes:read' }
    const token = await sign(es, { ...claims, cnf: { jkt: session.thumbprint } })
    const fetch = withDpop(session, () => token)((url, init) => served(new Request(url, init)))
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{}}}'
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    for (let i = 0; i < 2; i++)
      expect(await (await fetch(resource, { method: 'POST', headers, body })).json()).toMatchObject({
        result: { content: [{ text: 'done' }] },
      })
    expect(reasons).toEqual(['dpop-nonce'])
  })
})

const soon = () => Math.floor(Date.now() / 1000) + 60

async function proofFor(token: string): Promise<string> {
  const { kid: _, alg: __, ...jwk } = es.jwk
  const ath = base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
  return await new SignJWT({ htm: 'POST', htu: resource, jti: '1', iat: Math.floor(Date.now() / 1000), ath })
    .setProtectedHeader({ alg: es.alg, typ: 'dpop+jwt', jwk })
    .sign(es.key)
}

describe('protected resource metadata', () => {
  const text = (scope: string) => `actor User {}\nserver notes { allow call read if scope("${scope}") }`
  const metadata = protectedResourceMetadata({ resource, authorizationServers: ['https://id.acme.dev'] })
  const options = { server: 'notes', resourceMetadata: metadata, report: () => {}, authenticate: () => undefined }
  const scopesIn = (document: unknown) => (document as { scopes_supported: string[] }).scopes_supported

  it('is served by a guard itself, of the policy in force, to everybody; and challenges point to it', async () => {
    const { policy: first } = compile(text('notes:read'))
    const { policy: second } = compile(text('notes'))
    if (first === undefined || second === undefined) throw new Error('no policy')
    const engine = createEngine(first)
    const fetch = guardHandler(async () => expect.unreachable(), engine, options)
    const get = (url: string, init: RequestInit = {}) => fetch(new Request(url, init))
    expect(scopesIn(await (await get(metadata.url)).json())).toEqual(['notes:read'])
    engine.replace(second)
    // Behind a proxy the host may be another.
    const found = await get(metadata.url.replace('https://mcp.acme.dev', 'http://localhost:3000'))
    expect(scopesIn(await found.json())).toEqual(['notes'])
    expect(found.headers.get('content-type')).toBe('application/json')
    for (const [url, init] of [
      [resource, {}],
      [metadata.url, { method: 'POST' }],
      [`${metadata.url}?x`, {}],
    ] as const) {
      const refused = await get(url, init)
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer resource_metadata="${metadata.url}"`,
      ])
    }
    expect((await get(metadata.url, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  })

  it('is served in Node, too', async () => {
    const { policy: own } = compile(text('notes:read'))
    if (own === undefined) throw new Error('no policy')
    const guarded = guardNodeHandler(() => expect.unreachable(), createEngine(own), options)
    const server = createServer((request, response) => void guarded(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close().closeAllConnections())
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}${new URL(metadata.url).pathname}`)
    expect(scopesIn(await response.json())).toEqual(['notes:read'])
  })
})
