import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { policyFiles, runGateway } from '../../../src/surfaces/mcp/index.ts'
import { folder, scriptedServer } from '../running-gateway.ts'
import { type Asked, ask, call, json, listening, post, session, standalone, upstream } from './listening.ts'

/** An upstream that says yes to all, and a listener before it. */
async function served(options: Partial<Parameters<typeof listening>[0]> = {}) {
  const server = await upstream((message, _, response) => {
    if (message.method === 'initialize') {
      return json(response, { id: message.id ?? null, result: { protocolVersion: '2025-11-25', capabilities: {} } })
    }
    if (message.id === undefined) return response.writeHead(message.method === undefined ? 405 : 202).end()
    return json(response, { id: message.id, result: { content: [] } })
  })
  const gateway = await listening({ reach: { url: server.url, headers: { authorization: 'Bearer ours' } }, ...options })
  return { ...gateway, seen: server.seen, methods: server.methods }
}

describe('a request that is not one of the protocol', () => {
  const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
  const big = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${'x'.repeat(5_000_000)}"}}`
  const cases: readonly (readonly [what: string, asked: Asked & { path?: string }, status: number, code?: number])[] = [
    ['under another host name', { body: ping, headers: { host: 'evil.example' } }, 403],
    ['under a name that only begins like ours', { body: ping, headers: { host: 'localhost.evil.example' } }, 403],
    ['from a page of another site', { body: ping, headers: { origin: 'https://evil.example' } }, 403],
    ['from a page of no site', { body: ping, headers: { origin: 'null' } }, 403],
    ['from a page of another port', { body: ping, headers: { origin: 'http://127.0.0.1:1' } }, 403],
    ['from a page of this host without its port', { body: ping, headers: { origin: 'http://127.0.0.1' } }, 403],
    ['for another server', { body: ping, path: '/other' }, 404],
    ['for no server', { body: ping, path: '/s/s' }, 404],
    ['by a method that is none', { method: 'PUT', body: ping }, 405],
    ['of another content type', { body: ping, headers: { 'content-type': 'text/plain' } }, 415],
    ['that is compressed', { body: ping, headers: { 'content-encoding': 'gzip' } }, 415],
    ['whose answer could not be a stream', { body: ping, headers: { accept: 'application/json' } }, 406],
    ['of 5 MB', { body: big }, 413],
    ['in no JSON', { body: '{"jsonrpc"' }, 400, -32700],
    ['with a key twice', { body: '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}' }, 400, -32700],
    ['in a batch', { body: `[${ping}]` }, 400, -32600],
    ['without a session', { body: ping }, 400],
    ['whose headers say another method', { body: ping, headers: { 'mcp-method': 'tools/call' } }, 400, -32020],
    ['of a session that is none', { body: ping, headers: { 'mcp-session-id': 'x' } }, 404],
    ['to listen without a session', { method: 'GET' }, 405],
    ['to end no session', { method: 'DELETE' }, 405],
    ['to listen to no session', { method: 'GET', headers: { 'mcp-session-id': 'x' } }, 404],
    [
      'of the later revision by its header only',
      { body: ping, headers: { 'mcp-protocol-version': '2026-07-28' } },
      400,
      -32602,
    ],
  ]

  it('is refused in HTTP, before anything reaches the server', async () => {
    const { url, seen } = await served()
    for (const [what, { path = '/s', ...asked }, status, code = -32000] of cases) {
      const answer = await ask(url.replace(/\/s$/, path), asked)
      expect([what, answer.status, answer.messages]).toMatchObject([what, status, [{ error: { code } }]])
    }
    expect(seen).toEqual([])
  })

  it('in a session is refused, too', async () => {
    const { url, methods } = await served()
    const headers = await session(url)
    expect(await post(url, { id: 1, method: 'initialize' }, headers)).toMatchObject({ status: 400 })
    const version = { ...headers, 'mcp-protocol-version': '2026-07-28' }
    expect(await post(url, { id: 1, method: 'ping' }, version)).toMatchObject({ status: 400 })
    const { message } = standalone(1, 'ping')
    expect(await post(url, message, headers)).toMatchObject({ status: 400 })
    const resumed = { ...headers, 'last-event-id': '7-7' }
    expect(await ask(url, { method: 'GET', headers: resumed })).toMatchObject({ status: 400 })
    await post(url, call(2, 'echo'), headers)
    expect(methods()).toEqual(['initialize', 'notifications/initialized', 'tools/call'])
  })

  it.each([
    ['Mcp-Method', { 'mcp-method': 'ping' }],
    ['Mcp-Name', { 'mcp-name': 'other' }],
    ['Mcp-Name', { 'mcp-name': '=?base64?!?=' }],
    ['MCP-Protocol-Version', { 'mcp-protocol-version': '2026-07-29' }],
  ])('because %s says something else than its body is refused: %j', async (_, wrong) => {
    const { url, seen } = await served()
    const { message, headers } = standalone(1, 'tools/call', { name: 'echo', arguments: {} })
    const answer = await post(url, message, { ...headers, ...wrong })
    expect(answer).toMatchObject({ status: 400, messages: [{ id: 1, error: { code: -32020 } }] })
    const missing = Object.fromEntries(Object.entries(headers).filter(([name]) => !Object.hasOwn(wrong, name)))
    expect(await post(url, message, missing)).toMatchObject({ status: 400, messages: [{ error: { code: -32020 } }] })
    expect(seen).toEqual([])
    expect(await post(url, message, headers)).toMatchObject({ status: 200 })
  })
})

describe('a request of a revision that has sessions', () => {
  it('does not stand for itself', async () => {
    const { url, seen } = await served()
    const version = '2025-11-25'
    const params = { name: 'echo', _meta: { 'io.modelcontextprotocol/protocolVersion': version } }
    const headers = { 'mcp-protocol-version': version, 'mcp-method': 'tools/call', 'mcp-name': 'echo' }
    expect(await post(url, { id: 1, method: 'tools/call', params }, headers)).toMatchObject({ status: 400 })
    expect(seen).toEqual([])
  })
})

describe('a call whose headers only the definition of its tool tells to be wrong', () => {
  const inputSchema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
  const tools = ['open', 'hidden'].map((name) => ({ name, inputSchema }))

  it('tells nothing of a tool that is hidden', async () => {
    const path = folder({
      'p.licet': 'actor User\nserver s from "./s.lock.json" { allow call open }\n',
      's.lock.json': JSON.stringify({ lock: 1, server: 's', tools }),
    })
    const server = await upstream((message, _, response) =>
      json(response, {
        id: message.id ?? null,
        result: message.method === 'tools/list' ? { tools } : { capabilities: { tools: {} } },
      }),
    )
    const source = policyFiles({ policies: [join(path, 'p.licet')] })
    const { url } = await listening({ reach: { url: server.url }, server: { source } })
    const answers = await Promise.all(
      ['open', 'hidden', 'nothing'].map(async (name, id) => {
        const { message, headers } = standalone(id, 'tools/call', { name, arguments: { region: 'eu' } })
        const { status, text } = await post(url, message, headers)
        return [status, text.replaceAll(name, 'it').replaceAll(`:${id}`, ':0')]
      }),
    )
    const [open, hidden, nothing] = answers
    expect(open).toEqual([400, expect.stringContaining('-32020')])
    expect(hidden).toEqual(nothing)
    expect(server.methods()).not.toContain('tools/call')
  })
})

describe('a request that stands for itself', () => {
  it.each(['initialize', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe'])(
    'cannot change what the server keeps for others: %s',
    async (method) => {
      const { url, seen } = await served()
      const { message, headers } = standalone(1, method)
      expect(await post(url, message, headers)).toMatchObject({ status: 404, messages: [{ error: { code: -32601 } }] })
      expect(seen).toEqual([])
    },
  )
})

describe('credentials', () => {
  it('of the client go no further; the server gets those of the configuration', async () => {
    const { url, seen, methods } = await served()
    const secret = {
      authorization: 'Bearer theirs',
      cookie: 'theirs=1',
      'proxy-authorization': 'Basic theirs',
      'x-forwarded-for': '10.0.0.1',
      forwarded: 'for=10.0.0.1',
      'x-api-key': 'theirs',
    }
    const headers = await session(url, secret)
    await post(url, call(1, 'echo'), headers)
    const { message, headers: mirrored } = standalone(1, 'tools/call', { name: 'echo', arguments: {} })
    await post(url, message, { ...secret, ...mirrored })
    expect(methods().filter((method) => method === 'tools/call').length).toBe(2)
    for (const request of seen) {
      expect(request.headers.authorization).toBe('Bearer ours')
      expect(request.rawHeaders.join('\n')).not.toMatch(/theirs|10\.0\.0\.1/)
      expect(request.headers['mcp-session-id']).toBeUndefined()
    }
  })

  const authenticate = ({ headers }: { headers: Headers }) => {
    const token = headers.get('authorization')
    if (token === 'Bearer broken') throw new Error('no')
    if (token === 'Bearer ann') return { actor: 'User:ann' }
    return token === 'Bearer ben' ? { actor: 'User:ben' } : undefined
  }

  it('that are missing or wrong are told apart, as RFC 6750 has it', async () => {
    const { url, seen } = await served({ authenticate, server: { metadata: 'https://example.com/meta' } })
    const none = await post(url, { id: 1, method: 'initialize' })
    expect(none.status).toBe(401)
    expect(none.headers['www-authenticate']).toBe('Bearer resource_metadata="https://example.com/meta"')
    const wrong = await post(url, { id: 1, method: 'initialize' }, { authorization: 'Bearer x' })
    expect(wrong.status).toBe(401)
    expect(wrong.headers['www-authenticate']).toContain('error="invalid_token"')
    const broken = await post(url, { id: 1, method: 'initialize' }, { authorization: 'Bearer broken' })
    expect(broken.status).toBe(500)
    expect(seen).toEqual([])
  })

  it('that cannot be looked at begin no line of the log, and steer no terminal', async () => {
    const { url, told, errors } = await served({
      authenticate: () => {
        throw new Error('no such token: \u009b2J\nlicet: all is well')
      },
    })
    await post(url, { id: 1, method: 'initialize' }, { authorization: 'Bearer x' })
    await told('no such token')
    const line = errors()
      .split('\n')
      .find((one) => one.includes('no such token'))
    expect(line).toBe('licet: a request could not be answered: no such token: \\u{9b}2J\\u{a}licet: all is well')
  })

  it('of another do not open a session', async () => {
    const { url } = await served({ authenticate })
    const headers = await session(url, { authorization: 'Bearer ann' })
    const { status } = await post(url, call(1, 'echo'), { ...headers, authorization: 'Bearer ben' })
    expect(status).toBe(404)
    expect(await ask(url, { method: 'DELETE', headers: { ...headers, authorization: 'Bearer ben' } })).toMatchObject({
      status: 404,
    })
    expect(await post(url, call(1, 'echo'), headers)).toMatchObject({ status: 200 })
  })

  it('decide each request for itself', async () => {
    const { url } = await served({ authenticate, rules: 'allow call * if actor == User:ann' })
    const { message, headers } = standalone(1, 'tools/call', { name: 'echo', arguments: {} })
    const asked = (authorization: string) => post(url, message, { ...headers, authorization })
    expect(await asked('Bearer ann')).toMatchObject({ messages: [{ id: 1, result: {} }] })
    expect(await asked('Bearer ben')).toMatchObject({ messages: [{ id: 1, error: { code: -32003 } }] })
  })
})

describe('a listener', () => {
  const refused = async (options: object): Promise<string> => {
    const { status, errors } = await listening({ reach: scriptedServer('plain'), ...options })
    expect(await status).toBe(1)
    return errors()
  }

  it('does not start for everybody without saying for whom', async () => {
    expect(await refused({ server: { principal: undefined } })).toContain('a way to authenticate')
  })

  it('for one principal does not start where others can reach it', async () => {
    expect(await refused({ listen: { host: '0.0.0.0', port: 0 } })).toContain('for loopback only')
  })

  it('says where it cannot listen', async () => {
    const { url } = await served()
    expect(await refused({ listen: { port: Number(new URL(url).port) } })).toContain('cannot listen on 127.0.0.1')
  })

  it('does not start with a policy that cannot be used', async () => {
    expect(await refused({ rules: 'allow' })).toContain('error[syntax]')
  })

  it('serves several servers, each by its name, and no two of one name', async () => {
    const servers = (names: readonly string[]) =>
      names.map((server) => ({
        ...scriptedServer('plain'),
        server,
        source: { load: () => ({ facts: [], diagnostics: [], sources: [] }) },
        principal: { actor: null },
      }))
    const listen = { port: 0 }
    let told = ''
    const errors = { write: (text: string) => (told += text), on: () => {} } as never
    expect(await runGateway({ servers: servers(['a', 'a']), listen, errors })).toBe(1)
    expect(told).toContain('two servers are called a')
  })

  it('ends its connections, its servers and itself when it is told to', async () => {
    const { url, end, status } = await listening({ reach: scriptedServer('plain') })
    const headers = await session(url)
    const hearing = ask(url, { method: 'GET', headers }).catch(() => undefined)
    end()
    expect(await status).toBe(0)
    await hearing
    await expect(post(url, call(1, 'echo'), headers)).rejects.toThrow()
  })
})
