import { createHmac, generateKeyPairSync } from 'node:crypto'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { base64url, exportJWK } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compile } from '../../../src/index.ts'
import { rfc9068 } from '../../../src/surfaces/claims/index.ts'
import { createVerifier, type Refusal, type VerifierOptions } from '../../../src/surfaces/claims/verify/index.ts'
import { json, metadataPath, publish, type Signer, sign, signer, type TestIssuer, testIssuer } from './issuer.ts'

const { policy } = compile('actor User {}\nactor Agent {}\nresource Repo {}\nallow read on Repo if scope("repo")')
const audience = 'https://mcp.acme.dev/mcp'
const start = Date.parse('2026-01-01T00:00:00Z')
const seconds = start / 1000

let issuer: TestIssuer
let es: Signer
let ed: Signer
let rs: Signer
let time = start
beforeAll(async () => {
  issuer = await testIssuer()
  ;[es, ed, rs] = await Promise.all([signer('ES256', 'one'), signer('Ed25519', 'two'), signer('RS256', 'three')])
})
afterAll(() => issuer.close())
beforeEach(() => {
  time = start
  issuer.routes.clear()
  issuer.asked.length = 0
  publish(issuer, [es.jwk, ed.jwk, rs.jwk])
})

const claims = (more: object = {}) => ({
  iss: issuer.url,
  sub: 'secret-subject',
  aud: audience,
  scope: 'repo',
  exp: seconds + 300,
  ...more,
})
const header = (more = '') => `{"alg":"ES256","kid":"one","typ":"at+jwt"${more}}`
const payload = (more = '') => JSON.stringify(claims()).replace(/\}$/, `${more}}`)
/** With the text of `exp` as it stands there. */
const ending = (exp: string) => payload().replace(/"exp":\d+/, `"exp":${exp}`)

function verifier(options: Partial<VerifierOptions> = {}, issuerOptions: object = {}) {
  if (policy === undefined) throw new Error('no policy')
  const issuers = [{ adapter: rfc9068({ issuer: issuer.url, agents: 'none' }), audience, ...issuerOptions }]
  return createVerifier(policy, { issuers, now: () => time, ...options })
}

/** What becomes of a token. Whatever it is, the log says nothing of what is in it, and is one line. */
async function outcome(token: string, by = verifier(), scheme = 'Bearer'): Promise<string> {
  const { request, refusal } = await by.verify({ authorization: `${scheme} ${token}`, method: 'POST', url: audience })
  if (refusal === undefined) return request.actor
  isDiscreet(refusal, token)
  return `${refusal.status} ${refusal.reason}`
}

function isDiscreet({ message }: Refusal, token: string): void {
  expect(message).toMatch(/^[\x20-\x7e]+$/)
  for (const part of ['secret', 'evil', ...token.split('.').filter((each) => each.length > 7)])
    expect(message).not.toContain(part)
}

async function signed(head: string, body: string | Uint8Array): Promise<string> {
  const input = `${base64url.encode(head)}.${base64url.encode(body)}`
  const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, es.key, new TextEncoder().encode(input))
  return `${input}.${base64url.encode(new Uint8Array(bytes))}`
}

const raw = (head: string, body: string, signature = '') =>
  `${base64url.encode(head)}.${base64url.encode(body)}.${signature}`
const jwe = (head: object) => `${base64url.encode(JSON.stringify(head))}.AAAA.AAAA.${'A'.repeat(4000)}.AAAA`
const hmac = (secret: string) => {
  const input = raw('{"alg":"HS256","typ":"at+jwt"}', payload()).slice(0, -1)
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

describe('attacks on how a token is signed', () => {
  it.each<[string, string, () => string | Promise<string>]>([
    ...['none', 'None', 'NONE', 'nOnE'].map((alg): [string, string, () => string] => [
      `alg ${alg}`,
      '401 unsigned',
      () => raw(`{"alg":"${alg}"}`, payload()),
    ]),
    ['alg none with a space', '401 unknown-algorithm', () => raw('{"alg":"none "}', payload())],
    ['alg that is empty', '401 unknown-algorithm', () => raw('{"alg":""}', payload())],
    ['alg of a prototype', '401 unknown-algorithm', () => raw('{"__proto__":{"alg":"ES256"}}', payload(), 'AA')],
    ['alg that is a property of all objects', '401 unknown-algorithm', () => raw('{"alg":"constructor"}', payload())],
    ['an HMAC with nothing', '401 symmetric-algorithm', () => hmac('')],
    ['an HMAC with the public key', '401 symmetric-algorithm', () => hmac(JSON.stringify(es.jwk))],
    ['an HMAC with all public keys', '401 symmetric-algorithm', () => hmac(JSON.stringify({ keys: [es.jwk] }))],
    [
      'alg of another padding than the key’s',
      '401 wrong-key',
      () => raw('{"alg":"PS256","kid":"three","typ":"at+jwt"}', payload(), 'AA'),
    ],
    ['zeros in place of r and s', '401 wrong-signature', () => raw(header(), payload(), 'A'.repeat(86))],
    [
      'zeros in place of an Ed25519 signature',
      '401 wrong-signature',
      () => raw('{"alg":"Ed25519","kid":"two","typ":"at+jwt"}', payload(), 'A'.repeat(86)),
    ],
    [
      'RS256 with a signature of nothing',
      '401 wrong-signature',
      () => raw('{"alg":"RS256","kid":"three","typ":"at+jwt"}', payload()),
    ],
    [
      'a password, to be stretched for hours',
      '401 unknown-algorithm',
      () => raw('{"alg":"PBES2-HS512+A256KW","p2c":2147483647,"p2s":"AAAA"}', payload(), 'AA'),
    ],
    [
      'an encryption with such a password',
      '401 encrypted-token',
      () => jwe({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 2147483647, p2s: 'AAAA' }),
    ],
    ['an encryption by nobody', '401 encrypted-token', () => jwe({ alg: 'dir', enc: 'A256GCM' })],
    ['an encrypted token to be inflated', '401 encrypted-token', () => jwe({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })],
    [
      'a signed token to be inflated',
      '401 malformed-token',
      () => signed(header(',"zip":"DEF"'), deflateRawSync(Buffer.alloc(1_000_000, 32))),
    ],
    ['a payload that is not encoded', '401 critical-header', () => signed(header(',"b64":false'), payload())],
    ['an extension that is known to others', '401 critical-header', () => signed(header(',"crit":["exp"]'), payload())],
    [
      'a token without a signature in one that has',
      '401 malformed-token',
      () => signed(header(), raw('{"alg":"none"}', payload())),
    ],
    [
      'the same, said to be so',
      '401 nested-token',
      () => signed(header(',"cty":"JWT"'), raw('{"alg":"none"}', payload())),
    ],
    ...['jku', 'x5u'].map((name): [string, string, () => Promise<string>] => [
      `keys that ${name} leads to`,
      '401 key-in-header',
      () => signed(header(`,"${name}":"${issuer.url}/evil"`), payload()),
    ]),
    ['its own certificate', '401 key-in-header', () => signed(header(',"x5c":["MIIB"]'), payload())],
    ['its own key', '401 key-in-header', () => sign(es, claims(), { jwk: es.jwk })],
    ['its own key that is null', '401 key-in-header', () => signed(header(',"jwk":null'), payload())],
    ...['../../../dev/null', '/dev/null', 'one\u0000', '__proto__', 'constructor', '" OR 1=1 --', 'One'].map(
      (kid): [string, string, () => Promise<string>] => [
        `kid ${JSON.stringify(kid)}`,
        '401 wrong-key',
        () => sign(es, claims(), { kid }),
      ],
    ),
    ['a kid without end', '401 malformed-token', () => sign(es, claims(), { kid: 'a'.repeat(513) })],
    ['a claim twice', '401 malformed-token', () => signed(header(), payload(',"sub":"root"'))],
    ['a claim twice, once in disguise', '401 malformed-token', () => signed(header(), payload(',"\\u0073ub":"root"'))],
    ['a header twice', '401 malformed-token', () => signed(header(',"alg":"ES256"'), payload())],
    ['a claim in a list twice', '401 malformed-token', () => signed(header(), payload(',"act":{"sub":"a","sub":"b"}'))],
    ['half a surrogate pair', '401 malformed-token', () => signed(header(), payload(',"x":"\\ud800"'))],
    ['two JSON texts', '401 malformed-token', () => signed(header(), `${payload()}${payload()}`)],
    ['a byte order mark', '401 malformed-token', () => signed(header(), `\ufeff${payload()}`)],
    ['a token beyond all measure', '401 too-large', () => signed(header(), payload(`,"x":"${'a'.repeat(17_000)}"`))],
    ['a header beyond all measure', '401 too-large', () => signed(header(`,"x":"${'a'.repeat(17_000)}"`), payload())],
  ])('%s', async (_, expected, token) => {
    expect(await outcome(await token())).toBe(expected)
    expect(issuer.asked).not.toContain('/evil')
  })
})

describe('attacks on what a token says', () => {
  it.each<[string, string, () => Promise<string>]>([
    ['an end to the fraction of a second', 'User:secret-subject', () => signed(header(), ending(`${seconds}.5`))],
    ['an end as long ago as clocks differ', '401 expired', () => signed(header(), ending(`${seconds - 30}`))],
    ['an end a moment later', 'User:secret-subject', () => signed(header(), ending(`${seconds - 29.999}`))],
    ['a beginning as far off as clocks differ', 'User:secret-subject', () => sign(es, claims({ nbf: seconds + 30 }))],
    ['a beginning a moment later', '401 not-yet-valid', () => sign(es, claims({ nbf: seconds + 30.001 }))],
    ...[
      '"9999999999"',
      '1e300',
      '1e999',
      '-1',
      '9223372036854775807',
      '[9999999999]',
      '{}',
      'true',
      'null',
      '8.7e12',
    ].map((exp): [string, string, () => Promise<string>] => [
      `an end of ${exp}`,
      '401 malformed-token',
      () => signed(header(), ending(exp)),
    ]),
    ...([[audience, 7], [[audience]], [audience, null], { 0: audience, length: 1 }, true, 7] as const).map(
      (aud): [string, string, () => Promise<string>] => [
        `the audience ${JSON.stringify(aud)}`,
        '401 malformed-token',
        () => sign(es, claims({ aud })),
      ],
    ),
    ['no audience but null', '401 malformed-token', () => sign(es, claims({ aud: null }))],
    ['an audience with a slash more', '401 wrong-audience', () => sign(es, claims({ aud: `${audience}/` }))],
    ['an audience in capitals', '401 wrong-audience', () => sign(es, claims({ aud: audience.toUpperCase() }))],
    ['an audience that contains ours', '401 wrong-audience', () => sign(es, claims({ aud: `${audience} evil` }))],
    ['an issuer with a slash more', '401 unknown-issuer', () => sign(es, claims({ iss: `${issuer.url}/` }))],
    [
      'an issuer with a name before it',
      '401 unknown-issuer',
      () => sign(es, claims({ iss: issuer.url.replace('//', '//evil@') })),
    ],
  ])('%s', async (_, expected, token) => {
    expect(await outcome(await token())).toBe(expected)
  })
})

describe('attacks on what is remembered', () => {
  it('a token that is remembered vouches for no other: the whole of it is what is known', async () => {
    const by = verifier()
    const token = await sign(es, claims())
    expect(await outcome(token, by)).toBe('User:secret-subject')
    const [first = '', second = '', third = ''] = token.split('.')
    const evil = base64url.encode(JSON.stringify(claims({ sub: 'root' })))
    const flipped = `${third[0] === 'A' ? 'B' : 'A'}${third.slice(1)}`
    for (const text of [`${first}.${evil}.${third}`, `${first}.${second}.${flipped}`, `${first}.${second}.`])
      expect(await outcome(text, by)).toBe('401 wrong-signature')
    expect(await outcome(token, by)).toBe('User:secret-subject')
  })

  it('whoever gets a request cannot change it for the next', async () => {
    const by = verifier()
    const credentials = { authorization: `Bearer ${await sign(es, claims({ act: undefined, deep: { list: [1] } }))}` }
    const ask = async () => (await by.verify({ ...credentials, method: 'POST', url: audience })).request
    const first = (await ask()) as unknown as { actor: string; token: { scopes: string[]; deep: { list: number[] } } }
    expect(() => first.token.scopes.push('admin')).toThrow(TypeError)
    expect(() => first.token.deep.list.push(2)).toThrow(TypeError)
    expect(() => {
      first.actor = 'User:root'
    }).toThrow(TypeError)
    expect(await ask()).toMatchObject({
      actor: 'User:secret-subject',
      token: { scopes: ['repo'], deep: { list: [1] } },
    })
  })

  it('a token that is bound to a key is none without, however often it was remembered', async () => {
    const by = verifier()
    const token = await sign(es, claims({ cnf: { jkt: es.thumbprint } }))
    for (const scheme of ['DPoP', 'Bearer', 'Bearer', 'DPoP'])
      expect(await outcome(token, by, scheme)).toBe('401 dpop-required')
  })

  it('a key that is withdrawn counts until keys are fetched again, and no longer', async () => {
    const by = verifier({ remember: 0 })
    const token = await sign(es, claims({ exp: seconds + 7200 }))
    expect(await outcome(token, by)).toBe('User:secret-subject')
    publish(issuer, [ed.jwk])
    time += 599_000
    expect(await outcome(token, by)).toBe('User:secret-subject')
    await vi.waitUntil(() => issuer.asked.filter((path) => path === '/keys').length === 2)
    await vi.waitUntil(async () => (await outcome(token, by)) === '401 wrong-key')
  })

  it('opaque tokens that are made up are asked about, but not more than a hundred at a time', async () => {
    const waiting: (() => void)[] = []
    issuer.routes.set('/introspect', (_, response) => {
      waiting.push(() => response.end('{"active":false}'))
    })
    const by = verifier({}, { introspection: { clientId: 'a', clientSecret: 'b' } })
    const said = Array.from({ length: 130 }, (_, i) => outcome(`made-up-${i}`, by))
    await vi.waitUntil(() => waiting.length === 100)
    expect(await outcome('one-more', by)).toBe('401 introspection-unavailable')
    for (const answer of waiting) answer()
    const counted = (await Promise.all(said)).filter((each) => each === '401 inactive')
    expect([counted.length, waiting.length]).toEqual([100, 100])
  })
})

describe('attacks by what an issuer answers', () => {
  const route = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    issuer.routes.set('/keys', (_, response) => response.writeHead(200, headers).end(body))
  const metadata = (more: object) =>
    issuer.routes.set(metadataPath, json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...more }))
  const set = () => JSON.stringify({ keys: [es.jwk] })
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })

  it.each<[string, string, () => unknown]>([
    [
      'keys that unpack to 10 MB',
      '401 keys-too-large',
      () => route(gzipSync(Buffer.alloc(10_000_000, 32)), { 'content-encoding': 'gzip' }),
    ],
    ['keys that are said to be packed', '401 keys-unavailable', () => route(set(), { 'content-encoding': 'gzip' })],
    ['keys that are said to be a page', 'User:secret-subject', () => route(set(), { 'content-type': 'text/html' })],
    [
      'a page that is said to be keys',
      '401 keys-unusable',
      () => route('<html>', { 'content-type': 'application/json' }),
    ],
    ['keys that are given twice', '401 keys-unusable', () => route(`{"keys":[],${set().slice(1)}`)],
    ['keys of a prototype', '401 keys-unusable', () => route(`{"__proto__":${set()}}`)],
    ['keys as deep as a well', '401 keys-unusable', () => route(`{"keys":${'['.repeat(100)}${']'.repeat(100)}}`)],
    [
      'two keys of one name',
      '401 wrong-key',
      () =>
        route(
          JSON.stringify({
            keys: [es.jwk, { ...ed.jwk, alg: 'ES256', kty: 'EC', crv: 'P-256', x: es.jwk.x, y: es.jwk.y, kid: 'one' }],
          }),
        ),
    ],
    [
      'metadata elsewhere',
      '401 metadata-unavailable',
      () => issuer.routes.set(metadataPath, (_, response) => response.writeHead(307, { location: '/keys' }).end()),
    ],
    ...[
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/keys',
      'https://[::1]/keys',
      'https://[::ffff:127.0.0.1]/keys',
      'https://167772161/keys',
      'https://0xa.1/keys',
      'https://localhost/keys',
      'https://keys.localhost./keys',
      'http://localhost/keys',
      'http://192.168.0.1/keys',
      'file:///etc/passwd',
      'data:application/json,{"keys":[]}',
      'https://user:pass@keys.example/keys',
    ].map((url): [string, string, () => unknown] => [
      `keys at ${url}`,
      '401 keys-unusable',
      () => metadata({ jwks_uri: url }),
    ]),
  ])('%s', async (_, expected, prepare) => {
    prepare()
    expect(await outcome(await sign(es, claims()))).toBe(expected)
  })

  it('an RSA key of 1024 bits is no key', async () => {
    const jwk = { ...(await exportJWK(weak.publicKey)), kid: 'weak', alg: 'RS256' }
    route(JSON.stringify({ keys: [jwk] }))
    const input = raw('{"alg":"RS256","kid":"weak","typ":"at+jwt"}', payload()).slice(0, -1)
    const { sign: signWith } = await import('node:crypto')
    const signature = signWith('sha256', Buffer.from(input), weak.privateKey).toString('base64url')
    expect(await outcome(`${input}.${signature}`)).toBe('401 wrong-signature')
  })

  it('keys that come in drops are given up, all together after five seconds', async () => {
    const { timeout } = AbortSignal
    const clock = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout.call(AbortSignal, ms / 50))
    issuer.routes.set('/keys', (_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 5)
      response.once('close', () => clearInterval(drip))
    })
    try {
      expect(await outcome(await sign(es, claims()))).toBe('401 keys-unavailable')
    } finally {
      clock.mockRestore()
    }
  })

  it('a secret is sent to no place that only the metadata names, and that nobody outside reaches', async () => {
    metadata({ introspection_endpoint: 'https://169.254.169.254/introspect' })
    const by = verifier({}, { introspection: { clientId: 'a', clientSecret: 'b' } })
    expect(await outcome('opaque', by)).toBe('401 introspection-unusable')
  })

  it('what the operator has said may be anywhere', async () => {
    metadata({ jwks_uri: 'https://10.0.0.1/keys' })
    expect(await outcome(await sign(es, claims()), verifier({}, { jwksUri: `${issuer.url}/keys` }))).toBe(
      'User:secret-subject',
    )
  })
})

describe('what is asked of issuers ahead', () => {
  it('is there for the first request, and what cannot be had is told', async () => {
    const by = verifier()
    expect(await by.prepare()).toEqual([])
    expect(issuer.asked).toEqual([metadataPath, '/keys'])
    expect(await outcome(await sign(es, claims()), by)).toBe('User:secret-subject')
    expect(issuer.asked).toHaveLength(2)
  })

  it.each<[string, string, object]>([
    ['another issuer', 'metadata-mismatch', { issuer: 'https://other.example/' }],
    ['an issuer that only looks the same', 'metadata-mismatch', { issuer: 'http://127.0.0.1/' }],
    ['nobody', 'metadata-mismatch', { issuer: undefined }],
    ['no keys', 'metadata-unusable', { jwks_uri: undefined }],
  ])('metadata about %s is told', async (_, reason, more) => {
    issuer.routes.set(metadataPath, json({ issuer: issuer.url, ...more }))
    const [refusal, ...others] = await verifier().prepare()
    expect([refusal?.reason, others]).toEqual([reason, []])
    if ('issuer' in more && more.issuer !== undefined)
      expect(refusal?.message).toContain(`another issuer: \`${more.issuer}\``)
  })
})
