import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'

/** How to reach a server over Streamable HTTP. */
export interface HttpServer {
  readonly url: string
  /** Sent with every request: the only credentials that the server ever gets. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpRequests {
  send(
    method: 'GET' | 'POST' | 'DELETE',
    headers: Readonly<Record<string, string>>,
    body: Buffer | undefined,
    on: { onResponse(response: IncomingMessage): void; onError(why: string): void },
  ): ClientRequest
  /** Reads a whole body; undefined when it is longer than `limit` bytes, or ends early. */
  body(response: IncomingMessage, limit: number, onBody: (body: Buffer | undefined) => void): void
  /** Ends a session, as far as the server lets it. */
  forget(headers: Readonly<Record<string, string>>): Promise<void>
  close(): void
}

const patience = 10_000
/** Milliseconds that a connection may have been idle to be used again. */
const freshest = 1000

/**
 * Requests to one server, over connections that are kept. Not `fetch`: that gives up on an answer, or on a stream, after five minutes of
 * silence, follows redirections with the headers that it was given, and cannot be told otherwise without its library.
 */
export function httpRequests({ url, headers: configured = {} }: HttpServer): HttpRequests {
  const target = new URL(url)
  const { request, Agent } = target.protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true })
  const freeSince = new WeakMap<object, number>()
  agent.on('free', (socket: object) => freeSince.set(socket, performance.now()))
  // A server may close an idle connection just as a request is on its way, which must not be sent twice: nobody knows whether it arrived.
  const dropStale = (): void => {
    const before = performance.now() - freshest
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) if ((freeSince.get(socket) ?? 0) < before) socket.destroy()
    }
  }
  const send: HttpRequests['send'] = (method, headers, body, { onResponse, onError }) => {
    dropStale()
    const sent = request(target, {
      method,
      agent,
      headers: {
        ...configured,
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
        ...headers,
      },
    })
    let isAnswered = false
    sent.once('response', (response) => {
      isAnswered = true
      onResponse(response)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (!isAnswered) onError(error.code ?? error.message)
    })
    // Only until there is a connection: an answer may take as long as the client waits for it.
    sent.once('socket', (socket) => {
      if (!socket.connecting) return
      const late = setTimeout(() => sent.destroy(new Error('no connection within 10 s')), patience)
      socket.once('connect', () => clearTimeout(late))
      socket.once('close', () => clearTimeout(late))
    })
    sent.end(body)
    return sent
  }
  return {
    send,
    body: (response, limit, onBody) => {
      const pieces: Buffer[] = []
      let length = 0
      response.on('data', (piece: Buffer) => {
        length += piece.length
        if (length <= limit) pieces.push(piece)
        else pieces.length = 0
      })
      response.on('error', () => {})
      response.once('close', () => onBody(response.complete && length <= limit ? Buffer.concat(pieces) : undefined))
    },
    forget: (headers) =>
      new Promise((resolve) => {
        const on = { onResponse: (response: IncomingMessage) => response.resume(), onError: () => {} }
        const sent = send('DELETE', headers, undefined, on)
        sent.setTimeout(2000, () => sent.destroy())
        sent.once('close', () => resolve())
      }),
    close: () => agent.destroy(),
  }
}

export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
