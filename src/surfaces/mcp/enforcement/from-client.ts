import type { JsonObject } from '../../../base/json.ts'
import { isArray } from '../../../base/json.ts'
import { internalError, invalidParams, invalidRequest } from '../protocol/denial.ts'
import type { Id, Message, RpcError } from '../protocol/message.ts'
import { failure, isId, notification, own, ownObject, ownString, pick, request, result } from '../protocol/message.ts'
import type { Handling } from '../protocol/methods.ts'
import { clientNotifications, clientRequests, knownParams } from '../protocol/methods.ts'
import type { Connection } from './connection.ts'
import { remember } from './connection.ts'
import type { Verdict } from './enforcement.ts'
import type { Exchange, ListChange } from './exchanges.ts'
import type { Ruling } from './judge.ts'
import { itemRequest, uriQuestion } from './questions.ts'

type Request = Extract<Message, { kind: 'request' }>

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
        return clientAnswer(connection, message)
      case 'invalid':
        return invalidMessage(connection, message)
    }
  }
}

async function clientRequest(connection: Connection, message: Request): Promise<Verdict> {
  const { judge, toServer, session } = connection
  const { id, method } = message
  if (toServer.isInFlight(id)) return answer(id, { code: invalidRequest, message: 'the id of a request in flight' })
  const handling = clientRequests.get(method)
  if (handling === undefined) return answer(id, judge.refuse(method, method, 'unknown-method'))
  const params = knownPart(method, message.params)
  session.client = clientOf(method, params) ?? session.client ?? {}
  return await decided(connection, { ...message, params: withoutLogLevel(connection, params) }, handling)
}

async function decided(connection: Connection, message: Request, handling: Handling): Promise<Verdict> {
  const { judge, server, tasks, subscribed, cursors } = connection
  const { id, method, params } = message
  const malformed = answer(id, { code: invalidParams, message: `the parameters are not those of ${method}` })
  switch (handling.kind) {
    case 'pass':
      return relay(connection, message, { handling })
    case 'item': {
      const asked = itemRequest(server, handling.action, params)
      if (asked === undefined) return malformed
      const ruling = await judge.rule(method, asked.question, true)
      if (!ruling.allowed) return refused(id, ruling)
      const uri = method === 'resources/subscribe' ? ownString(params, 'uri') : undefined
      if (uri !== undefined) remember(subscribed, uri)
      return relay(
        connection,
        { ...message, params: asked.params },
        { handling, question: asked.question, ...(uri === undefined ? {} : { uri }) },
      )
    }
    case 'server': {
      const ruling = await judge.rule(method, { action: handling.action, item: { kind: 'server', server } }, true)
      return ruling.allowed ? relay(connection, message, { handling }) : refused(id, ruling)
    }
    case 'list':
    case 'tasks': {
      const sealed = own(params, 'cursor')
      if (sealed === undefined) return relay(connection, { ...message, params: pick(params, ['_meta']) }, { handling })
      const cursor = typeof sealed === 'string' ? cursors.open(method, sealed) : undefined
      if (cursor === undefined) return answer(id, { code: invalidParams, message: 'a cursor that no list has given' })
      return relay(connection, { ...message, params: { ...pick(params, ['_meta']), cursor } }, { handling })
    }
    case 'unsubscribe': {
      const uri = ownString(params, 'uri')
      if (uri === undefined) return malformed
      if (!subscribed.delete(uri)) return answer(id, judge.refuse(method, `unsubscribe ${uri}`, 'not-subscribed'))
      const error = judge.note(method, 'unsubscribe', { server, kind: 'resource', uri })
      return error === undefined ? relay(connection, message, { handling }) : answer(id, error)
    }
    case 'listen':
      return (await listen(connection, message, handling)) ?? malformed
    case 'task': {
      const taskId = ownString(params, 'taskId')
      if (taskId === undefined) return malformed
      const origin = tasks.find(taskId)
      if (origin === undefined) return answer(id, judge.refuse(method, `${method} ${taskId}`, 'unknown-task'))
      const ruling = await judge.rule(method, origin.question, false)
      return ruling.allowed ? relay(connection, message, { handling, question: origin.question }) : refused(id, ruling)
    }
  }
}

/** Each URI is a subscription of its own. Those that are not allowed are left out, as a server leaves out what it does not have. */
async function listen(connection: Connection, message: Request, handling: Handling): Promise<Verdict | undefined> {
  const { judge, server, tasks } = connection
  const wanted = ownObject(message.params, 'notifications')
  if (wanted === undefined) return undefined
  const uris = own(wanted, 'resourceSubscriptions') ?? []
  const taskIds = own(wanted, 'taskIds') ?? []
  if (!isArray(uris) || !isArray(taskIds) || uris.length > mostUris || taskIds.length > mostUris) return undefined
  const allowedUris: string[] = []
  for (const uri of uris) {
    if (typeof uri !== 'string') continue
    const { allowed } = await judge.rule(message.method, uriQuestion(server, 'subscribe', uri), true)
    if (allowed) allowedUris.push(uri)
  }
  const allowedTasks = taskIds.filter((id) => {
    const origin = typeof id === 'string' ? tasks.find(id) : undefined
    return origin !== undefined && judge.allows(origin.question)
  })
  const hears = listChanges.filter((flag) => own(wanted, flag) === true)
  const notifications: JsonObject = {
    ...Object.fromEntries(hears.map((flag) => [flag, true])),
    ...(Object.hasOwn(wanted, 'resourceSubscriptions') ? { resourceSubscriptions: allowedUris } : {}),
    ...(Object.hasOwn(wanted, 'taskIds') ? { taskIds: allowedTasks } : {}),
  }
  const error = judge.note(message.method, 'listen', { server, kind: 'server' })
  if (error !== undefined) return answer(message.id, error)
  return relay(connection, { ...message, params: { ...message.params, notifications } }, { handling, hears })
}

function relay(
  connection: Connection,
  { id, method, params }: Request,
  about: Pick<Exchange, 'handling' | 'question' | 'uri' | 'hears'>,
): Verdict {
  const token = progressToken(params)
  const exchange: Exchange = {
    id,
    method,
    judge: connection.judge,
    ...about,
    ...(token === undefined ? {} : { progressToken: token }),
    ...(method === 'initialize' ? { asked: ownString(params, 'protocolVersion') ?? '' } : {}),
  }
  const number = connection.toServer.open(exchange)
  if (number === undefined) return answer(id, { code: invalidRequest, message: 'too many requests in flight' })
  return { kind: 'forward', message: request(number, method, params) }
}

function clientNotification(connection: Connection, message: Extract<Message, { kind: 'notification' }>): Verdict {
  const { judge, toServer, toClient } = connection
  const { method } = message
  const params = knownPart(method, message.params)
  const forward = (forwarded: JsonObject): Verdict => ({ kind: 'forward', message: notification(method, forwarded) })
  switch (clientNotifications.get(method)) {
    case 'pass':
      return forward(params)
    case 'cancelled': {
      const requestId = own(params, 'requestId')
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

function refused(id: Id, { error, challenge }: Extract<Ruling, { allowed: false }>): Verdict {
  return { kind: 'answer', message: failure(id, error), ...(challenge === undefined ? {} : { challenge }) }
}

function answer(id: Id | undefined, error: RpcError): Verdict {
  return { kind: 'answer', message: failure(id, error) }
}

function progressToken(params: JsonObject): Id | undefined {
  const token = own(ownObject(params, '_meta') ?? {}, 'progressToken')
  return isId(token) ? token : undefined
}

/** 2026-07-28: a request may ask for log messages by itself, which `logging/setLevel` did before. */
function withoutLogLevel({ judge, server }: Connection, params: JsonObject): JsonObject {
  const meta = ownObject(params, '_meta')
  if (meta === undefined || !Object.hasOwn(meta, logLevel)) return params
  if (judge.allows({ action: 'log', item: { kind: 'server', server } })) return params
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
