import type { JsonObject } from '../../../base/json.ts'
import { stringifyJson } from '../../../base/json.ts'
import type { Verdict } from '../enforcement/enforcement.ts'
import { type Principal, principalKey } from '../enforcement/principal.ts'
import type { Ask } from '../gateway/inspection.ts'
import { credentialsExpired, defaultDenialCode, internalError, invalidRequest, parseError } from '../protocol/denial.ts'
import type { Message } from '../protocol/message.ts'
import { failure, isId, ownString } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { readLine } from '../protocol/wire.ts'
import { createGuardPoint, type GuardEngine, type GuardPolicy } from '../sdk/guard-point.ts'
import { answer, challenged, refusal } from './answers.ts'
import { type Body, readBody } from './body.ts'
import { type Caller, isPrincipal, refusedCaller } from './caller.ts'
import { schemeOf } from './challenge.ts'
import { whenExpired } from './expiry.ts'
import { followed } from './followed.ts'
import { mediaType } from './media-type.ts'
import { headerMismatch, headerProblem } from './mirrored-headers.ts'
import { createReplays } from './replays.ts'
import { documentAt, metadataUrl, type ResourceMetadata } from './resource-metadata.ts'
import { failed, type Judging, judged } from './server-response.ts'
import { createSessions, type Session } from './sessions.ts'

export interface HttpGuardOptions extends GuardPolicy {
  /**
   * Protected resource metadata (RFC 9728), which challenges point to: `protectedResourceMetadata` of `licet/claims`, to be served by the guard itself
   * where it gets the requests for it, or the URL of what is served elsewhere.
   */
  readonly resourceMetadata?: string | ResourceMetadata
  /**
   * Origins of the web pages that may call, such as `https://app.acme.dev`. A request with another `Origin` is refused, so that no page
   * reaches a local server by a name that it has bound to it. None when left out: clients that are no pages send no `Origin`.
   */
  readonly origins?: readonly string[]
  /** Milliseconds for a request's body to come in; 30,000 when left out. */
  readonly bodyTimeout?: number
}

/** One request, and the way to the server that it is for. */
export interface GuardedRequest {
  readonly request: Request
  /** Where somebody has read the body already. */
  readonly parsedBody?: unknown
  principal(): Caller | Promise<Caller>
  /** May be called more than once: the guard has messages of its own for the server. */
  serve(request: Request): Promise<Response>
}

/** Guards what is behind an MCP endpoint (Streamable HTTP): every message in a request and in its response is judged. */
export function createHttpGuard(
  engine: GuardEngine,
  options: HttpGuardOptions,
): (guarded: GuardedRequest) => Promise<Response> {
  const { resourceMetadata, origins = [], bodyTimeout = 30_000, denialCode = defaultDenialCode } = options
  const metadata = metadataUrl(resourceMetadata)
  const point = createGuardPoint(engine, { stepUp: true, ...options })
  const { report, survey } = point
  const sessions = createSessions()
  const replaysOfSession = createReplays()

  const guarded = async ({ request, parsedBody, principal, serve }: GuardedRequest): Promise<Response> => {
    const { method, headers } = request
    const origin = headers.get('origin')
    if (origin !== null && !origins.includes(origin)) {
      return refusal(403, denialCode, 'not permitted: requests of this origin are not accepted')
    }
    const { pathname, search } = new URL(request.url)
    const document = documentAt(resourceMetadata, { method, target: pathname + search }, () => engine.policy)
    if (document !== undefined) return new Response(document, { headers: { 'content-type': 'application/json' } })
    if (!['POST', 'GET', 'DELETE'].includes(method)) {
      const message = failure(undefined, { code: invalidRequest, message: 'the method is not POST, GET or DELETE' })
      return answer(405, message, { allow: 'GET, POST, DELETE' })
    }
    const caller = await principal()
    if (!isPrincipal(caller)) {
      const { status, message, headers: told } = refusedCaller(caller, headers.get('authorization'), metadata)
      return answer(status, failure(undefined, { code: denialCode, message: `not permitted: ${message}` }), told)
    }
    const key = principalKey(caller)
    const sessionId = headers.get('mcp-session-id')
    const session =
      sessionId === null
        ? { enforcement: point.connect(caller), replays: replaysOfSession() }
        : sessions.find(sessionId, key)
    if (session === undefined) return refusal(404, sessionNotFound, 'session not found')
    const way: Way = { ...session, request, caller, serve, begin: (id) => sessions.add(id, key, session) }
    if (method === 'POST') return await posted(way, parsedBody)

    const response = await serve(rewritten(request))
    if (sessionId !== null && ((method === 'DELETE' && response.ok) || response.status === 404)) {
      sessions.remove(sessionId)
    }
    return await judged(response, judgingOf(way))
  }

  const posted = async (way: Way, parsedBody: unknown): Promise<Response> => {
    const { request, enforcement, caller } = way
    const message = await readMessageOf(request, parsedBody, bodyTimeout)
    if (message instanceof Response) return message
    const differing = await headersDiffer(way, message)
    if (differing !== undefined) return differing

    await survey.before(message, asking(way))
    return await acted(way, message, await enforcement.fromClient(message, caller))
  }

  const acted = async (way: Way, message: Message, verdict: Verdict): Promise<Response> => {
    switch (verdict.kind) {
      case 'drop':
        if (verdict.why !== undefined) report(`dropped ${visible(verdict.why)}`)
        return new Response(null, { status: 202 })
      case 'answer':
        return verdict.challenge === undefined
          ? answer(message.kind === 'invalid' ? 400 : 200, verdict.message)
          : challenged(verdict.challenge, verdict.message, {
              metadata,
              scheme: schemeOf(way.request.headers.get('authorization')),
            })
      case 'hold': {
        const id = message.kind === 'request' ? message.id : undefined
        const expired = new Promise<Response>((resolve) => {
          const neverExpires = whenExpired(way.caller, () => resolve(answer(200, failure(id, credentialsExpired))))
          void verdict.later.then(neverExpires, neverExpires)
        })
        const later = Promise.race([verdict.later.then((then) => acted(way, message, then)), expired])
        return followed(verdict.message, later, (thrown) => {
          report(`a request could not be judged: ${visible(thrown instanceof Error ? thrown.message : '')}`)
          return failure(id, { code: internalError, message: 'internal error' })
        })
      }
      case 'forward':
        return await forwarded(way, message, verdict.message)
    }
  }

  const forwarded = async (way: Way, message: Message, judgedMessage: JsonObject): Promise<Response> => {
    const { request, enforcement, serve, begin } = way
    const id = message.kind === 'request' ? message.id : undefined
    const relayedAs = judgedMessage.id
    const about = message.kind === 'request' && isId(relayedAs) ? { id: message.id, relayedAs } : undefined
    const response = await served(serve, rewritten(request, judgedMessage))
    if (response === undefined) {
      const gone = 'the server cannot be reached'
      if (about === undefined) return refusal(502, internalError, gone)
      return answer(502, await failed(enforcement, about, gone))
    }
    const begun =
      message.kind === 'request' && message.method === 'initialize' && response.headers.get('mcp-session-id')
    if (begun && !begin(begun)) {
      await response.body?.cancel().catch(() => {})
      return refusal(500, internalError, 'internal error', id)
    }
    return await judged(response, judgingOf(way, about))
  }

  const headersDiffer = async (way: Way, message: Message): Promise<Response | undefined> => {
    const { request, enforcement, caller } = way
    const id = message.kind === 'request' ? message.id : undefined
    const refuse = (problem: string) => refusal(400, headerMismatch, `the headers and the body differ: ${problem}`, id)
    const plain = headerProblem(message, request.headers, undefined)
    if (plain !== undefined) return refuse(plain)
    if (message.kind !== 'request' || message.method !== 'tools/call') return undefined
    const tool = ownString(message.params, 'name') ?? ''
    const schema = point.inputSchema(tool)
    const problem = schema === undefined ? undefined : headerProblem(message, request.headers, schema)
    if (problem === undefined) return undefined
    // What is wrong only by its definition would tell that there is such a tool.
    await survey.before(message, asking(way))
    const hidden = await enforcement.hiddenTool(message, tool, caller)
    return hidden === undefined ? refuse(problem) : answer(200, hidden)
  }
  const served = async (serve: Way['serve'], request: Request): Promise<Response | undefined> => {
    try {
      return await serve(request)
    } catch (thrown) {
      report(`the server cannot be reached: ${visible(thrown instanceof Error ? thrown.message : '')}`)
      return undefined
    }
  }
  const judgingOf = ({ request, caller, enforcement, replays, serve }: Way, about?: Judging['request']): Judging => ({
    principal: caller,
    enforcement,
    replays,
    ...(about === undefined ? {} : { request: about }),
    answerServer: (message) => {
      void served(serve, ours(request, message)).then((response) => response?.body?.cancel().catch(() => {}))
    },
    passed: (message) => {
      if (message.kind === 'notification' && message.method.endsWith('/list_changed')) survey.changed()
    },
    report,
  })
  /** Asks the server for ourselves, with the caller's credentials. */
  const asking = (way: Way): Ask => {
    const { request, enforcement, serve } = way
    return async (method, params) => {
      const { message, answer } = enforcement.ask(method, params)
      const none = { error: { code: internalError, message: 'the server does not answer' } }
      const about = isId(message.id) ? { id: message.id, relayedAs: message.id } : undefined
      const response = await served(serve, ours(request, message))
      if (response === undefined) {
        if (about !== undefined) await failed(enforcement, about, none.error.message)
        return none
      }
      const { request: _, ...judging } = judgingOf(way)
      const heard = judged(response, { ...judging, ...(about && { request: about }) }).then(async (own) => {
        await own.text()
        return none
      })
      return await Promise.race([answer, heard])
    }
  }

  return async (one) => {
    try {
      return await guarded(one)
    } catch (thrown) {
      report(`a request could not be judged: ${visible(thrown instanceof Error ? thrown.message : '')}`)
      return refusal(500, internalError, 'internal error')
    }
  }
}

interface Way extends Session {
  readonly request: Request
  readonly caller: Principal
  serve(request: Request): Promise<Response>
  /** A session has begun; false when its id is taken. */
  begin(sessionId: string): boolean
}

/** MCP TypeScript SDK: what is answered, with 404, about a session that there is not. */
const sessionNotFound = -32001

async function readMessageOf(request: Request, parsedBody: unknown, timeout: number): Promise<Message | Response> {
  const type = mediaType(request.headers.get('content-type'))
  if (type !== 'application/json') return refusal(415, invalidRequest, 'the content type is not application/json')
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    return refusal(415, invalidRequest, 'the content is encoded')
  }
  const body: Body =
    parsedBody === undefined ? await readBody(request, timeout) : { text: JSON.stringify(parsedBody) ?? '' }
  if (body.text === undefined) {
    const status = body.refused === 'too large' ? 413 : body.refused === 'too slow' ? 408 : 400
    return refusal(status, parseError, `the body cannot be read: it is ${body.refused}`)
  }
  const incoming = readLine({ kind: 'text', text: body.text }, false)
  if (incoming.message !== undefined) return incoming.message
  return refusal(400, parseError, `the message cannot be read: ${incoming.why}`, incoming.id)
}

/** The request as it is passed on: what was judged, written anew. */
function rewritten(request: Request, message?: JsonObject): Request {
  const { method, url, signal } = request
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  headers.delete('transfer-encoding')
  // Whoever reads it again reads what was judged: a `charset` would make other text of the same bytes.
  if (message !== undefined) headers.set('content-type', 'application/json')
  return new Request(url, { method, headers, signal, ...(message && { body: stringifyJson(message) }) })
}

/** A message of the guard's own to the server, with the credentials and in the session of a request. */
function ours({ url, signal, headers: theirs }: Request, message: JsonObject): Request {
  const headers = new Headers(theirs)
  // What repeats the body repeats another one.
  for (const name of theirs.keys())
    if (/^(?:content-|mcp-(?:method|name|param-)|last-event-id)/.test(name)) headers.delete(name)
  headers.set('content-type', 'application/json')
  headers.set('accept', 'application/json, text/event-stream')
  const method = ownString(message, 'method')
  if (method !== undefined && theirs.has('mcp-method')) headers.set('mcp-method', method)
  return new Request(url, { method: 'POST', headers, signal, body: stringifyJson(message) })
}
