import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as MemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { createMcpHandler, McpServer as McpServerV2, InMemoryTransport as MemoryV2 } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../../../src/base/json.ts'
import { compile, createEngine } from '../../../src/index.ts'
import { createGuard, type GuardOptions, guard, guardHandler } from '../../../src/surfaces/mcp/index.ts'
import { greet, httpClient, streamClient } from '../skins/raw-client.ts'

const info = { name: 'notes', version: '1' }

function engineOf(rules: string) {
  const { policy, diagnostics } = compile(`actor User {}\nserver notes {\n${rules}\n}`)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const facts = [
    { type: 'User', id: 'ann' },
    { type: 'User', id: 'bob' },
  ]
  return createEngine(policy, { facts })
}

const ann: GuardOptions = { server: 'notes', principal: { actor: 'User:ann' }, report: () => {} }
const open = 'allow read "note://{id}" allow call read'

/** A server of both majors, with one note that everybody may read and one secret. */
function fill(server: McpServerV1 | McpServerV2, read: string[] = []): void {
  const resource = (uri: string) => {
    ;(server as McpServerV2).registerResource(uri, uri, {}, () => {
      read.push(uri)
      return { contents: [{ uri, text: uri }] }
    })
  }
  resource('note://a')
  resource('secret://x')
  const inputSchema = z.object({ path: z.string().optional() })
  ;(server as McpServerV2).registerTool('read', { inputSchema }, () => ({ content: [{ type: 'text', text: 'read' }] }))
  ;(server as McpServerV2).registerTool('fail', { inputSchema }, () => {
    throw new Error('it failed')
  })
}

async function connected(
  server: { connect(transport: never): Promise<void> },
  Memory: { createLinkedPair(): [MemoryV1, MemoryV1] } | { createLinkedPair(): [MemoryV2, MemoryV2] },
) {
  const [near, far] = Memory.createLinkedPair()
  let authInfo: unknown
  const client = streamClient('legacy', (message) => void near.send(message as never, { authInfo } as never))
  near.onmessage = (message: unknown) => client.receive(message as JsonObject)
  await near.start()
  await server.connect(far as never)
  return {
    client,
    as: (token: unknown) => {
      authInfo = token
    },
  }
}

const majors = [
  ['1.x', MemoryV1, (options?: object) => new McpServerV1(info, options)],
  ['2.x', MemoryV2, (options?: object) => new McpServerV2(info, options)],
] as const
const isDenied = { error: { code: -32003 } }

describe.each(majors)('a server of SDK %s', (_, Memory, create) => {
  it('is guarded whatever is registered before or after, by the constructor too', async () => {
    const read: string[] = []
    const server = create({ capabilities: { resources: { subscribe: true }, tools: {}, prompts: {} } })
    guard(server, engineOf(open), ann)
    fill(server, read)
    const { client } = await connected(server, Memory)
    await greet('legacy', client)
    expect(await client.request('resources/read', { uri: 'note://a' })).toHaveProperty('result')
    expect(await client.request('resources/read', { uri: 'secret://x' })).toMatchObject(isDenied)
    expect(read).toEqual(['note://a'])

    const before = create()
    fill(before)
    const again = await connected(guard(before, engineOf(open), ann), Memory)
    await greet('legacy', again.client)
    expect(await again.client.request('resources/read', { uri: 'secret://x' })).toMatchObject(isDenied)
  })

  it('is guarded when the server inside it is connected', async () => {
    const server = create()
    fill(server)
    guard(server, engineOf(open), ann)
    const { client } = await connected(server.server as never, Memory)
    expect(await client.request('resources/read', { uri: 'secret://x' })).toMatchObject(isDenied)
  })

  it('answers a denial with an error: only what a tool does by itself is a result', async () => {
    const server = create()
    fill(server)
    const { client } = await connected(
      guard(server, engineOf(`${open} allow call fail if args.path == "x"`), ann),
      Memory,
    )
    await greet('legacy', client)
    const fail = (path: string) => client.request('tools/call', { name: 'fail', arguments: { path } })
    expect(await fail('x')).toMatchObject({ result: { isError: true } })
    expect(await fail('y')).toMatchObject(isDenied)
  })

  it('is one of the caller’s whom the token of each message names', async () => {
    const server = create()
    fill(server)
    const { client, as } = await connected(
      guard(server, engineOf('allow call read if scope("read")'), {
        ...ann,
        principal: ({ authInfo }) =>
          authInfo && {
            actor: `User:${authInfo.clientId}`,
            token: { scopes: authInfo.scopes, sub: authInfo.clientId },
          },
      }),
      Memory,
    )
    const call = () => client.request('tools/call', { name: 'read', arguments: {} })
    expect(await call()).toMatchObject({ error: { message: 'not permitted: the caller is not authenticated' } })
    as({ token: 't', clientId: 'ann', scopes: [] })
    await greet('legacy', client)
    expect(await call()).toMatchObject(isDenied)
    as({ token: 't', clientId: 'ann', scopes: ['read'] })
    expect(await call()).toHaveProperty('result')
    // The connection is Ann's.
    as({ token: 't', clientId: 'bob', scopes: ['read'] })
    expect(await call()).toMatchObject(isDenied)
  })

  it('answers where nobody can tell whose a message is', async () => {
    const server = create()
    const failing = guard(server, engineOf(open), {
      ...ann,
      principal: () => {
        throw new Error('the key is not there')
      },
    })
    const { client } = await connected(failing, Memory)
    expect(await client.request('ping')).toMatchObject({ error: { code: -32603, message: 'internal error' } })
  })

  it('cannot be guarded once it is connected', async () => {
    const server = create()
    await connected(server, Memory)
    expect(() => guard(server, engineOf(open), ann)).toThrow(TypeError)
  })

  it('follows the policy of the engine', async () => {
    const engine = engineOf('allow call fail')
    const server = create()
    fill(server)
    const { client } = await connected(guard(server, engine, ann), Memory)
    await greet('legacy', client)
    const call = () => client.request('tools/call', { name: 'read', arguments: {} })
    expect(await call()).toMatchObject(isDenied)
    engine.replace(engineOf(open).policy)
    expect(await call()).toHaveProperty('result')
  })

  it('has what outlives a connection with the others of its guard', async () => {
    const guarded = createGuard(engineOf(`${open} limit call read to 3 per 1m by actor`), ann)
    const outcomes: boolean[] = []
    for (let i = 0; i < 4; i++) {
      const server = guarded(create())
      fill(server)
      const { client } = await connected(server, Memory)
      await greet('legacy', client)
      outcomes.push('result' in (await client.request('tools/call', { name: 'read', arguments: {} })))
    }
    expect(outcomes).toEqual([true, true, true, false])
  })

  it('says that the policy does not know it', async () => {
    const reports: string[] = []
    guard(create(), engineOf(open), { ...ann, server: 'other', report: (problem) => reports.push(problem) })
    expect(reports).toEqual(['the policy has no block for the server other: all that it offers is denied'])
  })
})

describe('the verifier of SDK 2.x', () => {
  it('tells the guard whose a request is, and the servers behind it', async () => {
    const told: unknown[] = []
    const handler = createMcpHandler(({ authInfo }) => {
      told.push(authInfo?.clientId)
      const server = new McpServerV2(info)
      fill(server)
      return server
    })
    const { principal: _, ...options } = ann
    const guarded = guardHandler(handler.fetch, engineOf('allow call read if scope("read")'), {
      ...options,
      authenticate: (_request, context) =>
        context?.authInfo && { actor: 'User:ann', token: { scopes: context.authInfo.scopes } },
    })
    const call = (scopes: string[]) =>
      httpClient('modern', (request) => guarded(request, { authInfo: { token: 't', clientId: 'c', scopes } })).request(
        'tools/call',
        { name: 'read', arguments: {} },
      )
    expect(await call([])).toMatchObject({ status: 403, challenge: expect.stringContaining('scope="read"') })
    expect(told).toEqual([])
    expect(await call(['read'])).toMatchObject({ status: 200, result: { content: [{ text: 'read' }] } })
    expect(told).toEqual(['c'])
    expect(await httpClient('modern', guarded).request('tools/list')).toMatchObject({ status: 401 })
  })
})

describe('the client of SDK 1.x', () => {
  it('works as before with what it may use', async () => {
    const server = new McpServerV1(info)
    fill(server)
    const [near, far] = MemoryV1.createLinkedPair()
    const client = new ClientV1({ name: 'c', version: '1' })
    await Promise.all([client.connect(near), guard(server, engineOf(open), ann).connect(far)])
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read'])
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['note://a'])
    expect(await client.callTool({ name: 'read', arguments: {} })).toMatchObject({ content: [{ text: 'read' }] })
    await expect(client.readResource({ uri: 'secret://x' })).rejects.toMatchObject({ code: -32003 })
  })
})

describe('`subscriptions/listen`, which `createMcpHandler` serves before any server sees it', () => {
  const rules = 'allow read, subscribe "note://{id}"'
  const factory = () => {
    const server = new McpServerV2(info, { capabilities: { resources: { subscribe: true } } })
    fill(server)
    return server
  }
  const listen = { notifications: { resourceSubscriptions: ['note://a', 'secret://x'] } }

  it('is judged by the guard around the handler, and so is what it brings', async () => {
    const handler = createMcpHandler(factory)
    const { principal: _, ...options } = ann
    const guarded = guardHandler(handler.fetch, engineOf(rules), {
      ...options,
      authenticate: () => ({ actor: 'User:ann' }),
    })
    const client = httpClient('modern', guarded)
    const stream = new Response((await rawListen(guarded)).body)
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    const acknowledged = (await reader?.read())?.value
    expect(acknowledged).toContain('"resourceSubscriptions":["note://a"]')
    expect(acknowledged).toContain('"io.modelcontextprotocol/subscriptionId":"mine"')
    handler.notify.resourceUpdated('secret://x')
    handler.notify.resourceUpdated('note://a')
    expect((await reader?.read())?.value).toContain('"uri":"note://a"')
    await reader?.cancel()
    expect(await client.request('resources/read', { uri: 'secret://x' })).toMatchObject(isDenied)
    await handler.close()
  })

  it('brings what is judged under `serveStdio`, too, where the servers are guarded', async () => {
    const guarded = createGuard(engineOf(rules), ann)
    const servers: McpServerV2[] = []
    const [near, far] = MemoryV2.createLinkedPair()
    const client = streamClient('modern', (message) => void near.send(message as never))
    near.onmessage = (message) => client.receive(message as unknown as JsonObject)
    await near.start()
    const making = () => {
      const server = guarded(factory())
      servers.push(server)
      return server
    }
    serveStdio(making, { transport: far })
    expect(await client.request('resources/read', { uri: 'secret://x' })).toMatchObject(isDenied)
    void client.request('subscriptions/listen', listen)
    await expect.poll(() => client.received).toHaveLength(1)
    await servers[0]?.server.sendResourceUpdated({ uri: 'secret://x' })
    await servers[0]?.server.sendResourceUpdated({ uri: 'note://a' })
    await expect.poll(() => client.received).toHaveLength(2)
    expect(client.received[1]?.params).toMatchObject({ uri: 'note://a' })
  })

  it('is not seen by a guard of the servers alone, as its documentation says', async () => {
    const guarded = createGuard(engineOf(rules), ann)
    const client = httpClient('modern', createMcpHandler(() => guarded(factory())).fetch)
    await client.request('subscriptions/listen', listen)
    expect(client.received[0]?.params).toMatchObject(listen)
    expect(await client.request('resources/read', { uri: 'secret://x' })).toMatchObject(isDenied)
  })

  function rawListen(fetch: (request: Request) => Promise<Response>): Promise<Response> {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': info,
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    return fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'subscriptions/listen',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 'mine',
          method: 'subscriptions/listen',
          params: { ...listen, _meta },
        }),
      }),
    )
  }
})
