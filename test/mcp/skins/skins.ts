import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { InMemoryTransport as MemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { createMcpHandler, InMemoryTransport as MemoryV2, Server as ServerV2 } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { JsonObject } from '../../../src/base/json.ts'
import type { AuditRecord } from '../../../src/surfaces/mcp/audit/audit.ts'
import { createEnforcement, type Enforced } from '../../../src/surfaces/mcp/enforcement/enforcement.ts'
import { bridge } from '../../../src/surfaces/mcp/gateway/bridge.ts'
import { guardServer } from '../../../src/surfaces/mcp/gateway/guarded-server.ts'
import { createConnections } from '../../../src/surfaces/mcp/gateway/listener/connections.ts'
import { createEndpoint } from '../../../src/surfaces/mcp/gateway/listener/endpoint.ts'
import type { LoadedSource } from '../../../src/surfaces/mcp/gateway/policy-source.ts'
import { stdioSide, unreadByClient, unreadByServer } from '../../../src/surfaces/mcp/gateway/stdio-side.ts'
import { guardHandler } from '../../../src/surfaces/mcp/http/guard-handler.ts'
import { guardNodeHandler } from '../../../src/surfaces/mcp/http/guard-node-handler.ts'
import { toRequest } from '../../../src/surfaces/mcp/http/node-request.ts'
import { send } from '../../../src/surfaces/mcp/http/node-response.ts'
import { createGuard, guard } from '../../../src/surfaces/mcp/sdk/guard.ts'
import type { GuardEngine } from '../../../src/surfaces/mcp/sdk/guard-point.ts'
import { facts } from '../guarded.ts'
import { type Era, greet, httpClient, type RawClient, streamClient } from './raw-client.ts'

/** What a server does with a request; it throws for an error. */
export type Script = (method: string, params: JsonObject, back: Back) => JsonObject | Promise<JsonObject>

/** What a server says to its client by itself. */
export interface Back {
  ask(method: string, params: JsonObject): Promise<unknown>
  notify(method: string, params: JsonObject): Promise<void>
}

export interface Policy extends Enforced {
  readonly engine: GuardEngine
}

/** One way of putting a policy between a client and a server. */
export interface Skin {
  readonly name: string
  readonly era: Era
  /** A session outlives a request, and the client can be asked in the middle of one. */
  readonly hasSessions: boolean
  /** `subscriptions/listen` passes the guard: else what its subscriptions bring does. */
  readonly seesListen: boolean
  connect(policy: Policy, server: Script, audit: AuditRecord[]): Promise<RawClient>
}

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  completions: {},
  logging: {},
}
const principal = { actor: 'User:ann' }
const info = { name: 'scripted', version: '1' }

function v1(script: Script): ServerV1 {
  const tasks = { list: {}, cancel: {}, requests: { tools: { call: {} } } }
  const server = new ServerV1(info, { capabilities: { ...capabilities, tasks } })
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    const back: Back = {
      ask: (asked, about) => extra.sendRequest({ method: asked, params: about } as never, anything as never),
      notify: (told, about) => extra.sendNotification({ method: told, params: about } as never),
    }
    return (await script(method, (params ?? {}) as JsonObject, back)) as never
  }
  return server
}

function v2(script: Script): ServerV2 {
  const server = new ServerV2(info, { capabilities })
  server.fallbackRequestHandler = async ({ method, params }, ctx) => {
    const back: Back = {
      ask: (asked, about) => ctx.mcpReq.send({ method: asked, params: about } as never, standard as never),
      notify: (told, about) => ctx.mcpReq.notify({ method: told, params: about } as never),
    }
    return (await script(method, (params ?? {}) as JsonObject, back)) as never
  }
  return server
}

/** Schemas that take whatever comes. */
const anything = {
  parse: (value: unknown) => value,
  safeParse: (data: unknown) => ({ success: true, data }),
  _zod: {},
  _def: {},
}
const standard = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } }

function options(audit: AuditRecord[]) {
  return { server: 's', principal, audit: (record: AuditRecord) => void audit.push(record), report: () => {} }
}

function httpOptions(audit: AuditRecord[]) {
  const { principal: _, ...others } = options(audit)
  return { ...others, authenticate: () => principal, stepUp: false }
}

async function greeted(era: Era, client: RawClient): Promise<RawClient> {
  await greet(era, client)
  return client
}

/** A client at the other end of a pair of in-memory transports. */
async function inMemory(
  era: Era,
  Transport: { createLinkedPair(): [MemoryV1, MemoryV1] } | { createLinkedPair(): [MemoryV2, MemoryV2] },
  serve: (transport: never) => unknown,
): Promise<RawClient> {
  const [near, far] = Transport.createLinkedPair()
  // As a wire does: nobody sees an object of somebody else's.
  const client = streamClient(era, (message) => void near.send(structuredClone(message) as never))
  near.onmessage = (message: unknown) => client.receive(structuredClone(message) as JsonObject)
  await near.start()
  await serve(far as never)
  return await greeted(era, client)
}

const overHttp = (era: Era, fetch: (request: Request) => Promise<Response>): Promise<RawClient> =>
  greeted(era, httpClient(era, fetch))

const stdioGateway = (era: Era): Skin['connect'] => {
  return (policy, script, audit) => {
    const stream = () => new PassThrough()
    const [client, server] = [
      { input: stream(), output: stream() },
      { input: stream(), output: stream() },
    ]
    const enforcement = createEnforcement({
      ...options(audit),
      policy,
      reached: { command: 'server', args: [] },
    })
    bridge({
      client: stdioSide(client, unreadByClient),
      server: stdioSide(server, unreadByServer),
      enforcement,
      report: () => {},
    })
    const raw = streamClient(era, (message) => void client.input.write(`${JSON.stringify(message)}\n`))
    eachLine(client.output, raw.receive)
    scripted(server, script)
    return greeted(era, raw)
  }
}

function eachLine(stream: PassThrough, take: (message: JsonObject) => void): void {
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(JSON.parse(line) as JsonObject)
  })
}

/** A server without an SDK, that a gateway stands before. */
function scripted({ input, output }: { input: PassThrough; output: PassThrough }, script: Script): void {
  const write = (message: JsonObject): void => void input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const waiting = new Map<unknown, (message: JsonObject) => void>()
  let next = 1
  const back: Back = {
    ask: (method, params) => {
      const id = next++
      write({ id, method, params })
      return new Promise((resolve, reject) =>
        waiting.set(id, (message) => ('error' in message ? reject(new Error('refused')) : resolve(message.result))),
      )
    },
    notify: async (method, params) => write({ method, params }),
  }
  eachLine(output, (message) => {
    const { id = null, method, params = {} } = message as { id?: number; method?: string; params?: JsonObject }
    if (method === undefined) waiting.get(id)?.(message)
    else if (method === 'initialize')
      write({ id, result: { protocolVersion: '2025-11-25', capabilities, serverInfo: info } })
    else if (method === 'server/discover') write({ id, result: { supportedVersions: ['2026-07-28'], capabilities } })
    else if (id !== null)
      Promise.resolve()
        .then(() => script(method, params, back))
        .then((result) => write({ id, result }))
        .catch((thrown: Error) => write({ id, error: { code: -32000, message: thrown.message } }))
  })
}

async function overNode(policy: Policy, script: Script, audit: AuditRecord[]): Promise<RawClient> {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'session' })
  await v1(script).connect(transport as never)
  const handle = guardNodeHandler(
    (req, res) => transport.handleRequest(req, res, req.body),
    policy.engine,
    httpOptions(audit),
  )
  return await overHttp('legacy', reaching(await listening(handle)))
}

/** Listens on a free port of loopback, for as long as the tests run. */
async function listening(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
}

/** A server over HTTP, in a process that is not the gateway's as far as the gateway can tell. */
function upstream(era: Era, script: Script): Promise<string> {
  const handler = createMcpHandler(() => v2(script))
  const sessions = new Map<unknown, StreamableHTTPServerTransport>()
  return listening(async (request, response) => {
    if (era === 'modern') {
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      return await send(await handler.fetch(toRequest(request, gone.signal)), response)
    }
    const known = sessions.get(request.headers['mcp-session-id'])
    if (known !== undefined) return await known.handleRequest(request, response)
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    await v1(script).connect(transport as never)
    await transport.handleRequest(request, response)
  })
}

/** The gateway over HTTP on both sides, as `runGateway` puts it together. */
const httpGateway = (era: Era): Skin['connect'] => {
  return async (policy, script, audit) => {
    const { audit: record, report, server } = options(audit)
    const loaded: LoadedSource = { policy: policy.engine.policy, facts, diagnostics: [], sources: [] }
    const guarded = guardServer(
      { url: await upstream(era, script), server, source: { load: () => loaded } },
      { audit: record, stepUp: false },
      { errors: new PassThrough().resume(), color: false, report },
    )
    if (guarded === undefined) throw new Error('the policy cannot be used')
    const connections = createConnections(guarded, { most: 8, mostOfOne: 8, idle: 60_000, challenges: undefined })
    const endpoint = createEndpoint(connections, guarded.inputSchema)
    const url = await listening((request, response) => endpoint(request, response, principal))
    return await overHttp(era, reaching(url))
  }
}

/** Takes requests to where a server really is. */
function reaching(url: string): (request: Request) => Promise<Response> {
  return async (request) => fetch(url, { method: request.method, headers: request.headers, body: await request.text() })
}

export const skins: readonly Skin[] = [
  {
    name: 'in process, SDK 1.x',
    era: 'legacy',
    hasSessions: true,
    seesListen: true,
    connect: (policy, script, audit) =>
      inMemory('legacy', MemoryV1, (far) => guard(v1(script), policy.engine, options(audit)).connect(far)),
  },
  {
    name: 'in process, SDK 2.x, legacy',
    era: 'legacy',
    hasSessions: true,
    seesListen: true,
    connect: (policy, script, audit) =>
      inMemory('legacy', MemoryV2, (far) => guard(v2(script), policy.engine, options(audit)).connect(far)),
  },
  ...(['legacy', 'modern'] as const).flatMap((era): Skin[] => [
    {
      name: `under serveStdio, ${era}`,
      era,
      hasSessions: true,
      seesListen: false,
      connect: (policy, script, audit) => {
        const guarded = createGuard(policy.engine, options(audit))
        return inMemory(era, MemoryV2, (far) => serveStdio(() => guarded(v2(script)), { transport: far }))
      },
    },
    {
      name: `in the transport of serveStdio, ${era}`,
      era,
      hasSessions: true,
      seesListen: true,
      connect: (policy, script, audit) => {
        const guarded = createGuard(policy.engine, options(audit))
        return inMemory(era, MemoryV2, (far) => serveStdio(() => v2(script), { transport: guarded.transport(far) }))
      },
    },
    {
      name: `under createMcpHandler, ${era}`,
      era,
      hasSessions: false,
      seesListen: false,
      connect: (policy, script, audit) => {
        const guarded = createGuard(policy.engine, options(audit))
        return overHttp(era, createMcpHandler(() => guarded(v2(script))).fetch)
      },
    },
    {
      name: `around createMcpHandler, ${era}`,
      era,
      hasSessions: false,
      seesListen: true,
      connect: (policy, script, audit) =>
        overHttp(era, guardHandler(createMcpHandler(() => v2(script)).fetch, policy.engine, httpOptions(audit))),
    },
    {
      name: `stdio gateway, ${era}`,
      era,
      hasSessions: true,
      seesListen: true,
      connect: stdioGateway(era),
    },
    {
      name: `HTTP gateway, ${era}`,
      era,
      hasSessions: true,
      seesListen: true,
      connect: httpGateway(era),
    },
  ]),
  {
    name: 'around the handler of SDK 1.x',
    era: 'legacy',
    hasSessions: true,
    seesListen: true,
    connect: async (policy, script, audit) => {
      const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session' })
      await v1(script).connect(transport)
      const handle = (request: Request) => transport.handleRequest(request)
      return await overHttp('legacy', guardHandler(handle, policy.engine, httpOptions(audit)))
    },
  },
  { name: 'in Node, before SDK 1.x', era: 'legacy', hasSessions: true, seesListen: true, connect: overNode },
]
