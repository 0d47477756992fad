import { type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'

/** What a handler of Node's writes, as it comes. */
export interface Written {
  readonly outgoing: ServerResponse
  /** Settles when the head is written. */
  readonly response: Promise<Response>
}

const bodiless = new Set([101, 204, 205, 304])
const highWaterMark = 64 * 1024

/** A response for a handler to write, which goes nowhere but here. `like`: the one whose methods it has, as those of Express. */
export function written(like: ServerResponse): Written {
  const outgoing = new ServerResponse(like.req)
  Object.setPrototypeOf(outgoing, Object.getPrototypeOf(like) as object)
  const writeHead = outgoing.writeHead.bind(outgoing)
  let bytes: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        bytes = controller
      },
      pull: () => {
        outgoing.emit('drain')
      },
      cancel: () => {
        bytes = undefined
        outgoing.emit('close')
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark }),
  )
  let resolve: (response: Response) => void = () => {}
  const response = new Promise<Response>((settle) => {
    resolve = settle
  })
  const push = (chunk: unknown, encoding: unknown): void => {
    if (!outgoing.headersSent) outgoing.writeHead(outgoing.statusCode)
    const piece =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : (chunk as Uint8Array)
    if (piece.byteLength > 0) bytes?.enqueue(new Uint8Array(piece))
  }
  const told = (...callbacks: unknown[]): void => {
    const callback = callbacks.find((one) => typeof one === 'function')
    if (typeof callback === 'function') queueMicrotask(() => callback())
  }
  // Express keeps there what the handlers of one request tell each other.
  const { locals } = like as { readonly locals?: unknown }
  Object.assign(outgoing, {
    ...(locals === undefined ? {} : { locals }),
    writeHead: (status: number, ...more: unknown[]) => {
      const headers = more.find((one) => typeof one === 'object' && one !== null)
      for (const [name, value] of entriesOf(headers)) outgoing.setHeader(name, value)
      writeHead(status)
      resolve(new Response(bodiless.has(status) ? null : body, { status, headers: headersOf(outgoing.getHeaders()) }))
      return outgoing
    },
    flushHeaders: () => {
      if (!outgoing.headersSent) outgoing.writeHead(outgoing.statusCode)
    },
    write: (chunk: unknown, encoding?: unknown, callback?: unknown) => {
      push(chunk, encoding)
      told(encoding, callback)
      return (bytes?.desiredSize ?? 1) > 0
    },
    end: (chunk?: unknown, encoding?: unknown, callback?: unknown) => {
      if (outgoing.finished) return outgoing
      push(chunk === undefined || chunk === null || typeof chunk === 'function' ? '' : chunk, encoding)
      outgoing.finished = true
      bytes?.close()
      bytes = undefined
      told(chunk, encoding, callback)
      queueMicrotask(() => {
        outgoing.emit('finish')
        outgoing.emit('close')
      })
      return outgoing
    },
  })
  return { outgoing, response }
}

type HeaderEntry = readonly [string, string | number | readonly string[]]

/** As `writeHead` takes them: an object, or names and values in turn. */
function entriesOf(headers: unknown): readonly HeaderEntry[] {
  if (!Array.isArray(headers)) return Object.entries((headers ?? {}) as Record<string, string>)
  if (Array.isArray(headers[0])) return headers as HeaderEntry[]
  return headers.flatMap((name: string, i) => (i % 2 === 0 ? [[name, headers[i + 1] as string] as const] : []))
}

function headersOf(outgoing: OutgoingHttpHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(outgoing)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && name !== 'connection' && name !== 'transfer-encoding') headers.append(name, String(one))
    }
  }
  return headers
}

/** Writes a response to a client of Node's; resolves when it is written, or the client is gone. */
export async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers: OutgoingHttpHeaders = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  outgoing.writeHead(response.status, headers)
  if (response.body === null) {
    outgoing.end()
    return
  }
  outgoing.flushHeaders()
  // A stream that fails, or a client that is gone, ends both.
  await pipeline(Readable.fromWeb(response.body as WebStream<Uint8Array>), outgoing).catch(() => {})
}
