import type { IncomingMessage } from 'node:http'
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compile } from '../../../src/index.ts'
import { rfc9068 } from '../../../src/surfaces/claims/index.ts'
import {
  createVerifier,
  type ReplayStore,
  type Verifier,
  type VerifierOptions,
} from '../../../src/surfaces/claims/verify/index.ts'
import { memoryReplay } from '../../../src/surfaces/claims/verify/replay.ts'
import { json, metadataPath, publish, type Signer, sign, signer, type TestIssuer, testIssuer } from './issuer.ts'

const { policy } = compile('actor User {}\nactor Agent {}\nresource Repo {}\nallow read on Repo if scope("repo")')
const audience = 'https://mcp.acme.dev/mcp'
const start = Date.parse('2026-01-01T00:00:00Z')
const seconds = start / 1000

let issuer: TestIssuer
let es: Signer
let client: Signer
let thief: Signer
let time = start
beforeAll(async () => {
  issuer = await testIssuer()
  ;[es, client, thief] = await Promise.all([signer('ES256', 'k'), signer('ES256', 'c'), signer('Ed25519', 't')])
})
afterAll(() => issuer.close())
beforeEach(() => {
  time = start
  issuer.routes.clear()
  issuer.asked.length = 0
  publish(issuer, [es.jwk])
})

const claims = (more: object = {}) => ({
  iss: issuer.url,
  sub: 'ann',
  aud: audience,
  scope: 'repo',
  exp: seconds + 300,
  ...more,
})

function verifier(options: Partial<VerifierOptions> = {}, issuerOptions: object = {}) {
  if (policy === undefined) throw new Error('no policy')
  const issuers = [{ adapter: rfc9068({ issuer: issuer.url, agents: 'none' }), audience, ...issuerOptions }]
  return createVerifier(policy, { issuers, now: () => time, ...options })
}

describe('a token that is bound to a key (DPoP)', () => {
  const bound = () => sign(es, claims({ cnf: { jkt: client.thumbprint } }))

  interface Proof {
    readonly stolen?: boolean
    readonly header?: object
    readonly payload?: object
    readonly token: string
  }
  async function proof({ stolen = false, header = {}, payload = {}, token }: Proof): Promise<string> {
    const by = stolen ? thief : client
    const { kid: _, alg: __, ...jwk } = by.jwk
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
    const ath = base64url.encode(new Uint8Array(digest))
    return await new SignJWT({ htm: 'POST', htu: audience, jti: 'once', iat: seconds, ath, ...payload })
      .setProtectedHeader({ alg: by.alg, typ: 'dpop+jwt', jwk, ...header })
      .sign(by.key)
  }

  const outcome = async (scheme: string, token: string, dpop: string | undefined, by = verifier()): Promise<string> => {
    const url = `${audience}?page=2#top`
    const { request, refusal } = await by.verify({ authorization: `${scheme} ${token}`, dpop, method: 'POST', url })
    return refusal?.reason ?? request?.actor ?? ''
  }

  it('counts with a proof of the key', async () => {
    const token = await bound()
    expect(await outcome('DPoP', token, await proof({ token }))).toBe('User:ann')
  })

  it.each<[string, string, Omit<Proof, 'token'>]>([
    ['a proof of another key', 'dpop-invalid', { stolen: true }],
    ['another method', 'dpop-invalid', { payload: { htm: 'GET' } }],
    ['another URL', 'dpop-invalid', { payload: { htu: 'https://mcp.acme.dev/other' } }],
    ['a method in small letters', 'dpop-invalid', { payload: { htm: 'post' } }],
    ['another port', 'dpop-invalid', { payload: { htu: 'https://mcp.acme.dev:8443/mcp' } }],
    ['no TLS', 'dpop-invalid', { payload: { htu: 'http://mcp.acme.dev/mcp' } }],
    ['a slash more', 'dpop-invalid', { payload: { htu: `${audience}/` } }],
    ['a path in capitals', 'dpop-invalid', { payload: { htu: 'https://mcp.acme.dev/MCP' } }],
    ['a path that only another server joins', 'dpop-invalid', { payload: { htu: 'https://mcp.acme.dev//mcp' } }],
    ['an encoded slash', 'dpop-invalid', { payload: { htu: 'https://mcp.acme.dev/%2Fmcp' } }],
    ['somebody’s name in the URL', 'dpop-invalid', { payload: { htu: 'https://ann@mcp.acme.dev/mcp' } }],
    ['several URLs', 'dpop-invalid', { payload: { htu: [audience] } }],
    ['a time of text', 'dpop-invalid', { payload: { iat: `${seconds}` } }],
    ['a time beyond all', 'dpop-invalid', { payload: { iat: 1e300 } }],
    ['a time before all', 'dpop-invalid', { payload: { iat: -1 } }],
    ['another host', 'dpop-invalid', { payload: { htu: 'https://mcp.acme.dev.evil.example/mcp' } }],
    ['a URL that is none', 'dpop-invalid', { payload: { htu: 'mcp' } }],
    ['another token', 'dpop-invalid', { payload: { ath: 'AAAA' } }],
    ['no token', 'dpop-invalid', { payload: { ath: undefined } }],
    ['an old proof', 'dpop-invalid', { payload: { iat: seconds - 91 } }],
    ['a proof of tomorrow', 'dpop-invalid', { payload: { iat: seconds + 31 } }],
    ['a proof without a time', 'dpop-invalid', { payload: { iat: undefined } }],
    ['a proof without a name', 'dpop-invalid', { payload: { jti: undefined } }],
    ['a proof with a long name', 'dpop-invalid', { payload: { jti: 'a'.repeat(257) } }],
    ['a token in place of a proof', 'dpop-invalid', { header: { typ: 'at+jwt' } }],
    ['no key', 'dpop-invalid', { header: { jwk: undefined } }],
    ['a key that is none', 'dpop-invalid', { header: { jwk: { kty: 'EC' } } }],
    ['a critical extension', 'dpop-invalid', { header: { crit: ['b64'], b64: true } }],
    ['a proof that is too long', 'too-large', { payload: { long: 'a'.repeat(9000) } }],
  ])('%s', async (_, expected, how) => {
    const token = await bound()
    expect(await outcome('DPoP', token, await proof({ token, ...how }))).toBe(expected)
  })

  it.each([
    ['in capitals', 'HTTPS://MCP.acme.dev/mcp'],
    ['with the port that it has anyway', 'https://mcp.acme.dev:443/mcp'],
    ['with a query', `${audience}?page=3`],
    ['with a fragment', `${audience}#top`],
    ['with steps back', 'https://mcp.acme.dev/other/../mcp'],
    ['with what need not be encoded', 'https://mcp.acme.dev/%6dcp'],
  ])('a proof counts for its URL %s', async (_, htu) => {
    const token = await bound()
    expect(await outcome('DPoP', token, await proof({ token, payload: { htu } }))).toBe('User:ann')
  })

  it('parts of a private key in the proof', async () => {
    const token = await bound()
    const { kid: _, alg: __, ...jwk } = client.jwk
    for (const part of ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'])
      expect(await outcome('DPoP', token, await proof({ token, header: { jwk: { ...jwk, [part]: 'AAAA' } } }))).toBe(
        'dpop-invalid',
      )
  })

  it('a private key in the proof, and two proofs', async () => {
    const token = await bound()
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const secret = await exportJWK(privateKey)
    expect(await outcome('DPoP', token, await proof({ token, header: { jwk: secret } }))).toBe('dpop-invalid')
    const good = await proof({ token })
    expect(await outcome('DPoP', token, `${good}, ${good}`)).toBe('dpop-invalid')
  })

  it('a signature that is not that of the key in the proof', async () => {
    const token = await bound()
    const [head, body] = (await proof({ token })).split('.')
    const [, , signature] = (await proof({ token, payload: { jti: 'other' } })).split('.')
    expect(await outcome('DPoP', token, `${head}.${body}.${signature}`)).toBe('dpop-invalid')
  })

  it('no proof, and a bound token that is sent as a bearer token', async () => {
    const token = await bound()
    expect(await outcome('DPoP', token, undefined)).toBe('dpop-required')
    expect(await outcome('Bearer', token, undefined)).toBe('dpop-required')
    expect(await outcome('Bearer', token, await proof({ token }))).toBe('dpop-required')
  })

  it('a bearer token that is sent as a bound one', async () => {
    const token = await sign(es, claims())
    expect(await outcome('DPoP', token, await proof({ token }))).toBe('dpop-unbound')
  })

  it('a proof counts once, also of a token that is remembered, for as long as it would be accepted', async () => {
    const by = verifier()
    const token = await bound()
    const once = await proof({ token, payload: { iat: seconds + 30 } })
    expect(await outcome('DPoP', token, once, by)).toBe('User:ann')
    expect(await outcome('DPoP', token, once, by)).toBe('dpop-replayed')
    time += 119_000
    expect(await outcome('DPoP', token, once, by)).toBe('dpop-replayed')
    time += 2_000
    expect(await outcome('DPoP', token, once, by)).toBe('dpop-invalid')
    time += 30_000
    const iat = time / 1000
    expect(await outcome('DPoP', token, await proof({ token, payload: { iat } }), by)).toBe('User:ann')
  })

  it.each([0, 5_000])(
    'a proof counts once to the very end of its time, in a store that looks %i ms later',
    async (later) => {
      const by = verifier({ dpop: { replay: memoryReplay(10, () => time + later) } })
      const token = await bound()
      const once = await proof({ token, payload: { iat: seconds + 30 } })
      expect(await outcome('DPoP', token, once, by)).toBe('User:ann')
      time += 120_000
      expect(await outcome('DPoP', token, once, by)).toBe('dpop-replayed')
    },
  )

  it('a proof that is refused for something else is not used up', async () => {
    const by = verifier()
    const token = await bound()
    const one = await proof({ token })
    await by.verify({ authorization: `DPoP ${token}`, dpop: one, method: 'GET', url: audience })
    expect(await outcome('DPoP', token, one, by)).toBe('User:ann')
  })

  it('a proof counts once in all processes that remember together, and in none while they cannot', async () => {
    const replay = memoryReplay(10, () => time)
    const names: string[] = []
    const shared: ReplayStore = {
      use: async (name, until, caller) => {
        names.push(name)
        expect(caller).toBe('User:ann')
        return replay.use(name, until, caller)
      },
    }
    const [one, other] = [verifier({ dpop: { replay: shared } }), verifier({ dpop: { replay: shared } })]
    const token = await bound()
    const once = await proof({ token, payload: { jti: 'a\u0000b\n' } })
    expect(await outcome('DPoP', token, once, one)).toBe('User:ann')
    expect(await outcome('DPoP', token, once, other)).toBe('dpop-replayed')
    expect(names.every((name) => /^[\w-]{43}$/.test(name))).toBe(true)
    const failing = verifier({ dpop: { replay: { use: () => Promise.reject(new Error('the store is down')) } } })
    expect(await outcome('DPoP', token, await proof({ token }), failing)).toBe('dpop-overflow')
  })

  it('of one proof that comes many times at once, one counts', async () => {
    const by = verifier()
    const token = await bound()
    const once = await proof({ token })
    const said = await Promise.all(Array.from({ length: 20 }, () => outcome('DPoP', token, once, by)))
    expect(said.filter((each) => each === 'User:ann')).toHaveLength(1)
  })

  describe('where proofs need a nonce of ours', () => {
    const nonceSecret = 'a secret that all processes of the service have'
    const credentials = (token: string, dpop: string) => ({
      authorization: `DPoP ${token}`,
      dpop,
      method: 'POST',
      url: audience,
    })
    const nonceFor = async (by: Verifier): Promise<string> => {
      const said = await by.authenticate({ authorization: undefined, method: 'POST', url: audience })
      if (typeof said !== 'object' || !('dpop' in said)) throw new Error('nobody was refused')
      return said.dpop.nonce ?? ''
    }

    it('says so, and takes the one that it says, from every process, for a while', async () => {
      const by = verifier({ dpop: { nonceSecret } })
      const token = await bound()
      const without = await by.authenticate(credentials(token, await proof({ token })))
      expect(without).toMatchObject({ dpop: { error: 'use_dpop_nonce', nonce: await nonceFor(by) } })
      const nonce = await nonceFor(by)
      const other = verifier({ dpop: { nonceSecret } })
      expect(await nonceFor(other)).toBe(nonce)
      expect(await outcome('DPoP', token, await proof({ token, payload: { nonce, jti: '1' } }), other)).toBe('User:ann')
      // To the end of the period after the one that it is of.
      time = start + 599_000
      const renewed = await sign(es, claims({ exp: time / 1000 + 60, cnf: { jkt: client.thumbprint } }))
      const payload = { nonce, jti: '2', iat: time / 1000 }
      expect(await outcome('DPoP', renewed, await proof({ token: renewed, payload }), other)).toBe('User:ann')
    })

    it.each<[string, unknown]>([
      ['none', undefined],
      ['one of nobody', 'A'.repeat(43)],
      ['a list', [1]],
      ['nothing', ''],
    ])('refuses %s', async (_, nonce) => {
      const token = await bound()
      const by = verifier({ dpop: { nonceSecret } })
      expect(await outcome('DPoP', token, await proof({ token, payload: { nonce } }), by)).toBe('dpop-nonce')
    })

    it('refuses one of another secret, and one that is old', async () => {
      const token = await bound()
      const by = verifier({ dpop: { nonceSecret } })
      const theirs = await nonceFor(verifier({ dpop: { nonceSecret: nonceSecret.toUpperCase() } }))
      expect(await outcome('DPoP', token, await proof({ token, payload: { nonce: theirs } }), by)).toBe('dpop-nonce')
      const nonce = await nonceFor(by)
      time += 601_000
      const renewed = await sign(es, claims({ exp: time / 1000 + 60, cnf: { jkt: client.thumbprint } }))
      const payload = { nonce, iat: time / 1000 }
      expect(await outcome('DPoP', renewed, await proof({ token: renewed, payload }), by)).toBe('dpop-nonce')
    })

    it('does not take a secret that could be guessed, or that is none', () => {
      for (const guessed of ['short', undefined])
        expect(() => verifier({ dpop: { nonceSecret: guessed as string } })).toThrow('`nonceSecret`')
    })
  })

  it('when no more proofs can be remembered none counts, until some are forgotten', () => {
    let at = 0
    const replay = memoryReplay(2, () => at)
    const use = (proof: string, until: number, when: number) => {
      at = when
      return replay.use(proof, until, proof)
    }
    expect([use('a', 10, 0), use('b', 11, 0), use('c', 12, 0)]).toEqual(['first', 'first', 'full'])
    expect([use('a', 20, 9), use('c', 20, 10), use('a', 20, 10)]).toEqual(['again', 'first', 'full'])
  })
})

describe('of the room there is for proofs', () => {
  it('one caller takes up a quarter, and has it again when they are forgotten', () => {
    let at = 0
    const replay = memoryReplay(8, () => at)
    const use = (caller: string, ...proofs: string[]) => proofs.map((proof) => replay.use(proof, at + 10, caller))
    expect(use('mallory', 'a', 'b', 'c', 'a')).toEqual(['first', 'first', 'full', 'again'])
    expect(use('ann', 'd', 'e')).toEqual(['first', 'first'])
    at = 10
    expect(use('mallory', 'c', 'f', 'g')).toEqual(['first', 'first', 'full'])
  })
})

describe('a token that only its issuer can read (introspection)', () => {
  const introspection = { clientId: 'mcp server', clientSecret: 's:cret' }
  const asked: { authorization: string | undefined; body: string }[] = []
  beforeEach(() => {
    asked.length = 0
  })

  function answer(body: unknown): void {
    issuer.routes.set('/introspect', (request: IncomingMessage, response) => {
      let text = ''
      request.on('data', (chunk) => {
        text += chunk
      })
      request.on('end', () => {
        asked.push({ authorization: request.headers.authorization, body: text })
        json(body)(request, response)
      })
    })
  }
  const active = (more: object = {}) => ({
    active: true,
    sub: 'ann',
    aud: audience,
    scope: 'repo',
    exp: seconds + 300,
    ...more,
  })
  const outcome = async (token = 'opaque', by = verifier({}, { introspection })): Promise<string> => {
    const { request, refusal } = await by.verify({ authorization: `Bearer ${token}`, method: 'POST', url: audience })
    return refusal === undefined ? request.actor : `${refusal.status} ${refusal.reason}`
  }

  it('is asked about, with our name, once for all who send it', async () => {
    answer(active())
    const by = verifier({}, { introspection })
    expect(await Promise.all([outcome('opa.que', by), outcome('opa.que', by)])).toEqual(['User:ann', 'User:ann'])
    expect(await outcome('opa.que', by)).toBe('User:ann')
    const authorization = `Basic ${Buffer.from('mcp+server:s%3Acret').toString('base64')}`
    expect(asked).toEqual([{ authorization, body: 'token=opa.que&token_type_hint=access_token' }])
    time += 61_000
    answer({ active: false })
    expect(await outcome('opa.que', by)).toBe('401 inactive')
  })

  it.each<[string, string, unknown]>([
    ['one that is none any more', '401 inactive', { active: false, sub: 'ann', aud: audience }],
    ['one that is nearly active', '401 inactive', { ...active(), active: 'true' }],
    ['for nobody', '401 no-audience', active({ aud: undefined })],
    ['for somebody else', '401 wrong-audience', active({ aud: 'https://other.example' })],
    ['of another issuer', '401 unknown-issuer', active({ iss: 'https://other.example' })],
    ['expired', '401 expired', active({ exp: seconds - 31 })],
    ['not yet valid', '401 not-yet-valid', active({ nbf: seconds + 31 })],
    ['bound to a key', '401 dpop-required', active({ cnf: { jkt: 'AAAA' } })],
    ['bound to a certificate', '401 unknown-binding', active({ cnf: { 'x5t#S256': 'AAAA' } })],
    ['an answer that is a list', '401 introspection-unusable', []],
    ['more than anybody says', '401 introspection-too-large', active({ long: 'a'.repeat(300_000) })],
  ])('%s', async (_, expected, body) => {
    answer(body)
    expect(await outcome()).toBe(expected)
  })

  it('an issuer that fails, that has no endpoint, and nobody to ask', async () => {
    issuer.routes.set('/introspect', (_, response) => response.writeHead(500).end())
    expect(await outcome()).toBe('401 introspection-unavailable')
    issuer.routes.set(metadataPath, json({ issuer: issuer.url }))
    expect(await outcome()).toBe('401 metadata-unusable')
    expect(await outcome('opaque', verifier())).toBe('401 malformed-token')
  })

  it('a JWT of the same issuer is verified here, and not shown to anybody', async () => {
    answer(active())
    expect(await outcome(await sign(es, claims({ sub: 'bob' })))).toBe('User:bob')
    expect(asked).toEqual([])
  })

  it('is shown to one issuer only', () => {
    const other = {
      adapter: rfc9068({ issuer: 'https://other.example', agents: 'none' as const }),
      audience,
      introspection,
    }
    const own = { adapter: rfc9068({ issuer: issuer.url, agents: 'none' as const }), audience, introspection }
    expect(() => verifier({ issuers: [own, other] })).toThrow('opaque tokens can be of one issuer only')
  })
})
