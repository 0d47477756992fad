import type { ClientRequest, IncomingMessage } from 'node:http'
import type { JsonObject } from '../../../base/json.ts'
import { mediaType } from '../http/media-type.ts'
import { isStateless, mirroredHeaders } from '../http/mirrored-headers.ts'
import { internalError } from '../protocol/denial.ts'
import { decodeLine, type Line } from '../protocol/framing.ts'
import { type Id, isId, own, ownObject, ownString } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { largestMessage, readLine } from '../protocol/wire.ts'
import type { Ending } from './child.ts'
import { createHeaderSchemas } from './header-schemas.ts'
import { type HttpServer, headerOf, httpRequests } from './http-requests.ts'
import { statelessVersionOf } from './inspection.ts'
import { createOutbox, type Unsent } from './outbox.ts'
import type { Arrival, Outgoing, Side, Valve } from './side.ts'
import type { Upstream } from './upstream.ts'
import { createStreams, longestRetry } from './upstream-streams.ts'

/** A request that the server has not answered yet. */
interface Pending {
  readonly method: string
  /** Of a revision in which each request stands for itself: ending the connection cancels it. */
  readonly isStateless: boolean
  /** Ends what there is of it now: the request, a stream, or waiting for one. */
  abort(): void
}

/** Milliseconds after which a server that has answered, and goes on, is not heard any more. */
const linger = 1000
const mostAttempts = 5
const firstRetry = 1000

/**
 * A server over Streamable HTTP, in the revision that the client speaks: with a session, a stream of its own for what belongs to no
 * request, and resumption (2025-11-25), or with requests that stand each for itself (2026-07-28). Nothing but what the configuration says
 * goes into the headers, redirections are not followed, and no answer is waited for longer than the client does.
 */
export function httpUpstream(server: HttpServer, report: (problem: string) => void): Upstream {
  const requests = httpRequests(server)
  const pending = new Map<Id, Pending>()
  const schemas = createHeaderSchemas()
  const outbox = createOutbox()
  const streams = createStreams()
  const { valve } = streams
  let session: string | undefined
  let version: string | undefined
  let take: (arrival: Arrival) => void = () => {}
  /** What is no request is delivered before anything after it is sent. */
  let delivered: Promise<unknown> = Promise.resolve()
  let isHearing = false
  let isGone = false
  let tellEnded: (ending: Ending) => void = () => {}
  const ended = new Promise<Ending>((resolve) => {
    tellEnded = resolve
  })

  const fail = (id: Id, why: string): void => {
    if (!pending.delete(id) || isGone) return
    const message = { kind: 'error', id, error: { code: internalError, message: why } } as const
    take({ incoming: { message, text: '' }, source: valve, within: id })
  }
  const end = (ending: Ending): void => {
    if (isGone) return
    isGone = true
    const left = [...pending.values()]
    pending.clear()
    for (const { abort } of left) abort()
    requests.close()
    tellEnded(ending)
  }
  /** @param within the request in whose answer it came */
  const deliver = (line: Line, source: Valve, within?: Id): void => {
    if (isGone) return
    const incoming = readLine(line)
    const { message } = incoming
    const id = message === undefined ? incoming.id : message.kind === 'notification' ? undefined : message.id
    if (message?.kind !== 'request' && id !== undefined) {
      const known = pending.get(id)
      const method = known?.method
      pending.delete(id)
      // Whoever answers is not asked any more: what it leaves open would be counted by nobody.
      if (known !== undefined) setTimeout(() => known.abort(), linger).unref()
      if (method === 'initialize' && message?.kind === 'result') version = versionIn(message.result)
      if (method === 'tools/list' && message?.kind === 'result') schemas.learn(message.result)
    }
    take({ incoming, source, ...(within === undefined ? {} : { within }) })
  }
  const headers = (stateless: string | undefined, message?: JsonObject): Record<string, string> => {
    if (stateless !== undefined && message !== undefined) {
      const params = ownObject(message, 'params') ?? {}
      const schema = schemas.of(ownString(params, 'name') ?? '')
      return mirroredHeaders({ method: ownString(message, 'method') ?? '', params }, stateless, schema)
    }
    return {
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
      ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
    }
  }

  const request = (kept: Unsent, id: Id, stateless: string | undefined): ClientRequest => {
    const method = ownString(kept.message, 'method') ?? ''
    const sent = post(kept, stateless, {
      onResponse: (response) => {
        const { statusCode: status = 0 } = response
        if (method === 'initialize' && status === 200) session = headerOf(response, 'mcp-session-id') ?? session
        if (status === 200 && mediaType(response.headers['content-type']) === 'text/event-stream') {
          const onEnd = (lastId: string | undefined, retry: number | undefined): void => {
            if (!pending.has(id)) return
            if (lastId === undefined || stateless !== undefined) fail(id, 'the server has ended its answer early')
            else resume(id, lastId, retry ?? firstRetry, 0)
          }
          streams.read(response, (line, source) => deliver(line, source, id), onEnd)
          return
        }
        requests.body(response, largestMessage, (body) => {
          if (isSessionLost(status)) return
          if (body !== undefined && mediaType(response.headers['content-type']) === 'application/json') {
            const line = decodeLine(body)
            const answer = readLine(line).message
            const isAnswer = (answer?.kind === 'result' || answer?.kind === 'error') && answer.id === id
            if (status === 200 ? answer !== undefined : isAnswer) deliver(line, valve, id)
          }
          fail(id, refusalOf(status))
        })
      },
      onError: (why) => fail(id, `the server cannot be reached: ${why}`),
    })
    return sent
  }
  /** 2025-11-25, "Resumability and Redelivery": asks for what came after the last event of an answer. */
  const resume = (id: Id, lastId: string, wait: number, attempts: number): void => {
    if (attempts >= mostAttempts) {
      fail(id, 'the server has ended its answer early')
      return
    }
    const known = pending.get(id)
    if (known === undefined) return
    const timer = setTimeout(() => {
      const asked = requests.send('GET', { ...headers(undefined), 'last-event-id': utf8(lastId) }, undefined, {
        onResponse: (response) => {
          const status = response.statusCode ?? 0
          if (status !== 200 || mediaType(response.headers['content-type']) !== 'text/event-stream') {
            response.resume()
            if (!isSessionLost(status)) fail(id, 'the server has ended its answer early')
            return
          }
          const onEnd = (nextId: string | undefined, retry: number | undefined): void => {
            if (!pending.has(id)) return
            const isFurther = nextId !== undefined && nextId !== lastId
            resume(id, nextId ?? lastId, retry ?? wait, isFurther ? 0 : attempts + 1)
          }
          streams.read(response, (line, source) => deliver(line, source, id), onEnd)
        },
        onError: () => resume(id, lastId, Math.min(wait * 2, longestRetry), attempts + 1),
      })
      known.abort = () => asked.destroy()
    }, wait)
    known.abort = () => clearTimeout(timer)
  }
  /** The stream of what belongs to no request; a server need not have one. */
  const hear = (lastId: string | undefined, wait: number): void => {
    if (isGone) return
    const again = (nextId: string | undefined, after: number): void => {
      if (!isGone) setTimeout(() => hear(nextId, after), after).unref()
    }
    const resumed: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': utf8(lastId) }
    requests.send('GET', { ...headers(undefined), ...resumed }, undefined, {
      onResponse: (response) => {
        const status = response.statusCode ?? 0
        if (status === 200 && mediaType(response.headers['content-type']) === 'text/event-stream') {
          streams.read(response, deliver, (nextId, retry) => again(nextId ?? lastId, retry ?? firstRetry))
          return
        }
        response.resume()
        if (isSessionLost(status)) return
        // What cannot be resumed is begun anew; a server that refuses even that has no such stream.
        if (lastId !== undefined) again(undefined, wait)
        else if (status >= 500) again(undefined, Math.min(wait * 2, longestRetry))
      },
      onError: () => again(lastId, Math.min(wait * 2, longestRetry)),
    })
  }
  const isSessionLost = (status: number): boolean => {
    if (status !== 404 || session === undefined) return false
    session = undefined
    end({ status: 1, how: 'has ended the session' })
    return true
  }
  const refusalOf = (status: number): string => {
    if (status === 401 || status === 403) {
      report(
        `the server at ${visible(addressOf(server.url))} does not accept the credentials of the gateway (HTTP ${status})`,
      )
    }
    return status === 200 ? 'the answer of the server cannot be read' : `the server answered with HTTP ${status}`
  }
  const post = (
    { message, body, settle }: Unsent,
    stateless: string | undefined,
    on: { onResponse(response: IncomingMessage): void; onError(why: string): void },
  ): ClientRequest => {
    const sent = requests.send('POST', headers(stateless, message), body, on)
    sent.once('finish', settle)
    sent.once('close', settle)
    return sent
  }
  const tell = (kept: Unsent): Promise<void> =>
    new Promise((resolve) => {
      if (isGone) {
        kept.settle()
        return resolve()
      }
      const sent = post(kept, undefined, {
        onResponse: (response) => {
          response.resume()
          const status = response.statusCode ?? 0
          if (!isSessionLost(status) && status >= 300) report(`the server refused a message: HTTP ${status}`)
          resolve()
        },
        onError: () => resolve(),
      })
      const late = setTimeout(() => sent.destroy(), longestRetry)
      sent.once('close', () => clearTimeout(late))
    })

  const send = ({ message }: Outgoing, sources: readonly Valve[]): boolean => {
    if (isGone) return true
    const id = own(message, 'id')
    const method = ownString(message, 'method')
    const params = ownObject(message, 'params') ?? {}
    if (method !== undefined && isId(id)) {
      const claimed = statelessVersionOf(params)
      const stateless = claimed !== undefined && isStateless(claimed) ? claimed : undefined
      let sent: ClientRequest | undefined
      pending.set(id, { method, isStateless: stateless !== undefined, abort: () => sent?.destroy() })
      const kept = outbox.keep(message)
      void delivered.then(() => {
        if (pending.has(id) && !isGone) sent = request(kept, id, stateless)
        else kept.settle()
      })
    } else {
      const cancelled = method === 'notifications/cancelled' ? own(params, 'requestId') : undefined
      const known = isId(cancelled) ? pending.get(cancelled) : undefined
      if (isId(cancelled)) pending.delete(cancelled)
      if (known?.isStateless === true) known.abort()
      else {
        const kept = outbox.keep(message)
        delivered = delivered.then(() => tell(kept))
        // A server need not answer what is taken back: whoever takes back much must not leave as many connections open.
        if (known !== undefined) delivered = delivered.then(() => known.abort())
        // However often the client says so, there is one stream.
        if (method === 'notifications/initialized' && !isHearing) {
          isHearing = true
          void delivered.then(() => hear(undefined, firstRetry))
        }
      }
    }
    outbox.hold(sources)
    return true
  }
  const side: Side = {
    valve,
    listen: (listener) => {
      take = listener
    },
    send,
  }
  return {
    side,
    ended,
    stop: async () => {
      if (session !== undefined && !isGone) await requests.forget(headers(undefined))
      end({ status: 0, how: 'was left' })
      return ended
    },
  }
}

/** What the server says it speaks, where a header can say it again. */
function versionIn(result: JsonObject): string | undefined {
  const version = ownString(result, 'protocolVersion')
  return version !== undefined && /^[\x21-\x7e]+$/.test(version) ? version : undefined
}

/** An id of an event as a header has it: in UTF-8 (WHATWG HTML, "Server-sent events"), a character for each byte. */
function utf8(id: string): string {
  return Buffer.from(id, 'utf8').toString('latin1')
}

/** What an operator's log may hold of a URL: a query may hold a key. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
