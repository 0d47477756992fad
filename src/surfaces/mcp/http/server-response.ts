import type { JsonObject } from '../../../base/json.ts'
import { isJsonObject, parseJson } from '../../../base/json.ts'
import type { Enforcement, Verdict } from '../enforcement/enforcement.ts'
import type { Principal } from '../enforcement/principal.ts'
import { credentialsExpired, internalError } from '../protocol/denial.ts'
import { eventReader, type StreamEvent, writeEvent } from '../protocol/event-stream.ts'
import type { Line } from '../protocol/framing.ts'
import type { Id, Message } from '../protocol/message.ts'
import { failure, readMessage } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { type Incoming, largestMessage, readLine, writeLine } from '../protocol/wire.ts'
import { readBody } from './body.ts'
import { whenExpired } from './expiry.ts'
import { mediaType } from './media-type.ts'
import type { Session } from './sessions.ts'

/** How the messages in a response are judged. */
export interface Judging extends Session {
  /** Whose credentials the response is given for. */
  readonly principal: Principal
  /** The request that is answered, as the client and as the server call it; none for a notification, a stream, or an end of session. */
  readonly request?: { readonly id: Id; readonly relayedAs: Id }
  /** Takes what the server is answered. */
  answerServer(message: JsonObject): void
  /** Told of each message of the server that is let through. */
  passed(message: Message): void
  report(problem: string): void
}

/** A response of the server with its messages judged, one by one as they come: what is not permitted is not in it. */
export async function judged(response: Response, judging: Judging): Promise<Response> {
  const type = mediaType(response.headers.get('content-type'))
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.delete('content-encoding')
  headers.delete('location')
  const { request } = judging
  const status = statusOf(response, request !== undefined)
  if (response.body !== null && type === 'text/event-stream') {
    headers.set('content-type', type)
    return new Response(judgedEvents(response.body, judging), { status, headers })
  }
  if (request === undefined && (response.ok || response.body === null)) {
    await response.body?.cancel().catch(() => {})
    headers.delete('content-type')
    return new Response(null, { status, headers })
  }
  headers.set('content-type', 'application/json')
  const { text } = await readBody(response, undefined)
  const body = await judgedBody(text ?? '', judging)
  return new Response(body, { status, headers })
}

/** A redirection would send the client elsewhere with what it asks; and it does not look at an answer that comes with 202 or 204. */
function statusOf({ status, ok }: Response, isAnswer: boolean): number {
  return status === 200 || status >= 400 || (ok && !isAnswer) ? status : 502
}

/** The answer to the one request, or to none. */
async function judgedBody(text: string, { enforcement, request, passed }: Judging): Promise<string> {
  const incoming = readAnswer(text, request?.relayedAs)
  const unreadable = { code: internalError, message: 'the answer of the server cannot be read' }
  if (request === undefined) {
    // An error about no request: it says why a stream is not opened, and nothing else.
    return writeLine(failure(undefined, incoming.message?.kind === 'error' ? incoming.message.error : unreadable))
  }
  if (isAnswerTo(incoming.message, request.relayedAs)) {
    const verdict = await enforcement.fromServer(incoming.message)
    if (verdict.kind === 'forward') {
      passed(incoming.message)
      return writeLine(verdict.message, text, verdict.verbatim)
    }
  }
  return writeLine(await failed(enforcement, request, unreadable.message))
}

function isAnswerTo(message: Message | undefined, id: Id): message is Message & { readonly kind: 'result' | 'error' } {
  return (message?.kind === 'result' || message?.kind === 'error') && message.id === id
}

/** Reads what a body holds. An error without an id is about the request that the body answers. */
function readAnswer(text: string, id: Id | undefined): Incoming {
  const incoming = readLine({ kind: 'text', text })
  if (incoming.message?.kind !== 'invalid') return incoming
  const { value } = parseJson(text, { size: largestMessage, bigints: true })
  if (!isJsonObject(value) || (value.id ?? null) !== null || !Object.hasOwn(value, 'error')) return incoming
  return { message: readMessage({ ...value, id: id ?? 0 }), text }
}

/** Ends a request that the server has not answered, and says what to tell the client. */
export async function failed(
  enforcement: Enforcement,
  { id, relayedAs }: NonNullable<Judging['request']>,
  message: string,
): Promise<JsonObject> {
  const error = { code: internalError, message }
  const verdict = await enforcement.fromServer({ kind: 'error', id: relayedAs, error })
  return verdict.kind === 'forward' ? verdict.message : failure(id, error)
}

function judgedEvents(body: ReadableStream<Uint8Array>, judging: Judging): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const encoder = new TextEncoder()
  let events: StreamEvent[] = []
  const read = eventReader((event) => events.push(event))
  // An event with an id is where the client may take the stream up again: until then the request stays open, and what it brings is kept.
  let isResumable = false
  let hasExpired = false
  const neverExpires = whenExpired(judging.principal, () => {
    hasExpired = true
    // What is still waited for is then at its end.
    reader.cancel().catch(() => {})
  })
  /** Ends a request that nothing more can be heard of. */
  const unanswered = async (): Promise<string> => {
    const { request, enforcement } = judging
    if (request === undefined || isResumable) return ''
    const error = hasExpired ? credentialsExpired : { code: internalError, message: 'the server has not answered' }
    const verdict = await enforcement.fromServer({ kind: 'error', id: request.relayedAs, error })
    return verdict.kind === 'forward' ? writeEvent({ data: writeLine(verdict.message).trimEnd() }) : ''
  }
  const judgedPiece = async (piece: Uint8Array): Promise<string> => {
    events = []
    read(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
    let written = ''
    for (const { event = 'message', data, ...others } of events) {
      isResumable ||= others.id !== undefined && others.id !== ''
      // Only messages are read by clients of the protocol; an empty one is where a stream can be taken up again.
      const isEmpty = data?.kind === 'text' && data.text === ''
      const isMessage = event === 'message' && data !== undefined && !isEmpty
      const passed = isMessage ? await judgedData(data, judging, isResumable) : isEmpty ? '' : undefined
      written += writeEvent({ ...others, ...(passed === undefined ? {} : { data: passed }) })
    }
    return written
  }
  let isCancelled = false
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        for (;;) {
          const { done, value } = await reader.read()
          if (isCancelled) return
          if (done) {
            neverExpires()
            const last = await unanswered()
            if (isCancelled) return
            if (last !== '') controller.enqueue(encoder.encode(last))
            return controller.close()
          }
          const written = await judgedPiece(value)
          if (isCancelled) return
          if (written !== '') return controller.enqueue(encoder.encode(written))
        }
      } catch (thrown) {
        if (isCancelled) return
        neverExpires()
        const why = thrown instanceof Error ? thrown.message : ''
        judging.report(`a stream of the server has ended: ${visible(why)}`)
        await reader.cancel().catch(() => {})
        const { request, enforcement } = judging
        if (request !== undefined) {
          const data = writeLine(
            await failed(enforcement, request, 'the answer of the server cannot be read'),
          ).trimEnd()
          controller.enqueue(encoder.encode(writeEvent({ data })))
        }
        controller.close()
      }
    },
    cancel: (reason) => {
      isCancelled = true
      neverExpires()
      void unanswered().catch(() => {})
      return reader.cancel(reason).catch(() => {})
    },
  })
}

/** What the client gets of the data of an event, if anything. */
async function judgedData(data: Line, judging: Judging, isResumable: boolean): Promise<string | undefined> {
  const { enforcement, replays, request, answerServer, passed, report } = judging
  const incoming = readLine(data)
  const message: Message = incoming.message ?? { kind: 'invalid', id: incoming.id, why: incoming.why, isAnswer: true }
  const before = replays.find(message)
  if (before !== undefined) return before
  const verdict: Verdict = await enforcement.fromServer(message, request?.relayedAs)
  if (verdict.kind === 'forward') {
    passed(message)
    const text = writeLine(verdict.message, incoming.message && incoming.text, verdict.verbatim).trimEnd()
    if (isResumable) replays.keep(message, text)
    return text
  }
  if (verdict.kind === 'answer') answerServer(verdict.message)
  else if (verdict.kind === 'drop' && verdict.why !== undefined) report(`dropped ${visible(verdict.why)}`)
  return undefined
}
