import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { base64url, CompactEncrypt, CompactSign, exportSPKI, generateKeyPair, importJWK } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compile } from '../../../src/index.ts'
import { entra, rfc9068 } from '../../../src/surfaces/claims/index.ts'
import { createVerifier, type Refusal, type VerifierOptions } from '../../../src/surfaces/claims/verify/index.ts'
import { json, metadataPath, publish, type Signer, sign, signer, type TestIssuer, testIssuer } from './issuer.ts'

const { policy } = compile(`
  actor User {}
  actor Agent {}
  resource Repo {}
  token { size: int }
  allow read on Repo if scope("repo")
  delegate read on Repo if agent == Agent:bot
`)
if (policy === undefined) throw new Error('the policy has errors')

const audience = 'https://mcp.acme.dev/mcp'
const start = Date.parse('2026-01-01T00:00:00Z')
const seconds = start / 1000

let issuer: TestIssuer
let es: Signer
let ed: Signer
let stranger: Signer
let time = start

beforeAll(async () => {
  issuer = await testIssuer()
  ;[es, ed, stranger] = await Promise.all([signer('ES256', 'one'), signer('Ed25519', 'two'), signer('ES256', 'one')])
})
afterAll(() => issuer.close())
beforeEach(() => {
  time = start
  issuer.routes.clear()
  issuer.asked.length = 0
  publish(issuer, [es.jwk, ed.jwk])
})

const claims = (more: object = {}) => ({
  iss: issuer.url,
  sub: 'ann',
  aud: audience,
  client_id: 'bot',
  scope: 'repo',
  exp: seconds + 300,
  ...more,
})

function verifier(options: Partial<VerifierOptions> = {}) {
  if (policy === undefined) throw new Error('no policy')
  const issuers = [{ adapter: rfc9068({ issuer: issuer.url, agents: 'client' }), audience }]
  return createVerifier(policy, { issuers, now: () => time, ...options })
}

/** What becomes of a token, sent as `Bearer`. */
async function outcome(token: string, by = verifier()): Promise<string> {
  const { request, refusal } = await by.verify({ authorization: `Bearer ${token}`, method: 'POST', url: audience })
  return refusal === undefined ? request.actor : `${refusal.status} ${refusal.reason}`
}

/** A token whose header and payload are just these texts. */
const raw = (header: string, payload: string, signature = '') =>
  `${base64url.encode(header)}.${base64url.encode(payload)}.${signature}`

async function signedRaw(header: string, payload: string): Promise<string> {
  const input = `${base64url.encode(header)}.${base64url.encode(payload)}`
  const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, es.key, new TextEncoder().encode(input))
  return `${input}.${base64url.encode(new Uint8Array(bytes))}`
}

describe('a token that is what it should be', () => {
  it('becomes a request under the policy', async () => {
    const credentials = { authorization: `Bearer ${await sign(es, claims())}`, method: 'POST', url: audience }
    const { request } = await verifier().verify(credentials)
    expect(request).toMatchObject({ actor: 'User:ann', agents: ['Agent:bot'], token: { scopes: ['repo'] } })
  })

  it.each<[string, () => Promise<string>]>([
    ['is signed with another algorithm', () => sign(ed, claims())],
    ['names its type at length', () => sign(es, claims(), { typ: 'application/AT+JWT' })],
    ['is for several audiences', () => sign(es, claims({ aud: ['https://other.example', audience] }))],
    ['is at the end of its life, by our clock a little after', () => sign(es, claims({ exp: seconds - 29 }))],
    ['begins, by our clock a little later', () => sign(es, claims({ nbf: seconds + 29 }))],
    ['holds a number that a double cannot', () => signedRaw(header(), payload('"size":9007199254740993'))],
  ])('%s', async (_, token) => {
    expect(await outcome(await token())).toBe('User:ann')
  })

  it('is a JWT by any scheme spelling', async () => {
    const authorization = `bEARER ${await sign(es, claims())}`
    expect((await verifier().verify({ authorization, method: 'GET', url: audience })).request?.actor).toBe('User:ann')
  })

  it('needs no kid where the issuer has one key that fits', async () => {
    expect(await outcome(await sign(es, claims(), { kid: undefined }))).toBe('User:ann')
    publish(issuer, [es.jwk, { ...stranger.jwk, kid: 'three' }])
    expect(await outcome(await sign(es, claims(), { kid: undefined }))).toBe('401 wrong-key')
  })
})

const header = (more = '') => `{"alg":"ES256","kid":"one","typ":"at+jwt"${more === '' ? '' : `,${more}`}}`
const payload = (more = '') => JSON.stringify(claims()).replace(/\}$/, more === '' ? '}' : `,${more}}`)

describe('bad input is refused, each with a reason of its own', () => {
  it.each<[string, string, () => string | Promise<string>]>([
    ['alg: none', '401 unsigned', () => raw('{"alg":"none","typ":"at+jwt"}', payload())],
    ['alg: nOnE', '401 unsigned', () => raw('{"alg":"nOnE","typ":"at+jwt"}', payload())],
    ['HMAC with the public key', '401 symmetric-algorithm', () => hmac()],
    ['an algorithm that nobody knows', '401 unknown-algorithm', () => raw('{"alg":"ES256K"}', payload(), 'AA')],
    ['no algorithm', '401 unknown-algorithm', () => raw('{"typ":"at+jwt"}', payload(), 'AA')],
    ['an algorithm that is a list', '401 unknown-algorithm', () => raw('{"alg":["ES256"]}', payload(), 'AA')],
    ['a wrong kid', '401 wrong-key', () => sign(es, claims(), { kid: 'nine' })],
    ['a kid of a path', '401 wrong-key', () => sign(es, claims(), { kid: '../../../../dev/null' })],
    ['a kid of SQL', '401 wrong-key', () => sign(es, claims(), { kid: "one' UNION SELECT 'x" })],
    ['a kid that is no text', '401 malformed-token', () => signedRaw('{"alg":"ES256","kid":["one"]}', payload())],
    ['the kid of another key', '401 wrong-key', () => sign(es, claims(), { kid: 'two' })],
    ['another signer', '401 wrong-signature', () => sign(stranger, claims())],
    ['a changed payload', '401 wrong-signature', async () => changed(await sign(es, claims()))],
    ['a signature of zeros', '401 wrong-signature', () => raw(header(), payload(), 'A'.repeat(86))],
    [
      'a signature of which a half is zero',
      '401 wrong-signature',
      async () => resigned((bytes) => bytes.fill(0, 0, 32)),
    ],
    [
      'a signature that is the order of the curve',
      '401 wrong-signature',
      async () => resigned((bytes) => Buffer.concat([order, bytes.subarray(32)])),
    ],
    ['a signature that is too short', '401 wrong-signature', async () => resigned((bytes) => bytes.subarray(0, 63))],
    [
      'a signature that is too long',
      '401 wrong-signature',
      async () => resigned((bytes) => Buffer.concat([bytes, bytes])),
    ],
    ['a signature in ASN.1', '401 wrong-signature', async () => resigned(der)],
    [
      'an algorithm in small letters',
      '401 unknown-algorithm',
      () => signedRaw('{"alg":"es256","kid":"one"}', payload()),
    ],
    [
      'an algorithm of another curve',
      '401 wrong-key',
      () => signedRaw('{"alg":"ES384","kid":"one","typ":"at+jwt"}', payload()),
    ],
    [
      'an algorithm of another kind of key',
      '401 wrong-key',
      () => signedRaw('{"alg":"RS256","kid":"one","typ":"at+jwt"}', payload()),
    ],
    ['the JSON form of a JWS', '401 malformed-credentials', () => JSON.stringify({ payload: 'e30', signatures: [] })],
    ['a token with a space after it', '401 malformed-credentials', async () => `${await sign(es, claims())} `],
    ['a token with padding', '401 malformed-token', async () => `${await sign(es, claims())}==`],
    ['a token with a fourth part', '401 malformed-token', async () => `${await sign(es, claims())}.e30`],
    ['a header that is a list', '401 malformed-token', () => signedRaw('[]', payload())],
    ['claims that are null', '401 malformed-token', () => signedRaw(header(), 'null')],
    [
      'an end that is null',
      '401 malformed-token',
      () => signedRaw(header(), payload().replace(/"exp":\d+/, '"exp":null')),
    ],
    ['a beginning that is true', '401 malformed-token', () => sign(es, claims({ nbf: true }))],
    ['an issuer in a list', '401 unknown-issuer', () => sign(es, claims({ iss: [issuer.url] }))],
    ['an audience in an object', '401 malformed-token', () => sign(es, claims({ aud: { [audience]: audience } }))],
    ['no subject', '403 malformed', () => sign(es, claims({ sub: undefined }))],
    ['no signature', '401 wrong-signature', () => raw(header(), payload())],
    ['a key of its own', '401 key-in-header', () => sign(stranger, claims(), { jwk: stranger.jwk })],
    [
      'a place of its own for keys',
      '401 key-in-header',
      () => sign(stranger, claims(), { jku: 'https://evil.example' }),
    ],
    ['a certificate of its own', '401 key-in-header', () => sign(stranger, claims(), { x5c: ['AA=='] })],
    [
      'a place of its own for certificates',
      '401 key-in-header',
      () => sign(es, claims(), { x5u: 'https://evil.example' }),
    ],
    ['an extension that counts', '401 critical-header', () => signedRaw(header('"crit":["exp"],"exp":1'), payload())],
    ['an empty list of extensions', '401 critical-header', () => signedRaw(header('"crit":[]'), payload())],
    [
      'a payload that is not encoded',
      '401 critical-header',
      () => signedRaw(header('"b64":false,"crit":["b64"]'), payload()),
    ],
    ['encryption in place of a signature', '401 encrypted-token', () => encrypted()],
    ['a token in the token', '401 nested-token', async () => nested(await sign(es, claims()))],
    ['expired', '401 expired', () => sign(es, claims({ exp: seconds - 31 }))],
    ['not yet valid', '401 not-yet-valid', () => sign(es, claims({ nbf: seconds + 31 }))],
    ['no end', '401 no-expiry', () => sign(es, claims({ exp: undefined }))],
    [
      'an end of text',
      '401 malformed-token',
      () => signedRaw(header(), payload().replace(/"exp":\d+/, '"exp":"9999999999"')),
    ],
    [
      'an end beyond all time',
      '401 malformed-token',
      () => signedRaw(header(), payload().replace(/"exp":\d+/, '"exp":1e300')),
    ],
    [
      'an end that is no number of JSON',
      '401 malformed-token',
      () => signedRaw(header(), payload().replace(/"exp":\d+/, '"exp":1e999')),
    ],
    ['another audience', '401 wrong-audience', () => sign(es, claims({ aud: 'https://other.example' }))],
    ['an audience that only begins so', '401 wrong-audience', () => sign(es, claims({ aud: `${audience}/` }))],
    ['no audience', '401 no-audience', () => sign(es, claims({ aud: undefined }))],
    ['an empty list of audiences', '401 no-audience', () => sign(es, claims({ aud: [] }))],
    ['another issuer', '401 unknown-issuer', () => sign(es, claims({ iss: 'https://other.example' }))],
    ['no issuer', '401 unknown-issuer', () => sign(es, claims({ iss: undefined }))],
    ['an ID token', '401 id-token', () => sign(es, claims({ nonce: 'n' }))],
    ['a token of unknown type', '401 wrong-type', () => sign(es, claims(), { typ: 'logout+jwt' })],
    ['a JWT of no type, of an issuer that says it', '401 wrong-type', () => sign(es, claims(), { typ: undefined })],
    ['an ID-JAG', '401 id-jag', () => sign(es, claims(), { typ: 'oauth-id-jag+jwt' })],
    ['a claim given twice', '401 malformed-token', () => signedRaw(header(), payload('"sub":"bob"'))],
    ['a header given twice', '401 malformed-token', () => signedRaw(header('"alg":"none"'), payload())],
    [
      'a number that nobody can hold',
      '401 malformed-token',
      () => signedRaw(header(), payload(`"size":1${'0'.repeat(40)}`)),
    ],
    ['a text that is no JSON', '401 malformed-token', () => signedRaw(header(), '{"iss":')],
    ['a list in place of claims', '401 malformed-token', () => signedRaw(header(), '[]')],
    [
      'bytes that are no UTF-8',
      '401 malformed-token',
      () => `${base64url.encode(header())}.${base64url.encode(new Uint8Array([255]))}.AA`,
    ],
    ['what is no base64url', '401 malformed-token', async () => (await sign(es, claims())).replace('.', '.+')],
    ['a text that is no token', '401 malformed-token', () => 'opaque'],
    ['a prototype', '403 malformed', () => signedRaw(header(), payload('"__proto__":{"sub":"eve"}'))],
    ['a subject of another kind', '403 malformed', () => sign(es, claims({ sub: 7 }))],
    ['a token bound to a certificate', '401 unknown-binding', () => sign(es, claims({ cnf: { 'x5t#S256': 'A' } }))],
    ['a binding that binds to nothing', '401 unknown-binding', () => sign(es, claims({ cnf: {} }))],
    ['a token that is too long', '401 too-large', () => sign(es, claims({ long: 'a'.repeat(17_000) }))],
    [
      'a token as deep as a well',
      '401 malformed-token',
      () => signedRaw(header(), payload(`"deep":${'['.repeat(60)}${']'.repeat(60)}`)),
    ],
  ])('%s', async (_, expected, token) => {
    expect(await outcome(await token())).toBe(expected)
  })

  it.each<[string, string | undefined | null]>([
    ['401 no-credentials', undefined],
    ['401 no-credentials', null],
    ['401 no-credentials', ''],
    ['401 unknown-scheme', 'Basic YTpi'],
    ['401 unknown-scheme', 'Bearer'],
    ['401 malformed-credentials', 'Bearer '],
    ['401 malformed-credentials', 'Bearer a, Bearer b'],
    ['401 malformed-credentials', 'Bearer a\u0000b'],
    ['401 too-large', `Bearer ${'a'.repeat(1_000_000)}`],
  ])('%s, in case %#', async (expected, authorization) => {
    const { refusal } = await verifier().verify({ authorization, method: 'POST', url: audience })
    expect(`${refusal?.status} ${refusal?.reason}`).toBe(expected)
  })

  it('an act that cannot be read, one that is not expected, and no client', async () => {
    const of = async (agents: 'act' | 'client' | 'none', more: object) =>
      outcome(
        await sign(es, claims(more)),
        verifier({ issuers: [{ adapter: rfc9068({ issuer: issuer.url, agents }), audience }] }),
      )
    expect(await of('act', { act: 'bot' })).toBe('403 unreadable-act')
    expect(await of('act', { act: { sub: 'bot', act: {} } })).toBe('403 unreadable-act')
    expect(await of('none', { act: { sub: 'bot' } })).toBe('403 unexpected-act')
    expect(await of('client', { client_id: undefined })).toBe('403 no-client')
  })

  it('more groups than an Entra token holds', async () => {
    const adapter = entra({ issuer: issuer.url, agents: 'none' })
    const by = verifier({ issuers: [{ adapter, audience }] })
    const token = await sign(es, claims({ scp: 'repo', _claim_names: { groups: 'src1' } }), { typ: 'JWT' })
    expect(await outcome(token, by)).toBe('403 group-overage')
  })

  it('a wrong-audience token is not remembered as anything, and one that expires is forgotten', async () => {
    const by = verifier()
    const token = await sign(es, claims({ exp: seconds + 40 }))
    expect(await outcome(token, by)).toBe('User:ann')
    time += 45_000
    // Remembered no longer than it lives by our clock; verified anew it is within the skew, and then it is not.
    expect(await outcome(token, by)).toBe('User:ann')
    time += 30_000
    expect(await outcome(token, by)).toBe('401 expired')
  })

  it('tells the log and not the caller, and nothing that the token holds', async () => {
    const told: Refusal[] = []
    const by = verifier({ onRefused: (refusal) => void told.push(refusal) })
    await outcome(await sign(es, claims({ aud: 'secret-audience', sub: 'secret-subject' })), by)
    expect(told).toEqual([
      {
        status: 401,
        reason: 'wrong-audience',
        message: 'the token is for somebody else (`aud`)',
        error: 'invalid_token',
      },
    ])
    const loud = verifier({
      onRefused: () => {
        throw new Error('the disk is full')
      },
    })
    expect(await outcome('x', loud)).toBe('401 malformed-token')
  })

  it('an RSA public key is no key of an HMAC, and an EC key none of RSA', async () => {
    const rsa = await signer('RS256', 'rsa')
    publish(issuer, [rsa.jwk, es.jwk])
    expect(await outcome(await sign(rsa, claims()))).toBe('User:ann')
    const secret = new TextEncoder().encode(await exportSPKI((await importJWK(rsa.jwk, 'RS256')) as never))
    const forged = await new CompactSign(new TextEncoder().encode(payload()))
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(secret)
    expect(await outcome(forged)).toBe('401 symmetric-algorithm')
    expect(await outcome(await sign(rsa, claims(), { kid: 'one' }))).toBe('401 wrong-key')
    const onlyEs = verifier({
      issuers: [{ adapter: rfc9068({ issuer: issuer.url, agents: 'none' }), audience, algorithms: ['ES256'] }],
    })
    expect(await outcome(await sign(rsa, claims()), onlyEs)).toBe('401 unknown-algorithm')
  })
})

/** The order of P-256: as a part of a signature it is zero. */
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

/** A good token with another signature, made of its own. */
async function resigned(change: (bytes: Buffer) => Uint8Array): Promise<string> {
  const [first, second, third = ''] = (await sign(es, claims())).split('.')
  const bytes = Buffer.from(third, 'base64url')
  return `${first}.${second}.${Buffer.from(change(bytes)).toString('base64url')}`
}

function der(bytes: Buffer): Buffer {
  const integer = (part: Buffer) => Buffer.concat([Buffer.from([2, part.length + 1, 0]), part])
  const body = Buffer.concat([integer(bytes.subarray(0, 32)), integer(bytes.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

function hmac(): string {
  const input = `${base64url.encode('{"alg":"HS256","kid":"one","typ":"at+jwt"}')}.${base64url.encode(payload())}`
  return `${input}.${createHmac('sha256', JSON.stringify(es.jwk)).update(input).digest('base64url')}`
}

function changed(token: string): string {
  const [first = '', , third = ''] = token.split('.')
  return [first, base64url.encode(JSON.stringify(claims({ sub: 'root' }))), third].join('.')
}

async function encrypted(): Promise<string> {
  const { publicKey } = await generateKeyPair('ECDH-ES')
  return await new CompactEncrypt(new TextEncoder().encode(payload()))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', kid: 'one' })
    .encrypt(publicKey)
}

async function nested(token: string): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(token))
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt', cty: 'JWT' })
    .sign(es.key)
}

describe('two issuers', () => {
  it('do not speak for each other, and their people are not the same', async () => {
    const second = await testIssuer()
    try {
      publish(second, [stranger.jwk])
      const by = verifier({
        issuers: [
          { adapter: rfc9068({ issuer: issuer.url, agents: 'client' }), audience },
          { adapter: rfc9068({ issuer: second.url, agents: 'none' }), audience: 'https://second.acme.dev' },
        ],
      })
      const of = async (signed: Signer, more: object) => outcome(await sign(signed, claims(more)), by)
      expect(await of(es, {})).toBe(`User:${issuer.url}#ann`)
      expect(await of(stranger, { iss: second.url, aud: 'https://second.acme.dev' })).toBe(`User:${second.url}#ann`)
      expect(await of(stranger, {})).toBe('401 wrong-signature')
      expect(await of(es, { iss: second.url, aud: 'https://second.acme.dev' })).toBe('401 wrong-signature')
      expect(await of(stranger, { iss: second.url })).toBe('401 wrong-audience')
    } finally {
      second.close()
    }
  })
})

describe('whatever is sent', () => {
  it('is refused, or is the token of whom it was given to', async () => {
    const by = verifier()
    const token = await sign(es, claims())
    const changes = fc.array(fc.tuple(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.=+ "')), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        const text = [...token]
        for (const [at, character] of edits) text[at] = character
        const said = await outcome(text.join(''), by)
        expect(said === 'User:ann' || /^401 (?!internal)/.test(said)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('is refused, be it any text at all', async () => {
    const by = verifier()
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.json(), fc.json(), fc.string()).map(([head, body, end]) => raw(head, body, end)),
      fc
        .record(
          { alg: fc.anything(), kid: fc.anything(), typ: fc.anything(), crit: fc.anything() },
          { requiredKeys: [] },
        )
        .map((head) => raw(JSON.stringify(head, plain) ?? '', payload(), 'AA')),
    )
    await fc.assert(
      fc.asyncProperty(anything, fc.option(fc.string()), async (token, dpop) => {
        for (const scheme of ['Bearer', 'DPoP']) {
          const { refusal } = await by.verify({
            authorization: `${scheme} ${token}`,
            dpop,
            method: 'POST',
            url: audience,
          })
          expect(refusal?.status).toBe(401)
          expect(refusal?.reason).not.toBe('internal')
        }
      }),
      { numRuns: 50 },
    )
  })
})

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

describe('keys and metadata', () => {
  it.each<[string, string, () => void]>([
    ['metadata of another issuer', '401 metadata-mismatch', () => metadata({ issuer: 'https://other.example' })],
    [
      'metadata of an issuer that only looks the same',
      '401 metadata-mismatch',
      () => metadata({ issuer: `${issuer.url}/` }),
    ],
    ['metadata without keys', '401 metadata-unusable', () => metadata({ jwks_uri: undefined })],
    ['metadata that is a list', '401 metadata-unusable', () => void issuer.routes.set(metadataPath, json([]))],
    ['no metadata', '401 metadata-unavailable', () => issuer.routes.clear()],
    ['keys over an open line', '401 keys-unusable', () => metadata({ jwks_uri: 'http://198.51.100.1/keys' })],
    ['keys in a file', '401 keys-unusable', () => metadata({ jwks_uri: 'file:///etc/passwd' })],
    [
      'keys elsewhere',
      '401 keys-unavailable',
      () => keys((_, response) => response.writeHead(302, { location: '/other' }).end()),
    ],
    ['a server that fails', '401 keys-unavailable', () => keys((_, response) => response.writeHead(500).end())],
    ['10 MB of keys', '401 keys-too-large', () => keys((_, response) => response.end(Buffer.alloc(10_000_000, 32)))],
    ['a page in place of keys', '401 keys-unusable', () => keys((_, response) => response.end('<html>'))],
    ['keys that are no list', '401 keys-unusable', () => keys(json({ keys: {} }))],
    ['more keys than anybody has', '401 keys-unusable', () => keys(json({ keys: Array(101).fill(es.jwk) }))],
    [
      'a secret among the keys',
      '401 keys-unusable',
      () => keys(json({ keys: [{ kty: 'oct', k: 'AA', kid: 'one' }, es.jwk] })),
    ],
    ['a private key among the keys', '401 keys-unusable', () => keys(json({ keys: [{ ...es.jwk, d: 'AA' }] }))],
    [
      'a key that is no point of its curve',
      '401 keys-unusable',
      () => keys(json({ keys: [{ ...es.jwk, x: 'AAAA' }] })),
    ],
    ['the key of somebody else', '401 wrong-signature', () => keys(json({ keys: [stranger.jwk] }))],
    ['keys for encryption', '401 wrong-key', () => keys(json({ keys: [{ ...es.jwk, use: 'enc' }] }))],
    ['no keys', '401 wrong-key', () => keys(json({ keys: [] }))],
  ])('%s', async (_, expected, prepare) => {
    prepare()
    expect(await outcome(await sign(es, claims()))).toBe(expected)
  })

  it('an issuer that never answers is given up after five seconds, and not asked by the next request', async () => {
    const { timeout } = AbortSignal
    const clock = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout.call(AbortSignal, ms / 100))
    keys(() => {})
    const by = verifier()
    try {
      expect(await outcome(await sign(es, claims()), by)).toBe('401 keys-unavailable')
      expect(clock).toHaveBeenLastCalledWith(5000)
    } finally {
      clock.mockRestore()
    }
    expect(await outcome(await sign(es, claims({ jti: '2' })), by)).toBe('401 keys-unavailable')
    expect(issuer.asked).toEqual([metadataPath, '/keys'])
  })

  it('are asked for once, by however many at the same time', async () => {
    const by = verifier()
    const tokens = await Promise.all(['ann', 'bob', 'cid'].map((sub) => sign(es, claims({ sub }))))
    expect(await Promise.all(tokens.map((token) => outcome(token, by)))).toEqual(['User:ann', 'User:bob', 'User:cid'])
    expect(issuer.asked).toEqual([metadataPath, '/keys'])
  })

  it('are found where OpenID Connect has them', async () => {
    const route = issuer.routes.get(metadataPath)
    issuer.routes.delete(metadataPath)
    issuer.routes.set('/.well-known/openid-configuration', route ?? json({}))
    expect(await outcome(await sign(es, claims()))).toBe('User:ann')
  })

  it('are found behind a page for every path that is not known', async () => {
    const route = issuer.routes.get(metadataPath)
    issuer.routes.set(metadataPath, (_, response) => response.end('<html>'))
    issuer.routes.set('/.well-known/openid-configuration', route ?? json({}))
    expect(await outcome(await sign(es, claims()))).toBe('User:ann')
  })

  it('are those of an issuer with a path', async () => {
    const url = `${issuer.url}/realms/acme`
    issuer.routes.set(`${metadataPath}/realms/acme`, json({ issuer: url, jwks_uri: `${issuer.url}/keys` }))
    const by = verifier({ issuers: [{ adapter: rfc9068({ issuer: url, agents: 'none' }), audience }] })
    expect(await outcome(await sign(es, claims({ iss: url })), by)).toBe('User:ann')
  })

  it('need no metadata where it is said where they are', async () => {
    const adapter = rfc9068({ issuer: issuer.url, agents: 'none' })
    const by = verifier({ issuers: [{ adapter, audience, jwksUri: `${issuer.url}/keys` }] })
    expect(await outcome(await sign(es, claims()), by)).toBe('User:ann')
    expect(issuer.asked).toEqual(['/keys'])
  })

  it('are rotated: an unknown kid asks again, but not for everyone who makes one up', async () => {
    const by = verifier()
    expect(await outcome(await sign(es, claims()), by)).toBe('User:ann')
    const next = await signer('ES256', 'next')
    publish(issuer, [next.jwk])
    const token = await sign(next, claims())
    expect(await outcome(token, by)).toBe('401 wrong-key')
    time += 31_000
    expect(await outcome(token, by)).toBe('User:ann')
    const asked = issuer.asked.length
    for (let i = 0; i < 5; i++)
      expect(await outcome(await sign(es, claims(), { kid: `x${i}` }), by)).toBe('401 wrong-key')
    expect(issuer.asked.length).toBe(asked)
  })

  it('outlive an outage for as long as they may be kept, and no longer', async () => {
    publish(issuer, [es.jwk], { 'cache-control': 'public, max-age=3600' })
    const by = verifier()
    const at = async (minutes: number) => {
      time = start + minutes * 60_000
      return outcome(await sign(es, claims({ exp: time / 1000 + 300, jti: `${minutes}` })), by)
    }
    expect(await at(0)).toBe('User:ann')
    keys((_, response) => response.writeHead(503).end())
    expect(await at(20)).toBe('User:ann')
    expect(issuer.asked.length).toBe(2)
    expect(await at(40)).toBe('User:ann')
    expect(await at(59)).toBe('User:ann')
    expect(await at(61)).toBe('401 keys-unavailable')
    // The one before may have waited for an attempt of earlier.
    expect(await at(61.01)).toBe('401 keys-unavailable')
    publish(issuer, [es.jwk])
    expect(await at(61.05)).toBe('401 keys-unavailable')
    expect(await at(62)).toBe('User:ann')
  })

  it('are kept for a minute at least and a day at most, whatever the issuer says', async () => {
    publish(issuer, [es.jwk], { 'cache-control': 'max-age=0' })
    const by = verifier()
    await outcome(await sign(es, claims()), by)
    await outcome(await sign(es, claims({ jti: '2' })), by)
    expect(issuer.asked.length).toBe(2)
    publish(issuer, [es.jwk], { 'cache-control': 'max-age=999999999' })
    time += 61_000
    await outcome(await sign(es, claims({ jti: '3' })), by)
    keys((_, response) => response.writeHead(503).end())
    time += 86_400_000
    expect(await outcome(await sign(es, claims({ exp: time / 1000 + 60 })), by)).toBe('401 keys-unavailable')
  })
})

function metadata(more: object): void {
  issuer.routes.set(metadataPath, json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...more }))
}

function keys(route: Parameters<TestIssuer['routes']['set']>[1]): void {
  issuer.routes.set('/keys', route)
}

describe('at the start', () => {
  const adapter = rfc9068({ issuer: 'https://issuer.example', agents: 'none' })
  it.each<[string, Partial<VerifierOptions>, RegExp]>([
    ['no audience', { issuers: [{ adapter, audience: [] }] }, /no `audience`/],
    ['an empty audience', { issuers: [{ adapter, audience: '' }] }, /no `audience`/],
    ['an algorithm of secrets', { issuers: [{ adapter, audience, algorithms: ['HS256' as never] }] }, /not HS256/],
    ['no algorithm', { issuers: [{ adapter, audience, algorithms: [] }] }, /`algorithms`/],
    ['keys over an open line', { issuers: [{ adapter, audience, jwksUri: 'http://issuer.example/keys' }] }, /https/],
    [
      'an issuer over an open line',
      { issuers: [{ adapter: rfc9068({ issuer: 'http://issuer.example', agents: 'none' }), audience }] },
      /https/,
    ],
    ['clocks that are hours apart', { clockSkew: 3600 }, /`clockSkew`/],
    ['a skew that is no number', { clockSkew: Number.NaN }, /`clockSkew`/],
    ['a memory of hours', { remember: 3600 }, /`remember`/],
    [
      'an issuer twice',
      {
        issuers: [
          { adapter, audience },
          { adapter, audience },
        ],
      },
      /two adapters/,
    ],
    [
      'an adapter that does not say who acts',
      { issuers: [{ adapter: rfc9068({ issuer: 'https://a.example' }), audience }] },
      /agents: "act"/,
    ],
  ])('%s is an error', (_, options, message) => {
    expect(() => verifier(options)).toThrow(message)
  })
})
