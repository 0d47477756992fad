import type { JsonObject } from '../../../src/base/json.ts'

/** A client that sends what it is told to, and keeps what it gets: no SDK stands between a test and the wire. */
export interface RawClient {
  request(method: string, params?: JsonObject): Promise<Answered>
  notify(method: string, params?: JsonObject): Promise<void>
  /** What the server has sent by itself. Its requests are answered with an empty result. */
  readonly received: JsonObject[]
}

export interface Answered {
  readonly result?: JsonObject
  readonly error?: { readonly code: number; readonly message: string; readonly data?: JsonObject }
  /** Of the HTTP response. */
  readonly status?: number
  readonly challenge?: string | null
}

export type Era = 'legacy' | 'modern'

const modernVersion = '2026-07-28'

/** The parameters with what each request of 2026-07-28 says of its client. */
function enveloped(era: Era, params: JsonObject): JsonObject {
  if (era === 'legacy') return params
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': modernVersion,
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, sampling: {}, roots: {} },
  }
  return { ...params, _meta: { ...envelope, ...(params._meta as JsonObject | undefined) } }
}

const greeting = {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: {}, sampling: {}, roots: {} },
  clientInfo: { name: 'raw', version: '1' },
}

/** The handshake of 2025-11-25; nothing for the revision that has none. */
export async function greet(era: Era, client: RawClient): Promise<void> {
  if (era === 'modern') return
  await client.request('initialize', greeting)
  await client.notify('notifications/initialized')
}

/** Over a transport that carries messages both ways. */
export function streamClient(
  era: Era,
  send: (message: JsonObject) => void,
): RawClient & { receive(message: JsonObject): void } {
  const waiting = new Map<unknown, (answer: Answered) => void>()
  const received: JsonObject[] = []
  let next = 100
  return {
    received,
    receive: (message) => {
      if (!('method' in message)) waiting.get(message.id)?.(message as Answered)
      else received.push(message)
      if ('method' in message && 'id' in message) send({ jsonrpc: '2.0', id: message.id ?? null, result: {} })
    },
    request: (method, params = {}) => {
      const id = next++
      const answer = new Promise<Answered>((resolve) => waiting.set(id, resolve))
      send({ jsonrpc: '2.0', id, method, params: enveloped(era, params) })
      return answer
    },
    notify: async (method, params) => send({ jsonrpc: '2.0', method, ...(params && { params }) }),
  }
}

const nameOf: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/** Over Streamable HTTP. `fetch` is the endpoint; `headers` go with each request. */
export function httpClient(
  era: Era,
  fetch: (request: Request) => Promise<Response>,
  headers: Record<string, string> = {},
): RawClient {
  const received: JsonObject[] = []
  let session: string | undefined
  let next = 100
  const post = (message: JsonObject): Promise<Response> => {
    const { method, params } = message as { method?: string; params?: JsonObject }
    const named = params?.[nameOf[method ?? ''] ?? '']
    return fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': era === 'modern' ? modernVersion : '2025-11-25',
          ...(era === 'modern' && method !== undefined ? { 'mcp-method': method } : {}),
          ...(era === 'modern' && typeof named === 'string' ? { 'mcp-name': named } : {}),
          ...(session === undefined ? {} : { 'mcp-session-id': session }),
          ...headers,
        },
        body: JSON.stringify(message),
      }),
    )
  }
  return {
    received,
    request: async (method, params = {}) => {
      const id = next++
      const response = await post({ jsonrpc: '2.0', id, method, params: enveloped(era, params) })
      session ??= response.headers.get('mcp-session-id') ?? undefined
      for await (const message of messagesOf(response)) {
        if (!('method' in message)) {
          return {
            ...(message as Answered),
            status: response.status,
            challenge: response.headers.get('www-authenticate'),
          }
        }
        received.push(message)
        if ('id' in message) await post({ jsonrpc: '2.0', id: message.id ?? null, result: {} })
        // Nobody waits for the end of a subscription.
        if (method === 'subscriptions/listen') return { status: response.status }
      }
      return { status: response.status }
    },
    notify: async (method, params) => {
      await post({ jsonrpc: '2.0', method, ...(params && { params }) })
    },
  }
}

async function* messagesOf(response: Response): AsyncGenerator<JsonObject> {
  if (response.body === null) return
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    const text = await response.text()
    if (text !== '') yield JSON.parse(text) as JsonObject
    return
  }
  let rest = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = event.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
      if (data.length > 0 && data[0] !== '') yield JSON.parse(data.join('\n')) as JsonObject
    }
  }
}
