import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JsonObject } from '../../../../base/json.ts'
import type { Principal } from '../../enforcement/principal.ts'
import { headerProblem, headersDiffer, isStateless } from '../../http/mirrored-headers.ts'
import { headersOf } from '../../http/node-request.ts'
import { invalidParams, methodNotFound } from '../../protocol/denial.ts'
import { type Message, ownString } from '../../protocol/message.ts'
import { sessionRequests } from '../../protocol/methods.ts'
import { statelessVersionOf } from '../inspection.ts'
import type { ClientSide } from './client-side.ts'
import type { Connections } from './connections.ts'
import { type Refusal, refusal, refuse } from './refusal.ts'
import { readBody } from './request-body.ts'

/** Answers HTTP requests for one server (MCP, "Streamable HTTP", 2025-11-25 and 2026-07-28). */
export type Endpoint = (request: IncomingMessage, response: ServerResponse, principal: Principal) => Promise<void>

const mostInFlight = 256
const sessionVersions = new Set(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])
const tooMany = refusal(503, 'too many connections to the server are open', { 'retry-after': '5' })
const busy = refusal(429, 'too many requests are in flight', { 'retry-after': '1' })
const noSession = refusal(404, 'there is no such session')

/** @param inputSchema the schema of a tool's arguments, some of which it may want in headers */
export function createEndpoint(
  connections: Connections,
  inputSchema: (tool: string) => JsonObject | undefined,
): Endpoint {
  return async (request, response, principal) => {
    const refused =
      request.method === 'POST'
        ? await post(connections, inputSchema, request, response, principal)
        : outside(connections, request, response, principal)
    if (refused !== undefined) refuse(response, refused)
  }
}

async function post(
  connections: Connections,
  inputSchema: (tool: string) => JsonObject | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  principal: Principal,
): Promise<Refusal | undefined> {
  if (!accepts(request, 'application/json') || !accepts(request, 'text/event-stream')) {
    return refusal(406, 'a client accepts both application/json and text/event-stream')
  }
  const sessionId = header(request, 'mcp-session-id')
  const session = sessionId === undefined ? undefined : connections.find(sessionId, principal)
  if (sessionId !== undefined && session === undefined) return noSession
  // While a server does not keep up, what clients send it stays with them.
  if ((await session?.opened()) === false) return busy
  const body = await readBody(request)
  if (body === undefined) return undefined
  if (body.refusal !== undefined) return body.refusal
  const { message } = body
  const headers = headersOf(request)
  const difference = headerProblem(message, headers, undefined)
  if (difference !== undefined) return withId({ status: 400, error: headersDiffer(difference) }, message)
  const tool =
    message.kind === 'request' && message.method === 'tools/call' ? ownString(message.params, 'name') : undefined
  const schema = tool === undefined ? undefined : inputSchema(tool)
  const mismatch = schema === undefined ? undefined : headerProblem(message, headers, schema)
  const side = session ?? sideFor(connections, request, message, principal)
  if ('status' in side) return withId(side, message)
  const problem = session === undefined ? undefined : versionProblem(request, message)
  if (problem !== undefined) return withId(problem, message)
  if (session === undefined && !(await side.opened())) return withId(busy, message)
  // After all waiting: many may have waited together.
  if (message.kind === 'request' && side.inFlight >= mostInFlight) return withId(busy, message)
  if (response.destroyed) return undefined
  if (message.kind !== 'request') response.writeHead(202, { 'content-length': 0 }).end()
  side.post({ ...body, principal, mismatch }, response)
  return undefined
}

/** Where a message without a session goes: to a new session, or to those that need none. */
function sideFor(
  connections: Connections,
  request: IncomingMessage,
  message: Message,
  principal: Principal,
): ClientSide | Refusal {
  const isCall = message.kind === 'request' || message.kind === 'notification'
  const sent = header(request, 'mcp-protocol-version')
  const claimed = isCall ? statelessVersionOf(message.params) : undefined
  if (claimed !== undefined && !isStateless(claimed)) return refusal(400, 'this revision of the protocol has sessions')
  if (!isCall || (claimed === undefined && (sent === undefined || !isStateless(sent)))) {
    if (message.kind !== 'request' || message.method !== 'initialize') return refusal(400, 'a session is needed')
    return connections.open(principal) ?? tooMany
  }
  if (message.kind === 'request') {
    if (claimed === undefined) {
      const error = { code: invalidParams, message: 'a request of this revision says so in its `_meta`' }
      return { status: 400, error }
    }
    if (sessionRequests.has(message.method)) {
      return { status: 404, error: { code: methodNotFound, message: 'this revision has no such method' } }
    }
  }
  return connections.stateless(principal) ?? tooMany
}

/** A session speaks the revision that it was begun with; the header says that once more. */
function versionProblem(request: IncomingMessage, message: Message): Refusal | undefined {
  const version = header(request, 'mcp-protocol-version')
  if (version !== undefined && !sessionVersions.has(version)) {
    return refusal(400, 'this revision of the protocol has no sessions, or is not known')
  }
  const claimed = 'params' in message ? statelessVersionOf(message.params) : undefined
  if (claimed !== undefined && isStateless(claimed))
    return refusal(400, 'this revision of the protocol has no sessions')
  const isBegun = message.kind === 'request' && message.method === 'initialize'
  return isBegun ? refusal(400, 'the session has begun') : undefined
}

/** GET and DELETE, which only sessions have. */
function outside(
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
  principal: Principal,
): Refusal | undefined {
  const id = header(request, 'mcp-session-id')
  if (id === undefined) return refusal(405, 'only a session can be listened to or ended', { allow: 'POST' })
  const session = connections.find(id, principal)
  if (session === undefined) return noSession
  if (request.method === 'DELETE') {
    connections.end(session)
    response.writeHead(204).end()
    return undefined
  }
  if (!accepts(request, 'text/event-stream')) return refusal(406, 'a client accepts text/event-stream here')
  const lastEventId = header(request, 'last-event-id')
  if (lastEventId === undefined) session.hear(response, principal)
  else if (!session.resume(response, principal, lastEventId))
    return refusal(400, 'what came after this event is not known')
  return undefined
}

function withId(refused: Refusal, message: Message): Refusal {
  return message.kind === 'request' ? { ...refused, id: message.id } : refused
}

/** A header that a request has once. */
function header({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

function accepts(request: IncomingMessage, type: string): boolean {
  const [major = ''] = type.split('/')
  return (header(request, 'accept') ?? '')
    .split(',')
    .map((one) => one.split(';', 1)[0]?.trim().toLowerCase())
    .some((one) => one === type || one === `${major}/*` || one === '*/*')
}
