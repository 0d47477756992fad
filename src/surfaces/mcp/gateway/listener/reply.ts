import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../../../../base/json.ts'
import type { Principal } from '../../enforcement/principal.ts'
import { type Scheme, schemeOf } from '../../http/challenge.ts'
import { whenExpired } from '../../http/expiry.ts'
import { writeEvent } from '../../protocol/event-stream.ts'
import { writeMessage } from '../../protocol/message.ts'
import { createHolding, type Valve } from '../side.ts'

/**
 * The answer to one HTTP request, as messages: one JSON body where the only message comes soon, else a stream of events (MCP, "Streamable
 * HTTP").
 */
export interface Reply {
  /** Sends a message; the last one ends the reply. While the client does not read, `sources` are held. */
  send(text: string, about: { readonly isLast: boolean; readonly id?: string }, sources: readonly Valve[]): void
  /** Begins a stream, if that has not been done. `id`: of an event without a message, from which the stream can be resumed. */
  stream(id?: string): void
  /** Ends the reply without another message. */
  end(): void
  /** Instead of any message. */
  refuse(status: number, message: JsonObject, headers?: Readonly<Record<string, string>>): void
  readonly isStreaming: boolean
  readonly isOpen: boolean
  /** Of the credentials that the request came with. */
  readonly scheme: Scheme
}

export interface ReplyOptions {
  /** What every reply of a session says. */
  readonly headers: Readonly<Record<string, string>>
  /** Called once, when the client has gone before the reply came to its end. */
  readonly onLeft: () => void
  /** Whose credentials the reply is given for. */
  readonly principal: Principal
  /** Called once, when those have expired before the reply came to its end, which it then should. */
  readonly onExpired: () => void
  /** Called once, when no message has come soon: a client that waits on should know that it is not in vain. */
  readonly onSlow: () => void
  /** Milliseconds that a client may leave a reply unread while others wait for it. */
  readonly stall?: number
}

const mostUnread = 256 * 1024
const heartbeat = 20_000
/** An answer that takes longer, in milliseconds, is sent as a stream. */
const soon = 1000
/** Milliseconds that a client waits before it asks for a broken stream again. */
const retry = 1000

export function createReply(
  response: ServerResponse,
  { headers, principal, onLeft, onExpired, onSlow, stall = 30_000 }: ReplyOptions,
): Reply {
  const holding = createHolding()
  let isStreaming = false
  let isOver = false
  let beat: NodeJS.Timeout | undefined
  let stalled: NodeJS.Timeout | undefined
  const slow = setTimeout(onSlow, soon)
  const neverExpires = whenExpired(principal, onExpired)
  const stopTimers = (): void => {
    clearTimeout(slow)
    clearInterval(beat)
    neverExpires()
  }

  const release = (): void => {
    clearTimeout(stalled)
    stalled = undefined
    holding.release()
  }
  response.on('drain', release)
  response.on('error', () => {})
  response.once('close', () => {
    stopTimers()
    release()
    if (isOver) return
    isOver = true
    onLeft()
  })
  const write = (text: string, sources: readonly Valve[]): void => {
    response.write(text)
    if (response.writableLength <= mostUnread) return
    holding.hold(sources)
    // Whoever does not read at all must not keep others from being heard.
    stalled ??= setTimeout(() => response.destroy(), stall)
  }
  const stream = (id?: string): void => {
    if (isStreaming || isOver) return
    isStreaming = true
    clearTimeout(slow)
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    if (id === undefined) response.flushHeaders()
    else write(writeEvent({ id, retry, data: '' }), [])
    // Tells either side of a connection that is no more.
    beat = setInterval(() => {
      if (response.writableLength === 0) write(writeEvent({}), [])
    }, heartbeat)
  }
  const end = (): void => {
    if (isOver) return
    isOver = true
    stopTimers()
    response.end()
  }
  const body = (status: number, text: string, more: Readonly<Record<string, string>> = {}): void => {
    if (isOver || isStreaming) return
    isOver = true
    stopTimers()
    const bytes = Buffer.from(text)
    response.writeHead(status, {
      ...headers,
      'content-type': 'application/json',
      'content-length': bytes.length,
      'cache-control': 'no-store',
      ...more,
    })
    response.end(bytes)
  }
  return {
    send: (text, { isLast, id }, sources) => {
      if (isOver) return
      if (isLast && !isStreaming) return body(200, text)
      stream()
      write(writeEvent({ data: text, ...(id === undefined ? {} : { id }) }), sources)
      if (isLast) end()
    },
    stream,
    end,
    scheme: schemeOf(response.req?.headers.authorization),
    refuse: (status, message, more) => body(status, writeMessage(message), more),
    get isStreaming() {
      return isStreaming
    },
    get isOpen() {
      return !isOver
    },
  }
}
