import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray } from '../../../base/json.ts'
import { internalError, invalidParams, invalidRequest } from '../protocol/denial.ts'
import type { Message } from '../protocol/message.ts'
import { failure, isId, notification, own, ownObject, ownString, pick, result } from '../protocol/message.ts'
import type { Handling } from '../protocol/methods.ts'
import { clientNotifications, clientRequests, knownParams } from '../protocol/methods.ts'
import type { Connection } from './connection.ts'
import type { Verdict } from './enforcement.ts'
import type { ListChange } from './exchanges.ts'
import { itemRequested } from './item-request.ts'
import type { Hearing, Judge } from './judge.ts'
import { itemRequest, uriQuestion } from './questions.ts'
import { type About, answer, type Request, refused, relay } from './relay.ts'

const logLevel = 'io.modelcontextprotocol/logLevel'
const clientInfo = 'io.modelcontextprotocol/clientInfo'
const mostUris = 1000
const listChanges: readonly ListChange[] = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged']

/** Decides what comes from the client. */
export function clientMessages(connection: Connection): (message: Message) => Promise<Verdict> {
  return async (message) => {
    switch (message.kind) {
      case 'request':
        return await clientRequest(connection, message)
      case 'notification':
        return clientNotification(connection, message)
      case 'result':
      case 'error':
        return (await connection.confirmations.answer(message)) ? { kind: 'drop' } : clientAnswer(connection, message)
      case 'invalid':
        return (await connection.confirmations.answer(message)) ? { kind: 'drop' } : invalidMessage(connection, message)
    }
  }
}

async function clientRequest(connection: Connection, message: Request): Promise<Verdict> {
  const { judge, toServer, session, confirmations } = connection
  const { id, method } = message
  if (toServer.isInFlight(id) || confirmations.isWaiting(id)) {
    return answer(id, { code: invalidRequest, message: 'the id of a request in flight' })
  }
  const handling = clientRequests.get(method)
  if (handling === undefined) return answer(id, judge.refuse(method, method, 'unknown-method'))
  const params = knownPart(method, message.params)
  session.client = clientOf(method, params) ?? session.client ?? {}
  if (method === 'initialize') connection.capabilities = ownObject(params, 'capabilities') ?? {}
  return await decided(connection, { ...message, params }, handling)
}

async function decided(connection: Connection, received: Request, handling: Handling): Promise<Verdict> {
  const { judge, server, tasks, subscribed, cursors } = connection
  const { id, method } = received
  const hearing = judge.hear()
  const message = { ...received, params: await withoutLogLevel(connection, hearing, received.params) }
  const { params } = message
  const malformed = answer(id, { code: invalidParams, message: `the parameters are not those of ${method}` })
  const on = (about: About): Verdict => relay(connection, message, { handling, judge, ...about })
  switch (handling.kind) {
    case 'pass':
      return on({})
    case 'item': {
      const asked = itemRequest(server, handling.action, params)
      return asked === undefined ? malformed : await itemRequested(connection, message, handling, judge, asked)
    }
    case 'server': {
      const question = { action: handling.action, item: { kind: 'server', server } } as const
      const ruling = await hearing.rule(method, question, { effects: true })
      return ruling.allowed ? on({}) : refused(id, ruling)
    }
    case 'list':
    case 'tasks': {
      const sealed = own(params, 'cursor')
      if (sealed === undefined) return on({ params: pick(params, ['_meta']) })
      const cursor = typeof sealed === 'string' ? cursors.open(method, sealed) : undefined
      if (cursor === undefined) return answer(id, { code: invalidParams, message: 'a cursor that no list has given' })
      return on({ params: { ...pick(params, ['_meta']), cursor } })
    }
    case 'unsubscribe': {
      const uri = ownString(params, 'uri')
      if (uri === undefined) return malformed
      if (!subscribed.delete(uri)) return answer(id, judge.refuse(method, `unsubscribe ${uri}`, 'not-subscribed'))
      const error = judge.note(method, 'unsubscribe', { server, kind: 'resource', uri })
      return error === undefined ? on({}) : answer(id, error)
    }
    case 'listen':
      return (await listen(connection, message, handling, judge)) ?? malformed
    case 'task': {
      const taskId = ownString(params, 'taskId')
      if (taskId === undefined) return malformed
      const origin = tasks.find(taskId)
      if (origin === undefined) return answer(id, judge.refuse(method, `${method} ${taskId}`, 'unknown-task'))
      const { question, held } = origin
      const ruling = await hearing.rule(method, question, { effects: false, ...(held && { held }) })
      return ruling.allowed ? on({ question }) : refused(id, ruling)
    }
  }
}

/** Each URI is a subscription of its own. Those that are not allowed are left out, as a server leaves out what it does not have. */
async function listen(
  connection: Connection,
  message: Request,
  handling: Handling,
  judge: Judge,
): Promise<Verdict | undefined> {
  const { server, tasks } = connection
  const hearing = judge.hear()
  const wanted = ownObject(message.params, 'notifications')
  if (wanted === undefined) return undefined
  const uris = own(wanted, 'resourceSubscriptions') ?? []
  const taskIds = own(wanted, 'taskIds') ?? []
  if (!isArray(uris) || !isArray(taskIds) || uris.length > mostUris || taskIds.length > mostUris) return undefined
  const allowedUris: string[] = []
  for (const uri of uris) {
    if (typeof uri !== 'string') continue
    const { allowed } = await hearing.rule(message.method, uriQuestion(server, 'subscribe', uri), { effects: true })
    if (allowed) allowedUris.push(uri)
  }
  const allowedTasks: JsonValue[] = []
  for (const id of taskIds) {
    const origin = typeof id === 'string' ? tasks.find(id) : undefined
    if (origin !== undefined && (await hearing.allows(origin.question, origin.held))) allowedTasks.push(id)
  }
  const hears = listChanges.filter((flag) => own(wanted, flag) === true)
  const notifications: JsonObject = {
    ...Object.fromEntries(hears.map((flag) => [flag, true])),
    ...(Object.hasOwn(wanted, 'resourceSubscriptions') ? { resourceSubscriptions: allowedUris } : {}),
    ...(Object.hasOwn(wanted, 'taskIds') ? { taskIds: allowedTasks } : {}),
  }
  const error = judge.note(message.method, 'listen', { server, kind: 'server' })
  if (error !== undefined) return answer(message.id, error)
  return relay(connection, message, { handling, judge, hears, params: { ...message.params, notifications } })
}

function clientNotification(connection: Connection, message: Extract<Message, { kind: 'notification' }>): Verdict {
  const { judge, toServer, toClient, confirmations } = connection
  const { method } = message
  const params = knownPart(method, message.params)
  const forward = (forwarded: JsonObject): Verdict => ({ kind: 'forward', message: notification(method, forwarded) })
  switch (clientNotifications.get(method)) {
    case 'pass':
      return forward(params)
    case 'cancelled': {
      const requestId = own(params, 'requestId')
      if (isId(requestId) && confirmations.cancel(requestId)) return { kind: 'drop' }
      const number = isId(requestId) ? toServer.cancel(requestId) : undefined
      return number === undefined ? { kind: 'drop' } : forward({ ...params, requestId: number })
    }
    case 'progress': {
      const token = own(params, 'progressToken')
      return isId(token) && toClient.hasProgressToken(token) ? forward(params) : { kind: 'drop' }
    }
    default:
      judge.refuse(method, method, 'unknown-method')
      return { kind: 'drop' }
  }
}

function clientAnswer(connection: Connection, message: Extract<Message, { kind: 'result' | 'error' }>): Verdict {
  const exchange = connection.toClient.close(message.id)
  if (exchange === undefined) return { kind: 'drop', why: 'an answer of the client to no request' }
  return {
    kind: 'forward',
    message: message.kind === 'result' ? result(exchange.id, message.result) : failure(exchange.id, message.error),
  }
}

function knownPart(method: string, params: JsonObject): JsonObject {
  const known = knownParams.get(method)
  return known === undefined ? params : pick(params, known)
}

/** An answer that is none goes to the server that waits for it: its id is no id of the client's. */
function invalidMessage(
  { toClient }: Connection,
  { id, why, isAnswer }: Extract<Message, { kind: 'invalid' }>,
): Verdict {
  const exchange = isAnswer && id !== undefined ? toClient.close(id) : undefined
  return exchange === undefined
    ? answer(id, { code: invalidRequest, message: `invalid message: ${why}` })
    : {
        kind: 'forward',
        message: failure(exchange.id, { code: internalError, message: 'the answer of the client cannot be read' }),
      }
}

/** 2026-07-28: a request may ask for log messages by itself, which `logging/setLevel` did before. */
async function withoutLogLevel({ server }: Connection, hearing: Hearing, params: JsonObject): Promise<JsonObject> {
  const meta = ownObject(params, '_meta')
  if (meta === undefined || !Object.hasOwn(meta, logLevel)) return params
  if (await hearing.allows({ action: 'log', item: { kind: 'server', server } })) return params
  return { ...params, _meta: Object.fromEntries(Object.entries(meta).filter(([key]) => key !== logLevel)) }
}

function clientOf(method: string, params: JsonObject): { name?: string; version?: string } | undefined {
  const meta = ownObject(params, '_meta') ?? {}
  const info = method === 'initialize' ? ownObject(params, 'clientInfo') : ownObject(meta, clientInfo)
  if (info === undefined) return undefined
  const name = ownString(info, 'name')
  const version = ownString(info, 'version')
  return { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) }
}
