import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import {
  type HttpGatewayOptions,
  type ListedServer,
  policyFiles,
  runGateway,
  type ServerReach,
} from '../../../src/surfaces/mcp/index.ts'
import { folder } from '../running-gateway.ts'

export interface Listening {
  /** The URL of the first server. */
  readonly url: string
  readonly errors: () => string
  told(text: string): Promise<void>
  /** Ends the gateway. */
  end(): void
  readonly status: Promise<number>
  readonly folder: string
}

export type Listened = Partial<Omit<HttpGatewayOptions, 'servers'>> & {
  /** Of the server `s`. */
  readonly rules?: string
  readonly reach: ServerReach
  readonly server?: Partial<ListedServer>
  /** Beside it. */
  readonly others?: readonly ListedServer[]
}

/** A gateway in this process, which listens on a free port of loopback, in front of the server `s`. */
export async function listening({
  rules = 'allow call *',
  reach,
  server,
  others = [],
  ...options
}: Listened): Promise<Listening> {
  const path = folder({ 'p.licet': `actor User\nserver s {\n${rules}\n}\n` })
  const errors = new PassThrough()
  let told = ''
  errors.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8')
  })
  const end = new AbortController()
  let tellUrl: (url: string) => void = () => {}
  const listens = new Promise<string>((resolve) => {
    tellUrl = resolve
  })
  const whose = options.authenticate === undefined ? { principal: { actor: 'User:ann' } } : {}
  const listed = {
    ...reach,
    server: 's',
    source: policyFiles({ policies: [join(path, 'p.licet')] }),
    ...whose,
    ...server,
  }
  const status = runGateway({
    servers: [listed as ListedServer, ...others],
    errors,
    signal: end.signal,
    ...options,
    listen: { port: 0, onListening: tellUrl, ...options.listen },
  })
  onTestFinished(async () => {
    end.abort()
    await status
  })
  const url = await Promise.race([listens, status.then(() => '')])
  return {
    url: `${url}/s`,
    errors: () => told,
    told: async (text) => {
      while (!told.includes(text)) await new Promise((again) => errors.once('data', again))
    },
    end: () => end.abort(),
    status,
    folder: path,
  }
}

/** A server over HTTP, in this process, that answers as the test says. */
export async function upstream(
  answer: (message: JsonObject, request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly seen: IncomingMessage[]; readonly methods: () => readonly string[] }> {
  const seen: IncomingMessage[] = []
  const messages: JsonObject[] = []
  const server = createServer((asked, response) => {
    seen.push(asked)
    let body = ''
    asked.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    asked.on('end', () => {
      const message = body === '' ? {} : (JSON.parse(body) as JsonObject)
      messages.push(message)
      answer(message, asked, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    seen,
    methods: () => messages.flatMap(({ method }) => (typeof method === 'string' ? [method] : [])),
  }
}

/** A port of loopback that nobody listens on, for a gateway whose address has to be known before. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** Resolves when something is there, or will not be any more. */
export async function reachable(url: string, ended: Promise<unknown>): Promise<void> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const isThere = () =>
    ask(url, { method: 'GET' }).then(
      ({ status }) => status === 200,
      () => false,
    )
  while (!isOver && !(await isThere())) await new Promise((again) => setTimeout(again, 5))
}

/** Answers a request with one JSON body. */
export function json(response: ServerResponse, body: JsonObject, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ jsonrpc: '2.0', ...body }))
}

/** Begins a stream, and gives what writes an event to it. */
export function events(response: ServerResponse): (message: JsonObject, id?: string) => void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  return (message, id) => {
    response.write(
      `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`,
    )
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The messages of it, as one body or as events. */
  readonly messages: readonly JsonObject[]
  readonly text: string
}

export const accept = 'application/json, text/event-stream'

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One HTTP request, and all of the answer to it. */
export function ask(url: string, { method = 'POST', headers = {}, body }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { accept, 'content-type': 'application/json', ...headers } })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, messages: messagesIn(text), text })
      })
    })
    sent.end(body)
  })
}

function messagesIn(text: string): readonly JsonObject[] {
  if (text.startsWith('{')) return [JSON.parse(text) as JsonObject]
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as JsonObject)
}

export function post(url: string, message: JsonObject, headers: Asked['headers'] = {}): Promise<Answer> {
  return ask(url, { headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) })
}

/** Begins a session, and gives the headers that its requests have. */
export async function session(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  protocolVersion = '2025-11-25',
  capabilities: JsonObject = {},
): Promise<Record<string, string>> {
  const params = { protocolVersion, capabilities, clientInfo: { name: 'test', version: '1' } }
  const begun = await post(url, { id: 0, method: 'initialize', params }, headers)
  const named = {
    ...headers,
    'mcp-session-id': String(begun.headers['mcp-session-id']),
    'mcp-protocol-version': protocolVersion,
  }
  await post(url, { method: 'notifications/initialized' }, named)
  return named
}

const stateless = '2026-07-28'

/** A request of the revision without sessions, with the headers that it needs. */
export function standalone(
  id: JsonObject[string],
  method: string,
  params: JsonObject = {},
  capabilities: JsonObject = {},
): { readonly message: JsonObject; readonly headers: Record<string, string> } {
  const _meta = {
    ...(params._meta as JsonObject | undefined),
    'io.modelcontextprotocol/protocolVersion': stateless,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  const name = params.name ?? params.uri
  return {
    message: { id, method, params: { ...params, _meta } },
    headers: {
      'mcp-protocol-version': stateless,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
  }
}

export function call(id: JsonObject[string], name: string, args: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return { id, method: 'tools/call', params: { name, arguments: args, ...more } }
}
