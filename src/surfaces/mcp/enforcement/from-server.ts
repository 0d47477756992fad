import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { internalError, invalidRequest, unavailable } from '../protocol/denial.ts'
import type { Id, Message, RpcError } from '../protocol/message.ts'
import { failure, isId, notification, own, ownObject, ownString, request, result } from '../protocol/message.ts'
import { serverNotifications, serverRequests } from '../protocol/methods.ts'
import type { Connection } from './connection.ts'
import { remember } from './connection.ts'
import { mayComeAgain, withState } from './continuation.ts'
import type { Verdict } from './enforcement.ts'
import type { Exchange } from './exchanges.ts'
import { flooding } from './flood.ts'
import { refusedError, refusedInput } from './input-requests.ts'
import type { Judge } from './judge.ts'
import { filterList } from './lists.ts'
import { listedItem, uriQuestion } from './questions.ts'

export const subscriptionId = 'io.modelcontextprotocol/subscriptionId'

/** Decides what comes from the server; what is no answer, by the judge that it is given. */
export function serverMessages(connection: Connection): (message: Message, judge: Judge) => Promise<Verdict> {
  return async (message, judge) => {
    switch (message.kind) {
      case 'request':
        return await serverRequest(connection, message, judge)
      case 'notification':
        return await serverNotification(connection, message, judge)
      case 'result':
      case 'error': {
        const exchange = connection.toServer.close(message.id)
        if (exchange === undefined) return { kind: 'drop', why: 'an answer of the server to no request' }
        return message.kind === 'result'
          ? await serverResult(connection, exchange, message.result)
          : await serverError(connection, exchange, message.error)
      }
      case 'invalid': {
        const exchange =
          message.isAnswer && message.id !== undefined ? connection.toServer.close(message.id) : undefined
        return exchange === undefined
          ? { kind: 'drop', why: `a message of the server that is none: ${message.why}` }
          : fail(exchange.id, { code: internalError, message: 'the answer of the server cannot be read' })
      }
    }
  }
}

async function serverResult(connection: Connection, exchange: Exchange, value: JsonObject): Promise<Verdict> {
  const { id, method, handling, judge, question, held, progressToken } = exchange
  const { server, definitions, tasks, cursors } = connection
  const forward = (forwarded: JsonObject): Verdict => ({
    kind: 'forward',
    message: result(id, forwarded),
    ...(forwarded === value ? { verbatim: 'result' as const } : {}),
  })
  const hearing = judge.hear()
  const refused = await refusedInput(connection, judge, hearing, method, value)
  if (refused !== undefined) return fail(id, refused)

  if (handling.kind === 'list') {
    const { list } = handling
    const items = own(value, list)
    for (const item of isArray(items) ? items : []) if (isJsonObject(item)) definitions.see(list, item)
    const shownItems = new Set<JsonValue>()
    for (const entry of isArray(items) ? items : []) {
      const item = isJsonObject(entry) ? listedItem(server, list, entry) : undefined
      if (item !== undefined && (await hearing.isListed(item))) shownItems.add(entry)
    }
    const filtered = filterList(method, list, value, shownItems, cursors)
    if (filtered === undefined) return fail(id, { code: internalError, message: 'the server sent no list' })
    const { shown, hidden } = filtered
    const error = judge.note(method, 'list', { server, kind: list }, { shown, hidden })
    return error === undefined ? forward(filtered.result) : fail(id, error)
  }
  if (handling.kind === 'tasks') {
    const shownTasks = new Set<JsonValue>()
    const listed = own(value, 'tasks')
    for (const task of isArray(listed) ? listed : []) {
      if (!isJsonObject(task) || connection.isNobody) continue
      const origin = tasks.find(ownString(task, 'taskId') ?? '')
      if (origin === undefined || !(await hearing.allows(origin.question, origin.held))) continue
      if ((await refusedInput(connection, judge, hearing, method, task)) === undefined) shownTasks.add(task)
    }
    const filtered = filterList(method, 'tasks', value, shownTasks, cursors)
    if (filtered === undefined) return fail(id, { code: internalError, message: 'the server sent no list' })
    const { shown, hidden } = filtered
    const error = judge.note(method, 'list', { server, kind: 'tasks' }, { shown, hidden })
    return error === undefined ? forward(filtered.result) : fail(id, error)
  }
  if (method === 'initialize' || method === 'server/discover') {
    definitions.seeServer(value, exchange.asked)
    return forward(definitions.isServerDrifted ? without(value, 'instructions') : value)
  }
  if (handling.kind === 'listen') {
    const meta = ownObject(value, '_meta')
    return forward(meta === undefined ? value : { ...value, _meta: { ...meta, [subscriptionId]: id } })
  }
  const taskId = createdTask(value)
  if (taskId !== undefined && question !== undefined && handling.kind === 'item') {
    tasks.add(taskId, { question, ...(held && { held }), ...(progressToken === undefined ? {} : { progressToken }) })
  }
  // 2026-07-28, `CacheableResult`: what one caller may read must not be cached for another.
  const isPublic = method === 'resources/read' && (own(value, 'cacheScope') ?? 'private') !== 'private'
  const shown = isPublic ? { ...value, cacheScope: 'private' } : value
  if (held === undefined || question === undefined || !mayComeAgain.has(method)) return forward(shown)
  const call = judge.callOf(method, question)
  const continued = call && (await withState(connection.stores, call, held, shown))
  return continued === undefined ? fail(id, unavailable('the request cannot be taken up again')) : forward(continued)
}

/** 2025-11-25 has the task as a member of the result, the extension of 2026-07-28 has the result itself be the task. */
function createdTask(value: JsonObject): string | undefined {
  const task = ownObject(value, 'task')
  if (task !== undefined) return ownString(task, 'taskId')
  return own(value, 'resultType') === 'task' ? ownString(value, 'taskId') : undefined
}

async function serverError(
  connection: Connection,
  { id, method, judge, uri }: Exchange,
  error: RpcError,
): Promise<Verdict> {
  if (uri !== undefined) connection.subscribed.delete(uri)
  return fail(id, (await refusedError(connection, judge, judge.hear(), method, { ...error })) ?? error)
}

async function serverRequest(
  connection: Connection,
  message: Extract<Message, { kind: 'request' }>,
  judge: Judge,
): Promise<Verdict> {
  const { server, toClient, elicitations } = connection
  const { id, method, params } = message
  const answer = (error: RpcError): Verdict => ({ kind: 'answer', message: failure(id, error) })
  if (toClient.isInFlight(id)) return answer({ code: invalidRequest, message: 'the id of a request in flight' })
  const handling = serverRequests.get(method)
  const flooded = handling?.kind === 'pass' ? undefined : flooding(connection, judge, method)
  if (flooded !== undefined) return answer(flooded)
  if (handling === undefined) return answer(judge.refuse(method, method, 'unknown-method'))
  if (handling.kind === 'server') {
    const question = { action: handling.action, item: { kind: 'server', server } } as const
    const { error } = await judge.hear().rule(method, question, { effects: true })
    if (error !== undefined) return answer(error)
  }
  const token = own(ownObject(params, '_meta') ?? {}, 'progressToken')
  const number = toClient.open({ id, method, handling, judge, ...(isId(token) ? { progressToken: token } : {}) })
  if (number === undefined) return answer({ code: invalidRequest, message: 'too many requests in flight' })
  const elicitationId = ownString(params, 'elicitationId')
  if (method === 'elicitation/create' && elicitationId !== undefined) remember(elicitations, elicitationId)
  return { kind: 'forward', message: request(number, method, params) }
}

async function serverNotification(
  connection: Connection,
  message: Extract<Message, { kind: 'notification' }>,
  judge: Judge,
): Promise<Verdict> {
  const { server, tasks, toServer, toClient, elicitations } = connection
  const { method } = message
  const drop: Verdict = { kind: 'drop' }
  const hearing = judge.hear()
  const params = asSubscribed(connection, message.params)
  if (params === undefined) return drop
  const forward = (forwarded: JsonObject): Verdict => ({ kind: 'forward', message: notification(method, forwarded) })
  switch (serverNotifications.get(method)) {
    case 'pass':
    case 'list-changed':
      return forward(params)
    case 'acknowledged':
      return own(ownObject(params, '_meta') ?? {}, subscriptionId) === undefined ? drop : forward(params)
    case 'cancelled': {
      const requestId = own(params, 'requestId')
      if (!isId(requestId)) return drop
      const number = toClient.cancel(requestId)
      if (number !== undefined) return forward({ ...params, requestId: number })
      // 2026-07-28, stdio: the server ends a subscription.
      if (toServer.find(requestId)?.handling.kind !== 'listen') return drop
      const listening = toServer.close(requestId)
      return listening === undefined ? drop : forward({ ...params, requestId: listening.id })
    }
    case 'progress': {
      const token = own(params, 'progressToken')
      return isId(token) && (toServer.hasProgressToken(token) || tasks.hasProgressToken(token)) ? forward(params) : drop
    }
    case 'log':
      return (await hearing.allows({ action: 'log', item: { kind: 'server', server } })) ? forward(params) : drop
    case 'updated': {
      const uri = ownString(params, 'uri')
      if (uri === undefined) return drop
      const isAllowed =
        (await hearing.allows(uriQuestion(server, 'subscribe', uri))) ||
        (await hearing.allows(uriQuestion(server, 'read', uri)))
      return isAllowed ? forward(params) : drop
    }
    case 'task': {
      const origin = tasks.find(ownString(params, 'taskId') ?? '')
      if (origin === undefined || !(await hearing.allows(origin.question, origin.held))) return drop
      return (await refusedInput(connection, judge, hearing, method, params)) === undefined ? forward(params) : drop
    }
    case 'elicitation':
      return elicitations.has(ownString(params, 'elicitationId') ?? '') ? forward(params) : drop
    default:
      return { kind: 'drop', why: `a notification of the server that is not part of the protocol` }
  }
}

/** The parameters with the subscription named as the client knows it; undefined where there is no such subscription. */
function asSubscribed({ toServer }: Connection, params: JsonObject): JsonObject | undefined {
  const meta = ownObject(params, '_meta')
  const number = meta === undefined ? undefined : own(meta, subscriptionId)
  if (number === undefined) return params
  const exchange = isId(number) ? toServer.find(number) : undefined
  return exchange?.handling.kind === 'listen'
    ? { ...params, _meta: { ...meta, [subscriptionId]: exchange.id } }
    : undefined
}

function fail(id: Id, error: RpcError): Verdict {
  return { kind: 'forward', message: failure(id, error) }
}

function without(object: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== member))
}
