import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** A request of Node's, with what Express and its body parser put on it. */
export type NodeRequest = IncomingMessage & { readonly body?: unknown; readonly originalUrl?: string }

/** @param signal fires when the client is gone */
export function toRequest(incoming: NodeRequest, signal: AbortSignal): Request {
  const { method = 'GET', body } = incoming
  const url = new URL(incoming.originalUrl ?? incoming.url ?? '/', 'http://localhost')
  const isRead = body !== undefined || method === 'GET' || method === 'HEAD'
  return new Request(url, {
    method,
    headers: headersOf(incoming),
    signal,
    ...(isRead ? {} : { body: bodyOf(incoming), duplex: 'half' }),
  })
}

/**
 * The body, as it is asked for. `Readable.toWeb` throws where nobody can catch it when more comes in after the stream was cancelled; and
 * what is not read must not end the connection, on which its sender has still to be told why.
 */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return ReadableStream.from<Uint8Array>(incoming.iterator({ destroyOnReturn: false }))
}

export function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2)
    if (!name.startsWith(':')) headers.append(name, value)
  }
  return headers
}

/**
 * The request that a handler of Node's gets: everything that it came with, and what the guard has judged in place of its method, its
 * headers and its body, whether it is read as a stream or as `req.body`.
 */
export async function fromRequest(incoming: NodeRequest, { method, headers, body }: Request): Promise<NodeRequest> {
  const text = body === null ? '' : await new Response(body).text()
  const stream = Readable.from(text === '' ? [] : [Buffer.from(text)], { objectMode: false })
  const entries = [...headers, ...(text === '' ? [] : [['content-length', String(Buffer.byteLength(text))] as const])]
  const own = new Map<string | symbol, unknown>([
    ['method', method],
    ['headers', Object.fromEntries(entries)],
    ['rawHeaders', entries.flat()],
    ['body', text === '' ? undefined : (JSON.parse(text) as unknown)],
  ])
  return new Proxy(stream, {
    get: (_, key) => {
      if (own.has(key)) return own.get(key)
      const from = key in stream ? stream : incoming
      const value: unknown = Reflect.get(from, key, from)
      return typeof value === 'function' && from === stream ? value.bind(stream) : value
    },
    set: (_, key, value) => {
      own.set(key, value)
      return true
    },
    has: (_, key) => own.has(key) || key in stream || key in incoming,
    getPrototypeOf: () => Reflect.getPrototypeOf(incoming),
  }) as unknown as NodeRequest
}
