import { randomUUID } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { ElicitRequestSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compile, createEngine } from '../../../src/index.ts'
import { send } from '../../../src/surfaces/mcp/http/node-response.ts'
import { guardNodeHandler } from '../../../src/surfaces/mcp/index.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

function engineOf(rules: string) {
  const { policy } = compile(`actor User {}\nserver notes { ${rules} }`)
  if (policy === undefined) throw new Error('a policy that does not compile')
  return createEngine(policy, { facts: [{ type: 'User', id: 'ann' }] })
}

function notes(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1' }, { capabilities: { resources: { listChanged: true } } })
  const inputSchema = { path: z.string() }
  const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })
  server.registerTool('read', { inputSchema }, ({ path }) => text(`read ${path}`))
  server.registerTool('count', { inputSchema }, async (_, { sendNotification, _meta }) => {
    for (let progress = 1; progress <= 3; progress++) {
      const progressToken = _meta?.progressToken ?? 0
      await sendNotification({ method: 'notifications/progress', params: { progressToken, progress } })
    }
    return text('counted')
  })
  server.registerTool('ask', { inputSchema }, async () => {
    const answer = await server.server.elicitInput({
      message: 'name?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
    })
    return text(`hello ${String(answer.content?.name)}`)
  })
  server.registerTool('change', { inputSchema }, async () => {
    await server.server.sendResourceListChanged()
    return text('changed')
  })
  return server
}

/** As far as it is used here: the types of Express are not installed. */
type ExpressResponse = ServerResponse & { status(code: number): { json(body: unknown): void } }

/** An Express application as the documentation of the SDK has it: a transport for each session. */
async function application(rules: string): Promise<URL> {
  const app = createMcpExpressApp()
  const transports = new Map<string, StreamableHTTPServerTransport>()
  const guarded = guardNodeHandler(
    async (req, res) => {
      const id = String(req.headers['mcp-session-id'] ?? '')
      const known = transports.get(id)
      if (known !== undefined) return await known.handleRequest(req, res, req.body)
      if ((req.body as { method?: string } | undefined)?.method !== 'initialize') {
        const error = { code: -32000, message: 'Bad Request: no valid session' }
        return (res as ExpressResponse).status(400).json({ jsonrpc: '2.0', error, id: null })
      }
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => void transports.set(session, transport),
      })
      await notes().connect(transport as never)
      return await transport.handleRequest(req, res, req.body)
    },
    engineOf(rules),
    { server: 'notes', authenticate: () => ({ actor: 'User:ann' }), report: () => {} },
  ) as Parameters<typeof app.all>[1]
  app.all('/mcp', guarded)
  const server = app.listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
}

async function connected(rules: string) {
  const url = await application(rules)
  const client = new Client({ name: 'c', version: '1' }, { capabilities: { elicitation: {} } })
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ann' } }))
  const transport = new StreamableHTTPClientTransport(url)
  await client.connect(transport as never)
  return { client, transport, url }
}

const tools = 'allow call * '
const call = (name: string) => ({ name, arguments: { path: 'a' } })

describe('an application of Express', () => {
  it('serves the client of the SDK, with what it may use', async () => {
    const { client } = await connected('allow call read')
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read'])
    expect(await client.callTool(call('read'))).toMatchObject({ content: [{ text: 'read a' }] })
    await expect(client.callTool(call('ask'))).rejects.toMatchObject({ code: -32003 })
  })

  it('streams progress to the request that it belongs to', async () => {
    const { client } = await connected(tools)
    const seen: number[] = []
    await client.callTool(call('count'), undefined, { onprogress: ({ progress }) => seen.push(progress) })
    expect(seen).toEqual([1, 2, 3])
  })

  it('asks its client where that is allowed, and is told at once where it is not', async () => {
    expect(await (await connected(`${tools} allow elicit *`)).client.callTool(call('ask'))).toMatchObject({
      content: [{ text: 'hello Ann' }],
    })
    expect(await (await connected(tools)).client.callTool(call('ask'))).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('not permitted: elicit') }],
    })
  })

  it('has a stream of its own to the client, until the client ends the session', async () => {
    const { client, transport, url } = await connected(tools)
    const changed = new Promise((resolve) => {
      client.fallbackNotificationHandler = async ({ method }) => resolve(method)
    })
    await client.callTool(call('change'))
    expect(await changed).toBe('notifications/resources/list_changed')
    const headers = { 'mcp-session-id': transport.sessionId ?? '', 'content-type': 'application/json' }
    await transport.terminateSession()
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(404)
  })

  it('takes up a stream where its client has lost it', async () => {
    const stored: { stream: string; id: string; message: JSONRPCMessage }[] = []
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: {
        storeEvent: async (stream, message) => {
          const id = `${stream}_${stored.length}`
          stored.push({ stream, id, message })
          return id
        },
        replayEventsAfter: async (last, { send }) => {
          const at = stored.findIndex(({ id }) => id === last)
          const stream = stored[at]?.stream ?? ''
          for (const event of stored.slice(at + 1)) if (event.stream === stream) await send(event.id, event.message)
          return stream
        },
      },
    })
    await notes().connect(transport as never)
    const guarded = guardNodeHandler((req, res) => transport.handleRequest(req, res, req.body), engineOf(tools), {
      server: 'notes',
      authenticate: () => ({ actor: 'User:ann' }),
      report: () => {},
    })
    const server = createServer((req, res) => void guarded(req, res)).listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    const send = (message: object, more = {}) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message })
      return fetch(url, { method: 'POST', headers: { ...headers, ...more }, body })
    }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }
    const begun = await send({ id: 1, method: 'initialize', params })
    const session = {
      'mcp-session-id': begun.headers.get('mcp-session-id') ?? '',
      'mcp-protocol-version': '2025-11-25',
    }
    await begun.text()
    await send({ method: 'notifications/initialized' }, session)
    const answered = await (await send({ id: 2, method: 'tools/call', params: call('read') }, session)).text()
    const first = /id: (\S+)/.exec(answered)?.[1] ?? ''
    expect(answered).toContain('read a')

    const again = await fetch(url, { headers: { ...headers, ...session, 'last-event-id': first } })
    const reader = again.body?.pipeThrough(new TextDecoderStream()).getReader()
    const repeated = (await reader?.read())?.value
    await reader?.cancel()
    expect(repeated).toContain('"id":2')
    expect(repeated).toContain('read a')
  })

  it('answers for itself what it does not pass on', async () => {
    const url = await application(tools)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/list' })
    const response = await fetch(url, { method: 'POST', headers, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: 5,
      error: { code: -32000, message: 'Bad Request: no valid session' },
    })
  })

  it.each([
    ['TRACE /mcp HTTP/1.1', 400],
    ['POST //[ HTTP/1.1', 400],
    ['PUT /mcp HTTP/1.1', 405],
    ['POST /mcp HTTP/1.1\r\nOrigin: https://evil.dev', 403],
    ['POST /mcp HTTP/1.1\r\nOrigin: a\r\nOrigin: b', 403],
  ])('is not reached by %j', async (request, status) => {
    const guarded = guardNodeHandler(
      () => {
        throw new Error('reached')
      },
      engineOf(tools),
      { server: 'notes', authenticate: () => ({ actor: 'User:ann' }), report: () => {} },
    )
    const server = createServer((req, res) => void guarded(req, res)).listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.end(`${request}\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    let answer = ''
    for await (const piece of socket) answer += String(piece)
    expect(answer.split('\r\n')[0]).toContain(String(status))
  })

  it('answers a body that is too large, and goes on', async () => {
    const guarded = guardNodeHandler(() => {}, engineOf(tools), {
      server: 'notes',
      authenticate: () => ({ actor: 'User:ann' }),
      report: () => {},
    })
    const server = createServer((req, res) => void guarded(req, res)).listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ' '.repeat(6 * 1024 * 1024),
    }
    // What is thrown where nobody waits for it fails the run, and would end a server.
    for (let i = 0; i < 3; i++) expect((await fetch(url, request)).status).toBe(413)
  })

  it('leaves nothing behind on a connection that takes long to take its answer', async () => {
    let listeners = 0
    const answered = createServer((_, outgoing) => {
      let left = 64
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          listeners = Math.max(listeners, outgoing.listenerCount('close'))
          if (left-- > 0) controller.enqueue(new Uint8Array(256 * 1024))
          else controller.close()
        },
      })
      void send(new Response(body), outgoing)
    }).listen(0, '127.0.0.1')
    servers.push(answered)
    await new Promise((resolve) => answered.once('listening', resolve))
    const response = await fetch(`http://127.0.0.1:${(answered.address() as AddressInfo).port}`)
    expect((await response.arrayBuffer()).byteLength).toBe(64 * 256 * 1024)
    expect(listeners).toBeLessThan(10)
  })

  it('is not reached where it does not answer', async () => {
    const app = createMcpExpressApp()
    const failing = guardNodeHandler(
      () => {
        throw new Error('out of order')
      },
      engineOf(tools),
      { server: 'notes', authenticate: () => ({ actor: 'User:ann' }), report: () => {} },
    ) as Parameters<typeof app.all>[1]
    app.all('/mcp', failing)
    const server = app.listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
    const body = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/call', params: call('read') })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({
      id: 5,
      error: { code: -32603, message: 'the server cannot be reached' },
    })
  })
})
