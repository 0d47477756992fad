import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import { clientDocuments } from '../../src/surfaces/claims/clients/index.ts'
import { isPublic } from '../../src/surfaces/claims/clients/public-address.ts'
import { agentRecord } from '../../src/surfaces/claims/index.ts'
import { json, type TestIssuer, testIssuer } from './verify/issuer.ts'

let host: TestIssuer
let time = 0
beforeAll(async () => {
  host = await testIssuer()
})
afterAll(() => host.close())
beforeEach(() => {
  host.routes.clear()
  host.asked.length = 0
})

const documents = (loopback = true) => clientDocuments({ loopback, now: () => time })
const id = () => `${host.url}/client.json`
const metadata = (more: object = {}) => ({
  client_id: id(),
  client_name: 'App',
  redirect_uris: ['https://app.example/cb'],
  ...more,
})
const serve = (answer: (response: ServerResponse) => void) =>
  void host.routes.set('/client.json', (_, response) => answer(response))

describe('a client whose ID is the URL of a document', () => {
  it('is an agent with what the document says', async () => {
    host.routes.set('/client.json', json(metadata({ software_id: '4NRB1', admin: true })))
    const { agent, metadata: whole } = await documents().get(id())
    expect(agent).toEqual({
      type: 'Agent',
      id: id(),
      client_name: 'App',
      redirect_uris: ['https://app.example/cb'],
      software_id: '4NRB1',
    })
    expect(whole).toMatchObject({ admin: true })
  })

  it.each<[string, string, () => void]>([
    ['no document', 'unavailable', () => {}],
    ['a server that fails', 'unavailable', () => serve((response) => response.writeHead(500).end())],
    [
      'a document elsewhere',
      'unavailable',
      () => serve((response) => response.writeHead(302, { location: '/other' }).end()),
    ],
    ['a connection that breaks off', 'unavailable', () => serve((response) => void response.destroy())],
    ['a book', 'too-large', () => serve((response) => response.end(' '.repeat(70_000)))],
    ['a page', 'malformed-document', () => serve((response) => response.end('<html>'))],
    ['bytes', 'malformed-document', () => serve((response) => response.end(Buffer.from([0x22, 0xff, 0x22])))],
    ['a list', 'malformed-document', () => host.routes.set('/client.json', json([]))],
    [
      'a document with a member given twice',
      'malformed-document',
      () => serve((response) => response.end(`{"client_id":"${id()}","client_id":"${id()}"}`)),
    ],
    [
      'a document of another shape',
      'malformed-document',
      () => host.routes.set('/client.json', json(metadata({ redirect_uris: 'x' }))),
    ],
    [
      'a document about another client',
      'client-mismatch',
      () => host.routes.set('/client.json', json(metadata({ client_id: `${host.url}/other.json` }))),
    ],
    ['a document about nobody', 'client-mismatch', () => host.routes.set('/client.json', json({}))],
    [
      'a secret that everybody can read',
      'shared-secret',
      () => host.routes.set('/client.json', json(metadata({ client_secret: 's' }))),
    ],
    [
      'a method that takes a secret',
      'shared-secret',
      () => host.routes.set('/client.json', json(metadata({ token_endpoint_auth_method: 'client_secret_post' }))),
    ],
  ])('%s', async (_, code, prepare) => {
    prepare()
    expect((await documents().get(id())).problem?.code).toBe(code)
  })

  it.each([
    'client',
    'http://app.example/client.json',
    'https://app.example/',
    'https://app.example',
    'https://app.example/client.json#top',
    'https://ann@app.example/client.json',
    'https://app.example/a/../client.json',
    'https://APP.example/client.json',
    'ftp://app.example/client.json',
    `https://app.example/${'a'.repeat(3000)}`,
  ])('is no ID: %.60s', async (clientId) => {
    expect((await documents(false).get(clientId)).problem?.code).toBe('malformed-client-id')
  })

  it('is not looked for over an open line but on this machine', async () => {
    expect((await documents(true).get('http://app.example/client.json')).problem?.code).toBe('malformed-client-id')
  })

  it.each([
    'https://127.0.0.1/client.json',
    'https://localhost/client.json',
    'https://10.0.0.1/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/client.json',
    'https://[::ffff:7f00:1]/client.json',
    'https://0.0.0.0/client.json',
  ])('is not looked for on a private address: %s', async (clientId) => {
    expect((await documents(false).get(clientId)).problem?.code).toBe('private-address')
    expect(host.asked).toEqual([])
  })

  it('is looked for once in a while, however often it is asked about, and as its host says', async () => {
    host.routes.set('/client.json', json(metadata(), { 'cache-control': 'max-age=120' }))
    const own = documents()
    await Promise.all([own.get(id()), own.get(id()), own.get(id())])
    time += 119_000
    await own.get(id())
    expect(host.asked.length).toBe(1)
    time += 2_000
    host.routes.clear()
    expect((await own.get(id())).problem?.code).toBe('unavailable')
    await own.get(id())
    expect(host.asked.length).toBe(2)
  })
})

it.each<[string, boolean]>([
  ['8.8.8.8', true],
  ['2606:4700:4700::1111', true],
  ['172.16.0.1', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['127.0.0.2', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::808:808', false],
  ['2002:7f00:1::', false],
  ['2001:db8::1', false],
])('%s is a public address: %s', (address, expected) => {
  expect(isPublic(address, false)).toBe(expected)
})

describe('a policy decides who may register', () => {
  const { policy, diagnostics } = compile(`
    actor User {}
    open actor Agent { redirect_uris: string[], software_id?: string, publisher?: string }
    allow register on Agent if not resource.redirect_uris.isEmpty()
      and resource.redirect_uris.every(uri => uri.startsWith("https://") or uri.startsWith("http://127.0.0.1:"))
      and (resource.software_id ?? "") in ["4NRB1", "assistant"]
    deny register on Agent if resource.redirect_uris.some(uri => uri.includes("evil.example"))
  `)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const engine = createEngine(policy)
  const allowed = (registration: object): boolean => {
    const { agent } = agentRecord({ client_id: 'new', ...registration })
    return agent !== undefined && engine.can(null, 'register', agent)
  }
  it.each<[boolean, object]>([
    [true, { software_id: '4NRB1', redirect_uris: ['https://app.example/cb', 'http://127.0.0.1:3000/cb'] }],
    [false, { software_id: 'other', redirect_uris: ['https://app.example/cb'] }],
    [false, { redirect_uris: ['https://app.example/cb'] }],
    [false, { software_id: '4NRB1', redirect_uris: ['https://app.example/cb', 'app:cb'] }],
    [false, { software_id: '4NRB1', redirect_uris: ['https://evil.example/cb'] }],
    [false, { software_id: '4NRB1', redirect_uris: ['http://127.0.0.1.other.example/cb'] }],
    [false, { software_id: '4NRB1', redirect_uris: [] }],
    [false, { software_id: '4NRB1' }],
    [false, { software_id: '4NRB1', redirect_uris: 'https://app.example/cb' }],
  ])('%s: %j', (expected, registration) => {
    expect(allowed(registration)).toBe(expected)
  })
})
