import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../../../../base/json.ts'
import type { Principal } from '../../enforcement/principal.ts'
import { invalidRequest } from '../../protocol/denial.ts'
import { failure, type Id, idKey, isId, own, ownObject, ownString, writeMessage } from '../../protocol/message.ts'
import { writeLine } from '../../protocol/wire.ts'
import type { Outgoing, Valve } from '../side.ts'
import {
  type Challenges,
  type ClientSide,
  connectionEnded,
  createEntrance,
  isRefused,
  progressTokenOf,
} from './client-side.ts'
import { createEventLog } from './event-log.ts'
import { createReply, type Reply } from './reply.ts'

/** The side of a client with a session (2025-11-25 and before): `initialize`, then requests that name the session. */
export interface Session extends ClientSide {
  readonly id: string
  /** As the server has answered; undefined before that, and after a refusal. */
  readonly version: string | undefined
  /** Gives the client a stream for what belongs to no request, in place of one that it had. */
  hear(response: ServerResponse, principal: Principal): void
  /** Goes on with a stream after an event; false when that cannot be done. */
  resume(response: ServerResponse, principal: Principal, lastEventId: string): boolean
  readonly isHearing: boolean
}

/** What a client is sent in reply to one request, or outside any. */
interface Stream {
  readonly number: number
  readonly progressToken?: Id | undefined
  reply: Reply | undefined
  /** How many events it has had. */
  last: number
  /** The client knows of its events, and can ask for those that it has missed. */
  isResumable: boolean
}

/**
 * The first revision in which a stream begins with an event without a message, from which it can be resumed; clients of those before it stumble
 * over that.
 */
const firstPrimed = '2025-11-25'

/**
 * @param challenges how a denial is told in HTTP; undefined where nobody could change it
 * @param onRefused called when the server does not let the session begin, or who began it has left before that
 */
export function createSession(id: string, challenges: Challenges | undefined, onRefused: () => void): Session {
  const entrance = createEntrance()
  const log = createEventLog()
  const requests = new Map<string, Stream>()
  const tokens = new Map<string, Stream>()
  const outside: Stream = { number: 0, reply: undefined, last: 0, isResumable: true }
  let streams = 1
  let heard = 0
  let version: string | undefined
  let isClosed = false

  /** @param onLeft the end of a connection cancels nothing in these revisions: the answer is kept for a client that resumes */
  const replyTo = (response: ServerResponse, principal: Principal, stream: Stream, onLeft = () => {}): Reply =>
    createReply(response, {
      headers: { 'mcp-session-id': id },
      principal,
      onLeft,
      onExpired: () => {
        begin(stream)
        stream.reply?.end()
        onLeft()
      },
      onSlow: () => begin(stream),
    })
  /** Whoever began the session has left before hearing of it: nobody knows that there is one. */
  const beginnerLeft = (): void => {
    if (version === undefined) onRefused()
  }
  const eventId = ({ number }: Stream, place: number): string => `${number}-${place}`
  const isPrimed = (): boolean => version !== undefined && version >= firstPrimed
  const begin = (stream: Stream): void => {
    stream.isResumable = true
    stream.reply?.stream(isPrimed() ? eventId(stream, stream.last) : undefined)
  }
  const deliver = (stream: Stream, text: string, isLast: boolean, sources: readonly Valve[]): void => {
    const { reply } = stream
    if (isLast && reply?.isOpen === true && !reply.isStreaming) {
      reply.send(text, { isLast }, sources)
      return
    }
    if (stream.isResumable || reply?.isOpen === true) {
      stream.isResumable = true
      const place = ++stream.last
      log.add({ stream: stream.number, place, text, isLast })
      if (reply?.isOpen === true) {
        reply.send(text, { isLast, id: eventId(stream, place) }, sources)
        if (stream === outside) heard = place
      }
    }
  }
  /** The stream that a message which is no answer goes to. */
  const streamFor = ({ message, within }: Outgoing): Stream => {
    const belonging = within === undefined ? undefined : requests.get(idKey(within))
    if (belonging !== undefined) return belonging
    const params = ownObject(message, 'params') ?? {}
    const token = own(message, 'method') === 'notifications/progress' ? own(params, 'progressToken') : undefined
    const progressing = isId(token) ? tokens.get(idKey(token)) : undefined
    if (progressing !== undefined) return progressing
    if (outside.reply?.isOpen === true) return outside
    // A client that has no stream for it hears it in the reply that it waits for.
    return [...requests.values()].findLast(({ reply }) => reply?.isOpen === true) ?? outside
  }
  const close = (requestId: Id): Stream | undefined => {
    const stream = requests.get(idKey(requestId))
    if (stream === undefined) return undefined
    requests.delete(idKey(requestId))
    const { progressToken } = stream
    if (progressToken !== undefined && tokens.get(idKey(progressToken)) === stream) tokens.delete(idKey(progressToken))
    return stream
  }
  /** What the client has taken back is not answered; whether a session begins is. */
  const cancelled = (params: JsonObject): void => {
    const requestId = own(params, 'requestId')
    const stream = version !== undefined && isId(requestId) ? close(requestId) : undefined
    stream?.reply?.stream()
    stream?.reply?.end()
  }
  return {
    id,
    get version() {
      return version
    },
    valve: entrance.valve,
    opened: entrance.opened,
    listen: entrance.listen,
    get inFlight() {
      return requests.size
    },
    get isHearing() {
      return outside.reply?.isOpen === true
    },
    post: (posted, response) => {
      const { message, principal } = posted
      if (message.kind === 'request') {
        const progressToken = progressTokenOf(message.params)
        const stream: Stream = { number: streams++, progressToken, reply: undefined, last: 0, isResumable: false }
        stream.reply = replyTo(response, principal, stream, message.method === 'initialize' ? beginnerLeft : undefined)
        if (isClosed) {
          stream.reply.refuse(404, failure(message.id, connectionEnded))
          return
        }
        if (requests.has(idKey(message.id))) {
          const error = { code: invalidRequest, message: 'the id of a request in flight' }
          return stream.reply.refuse(400, failure(message.id, error))
        }
        requests.set(idKey(message.id), stream)
        if (progressToken !== undefined) tokens.set(idKey(progressToken), stream)
      }
      entrance.enter(posted)
      if (message.kind === 'notification' && message.method === 'notifications/cancelled') cancelled(message.params)
    },
    passed: (requestId) => {
      const stream = requests.get(idKey(requestId))
      if (stream !== undefined && isPrimed()) begin(stream)
    },
    hear: (response, principal) => {
      outside.reply?.end()
      outside.reply = replyTo(response, principal, outside)
      begin(outside)
      const { reply } = outside
      const missed = log.after(outside.number, heard, outside.last) ?? []
      for (const { text, place } of missed) reply.send(text, { isLast: false, id: eventId(outside, place) }, [])
      heard = outside.last
    },
    resume: (response, principal, lastEventId) => {
      const [number = -1, place = -1] = /^\d{1,9}-\d{1,9}$/.test(lastEventId) ? lastEventId.split('-').map(Number) : []
      const live = number === 0 ? outside : [...requests.values()].find((stream) => stream.number === number)
      const last = live?.last ?? log.lastOf(number)
      const missed = last === undefined || place > last ? undefined : log.after(number, place, last)
      if (missed === undefined) return false
      const stream: Stream = live ?? { number, reply: undefined, last: place, isResumable: true }
      const reply = replyTo(response, principal, stream)
      stream.reply?.end()
      stream.reply = reply
      if (stream === outside) heard = stream.last
      reply.stream()
      for (const event of missed) reply.send(event.text, { isLast: event.isLast, id: `${number}-${event.place}` }, [])
      if (live === undefined) reply.end()
      return true
    },
    send: (outgoing, sources) => {
      const { message, text, verbatim } = outgoing
      const id = own(message, 'id')
      const line = writeLine(message, text, verbatim).trimEnd()
      if (Object.hasOwn(message, 'method')) {
        deliver(streamFor(outgoing), line, false, sources)
        return true
      }
      const stream = isId(id) ? close(id) : undefined
      if (stream === undefined) return true
      if (version === undefined) {
        version = ownString(ownObject(message, 'result') ?? {}, 'protocolVersion')
        if (version === undefined) onRefused()
      }
      const { reply } = stream
      if (reply === undefined || !isRefused(reply, outgoing, message, challenges)) deliver(stream, line, true, sources)
      return true
    },
    close: () => {
      isClosed = true
      outside.reply?.end()
      for (const [key, stream] of requests) {
        deliver(stream, writeMessage(failure(JSON.parse(key) as Id, connectionEnded)), true, [])
      }
      requests.clear()
      tokens.clear()
    },
  }
}
