import type { JsonObject } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { internalError } from '../protocol/denial.ts'
import type { RpcError } from '../protocol/message.ts'
import { own, ownObject, ownString } from '../protocol/message.ts'
import { serverRequests } from '../protocol/methods.ts'
import { misspelt } from '../protocol/spelling.ts'
import type { Connection } from './connection.ts'
import { remember } from './connection.ts'
import { flooding } from './flood.ts'
import type { Hearing, Judge } from './judge.ts'

/** MCP 2025-11-25, `URLElicitationRequiredError`. */
const urlElicitationRequired = -32042

/** The members of a result that say something to a client before it looks at what it asked for. */
const meant = ['resultType', 'inputRequests', 'result', 'error', 'task', 'taskId', 'instructions']

const unreadable: RpcError = { code: internalError, message: 'the answer of the server cannot be read' }

/**
 * What a server asks of the client from inside a result (2026-07-28, `InputRequiredResult`; also in a task). One request that is
 * not allowed refuses the whole result, since the client has to answer all of them.
 *
 * @returns what to answer the client instead; undefined when the result may pass
 */
export async function refusedInput(
  connection: Connection,
  judge: Judge,
  hearing: Hearing,
  method: string,
  value: JsonObject,
): Promise<RpcError | undefined> {
  // A task that is done carries the result of the request that created it, or its error.
  for (const holder of [value, ownObject(value, 'result') ?? {}]) {
    if (misspelt(holder, meant) !== undefined) return unreadable
    const requests = own(holder, 'inputRequests') ?? {}
    const asked = isJsonObject(requests) ? Object.values(requests) : [requests]
    for (const one of asked) {
      const error = await refusal(connection, judge, hearing, method, isJsonObject(one) ? one : {})
      if (error !== undefined) return error
    }
  }
  const failed = ownObject(value, 'error')
  return failed === undefined ? undefined : refusedError(connection, judge, hearing, method, failed)
}

/** The same for an error that asks the client to open URLs. */
export async function refusedError(
  connection: Connection,
  judge: Judge,
  hearing: Hearing,
  method: string,
  error: JsonObject,
): Promise<RpcError | undefined> {
  if (misspelt(error, ['code']) !== undefined) return unreadable
  if (own(error, 'code') !== urlElicitationRequired) return undefined
  const inputRequests = elicitationsOf(ownObject(error, 'data') ?? {})
  return refusedInput(connection, judge, hearing, method, { inputRequests })
}

async function refusal(
  connection: Connection,
  judge: Judge,
  hearing: Hearing,
  method: string,
  asked: JsonObject,
): Promise<RpcError | undefined> {
  const isClear = misspelt(asked, ['method', 'params']) === undefined
  const askedMethod = (isClear ? ownString(asked, 'method') : undefined) ?? ''
  const flooded = flooding(connection, judge, askedMethod)
  if (flooded !== undefined) return flooded
  const handling = serverRequests.get(askedMethod)
  if (handling?.kind !== 'server') return judge.refuse(method, askedMethod, 'unknown-method')
  const question = { action: handling.action, item: { kind: 'server', server: connection.server } } as const
  const { error } = await hearing.rule(askedMethod, question, { effects: true })
  if (error !== undefined) return error
  const elicitationId = ownString(ownObject(asked, 'params') ?? {}, 'elicitationId')
  if (elicitationId !== undefined) remember(connection.elicitations, elicitationId)
  return undefined
}

/** The elicitations in the data of an error, in the form of `inputRequests`. */
function elicitationsOf(data: JsonObject): JsonObject {
  const elicitations = own(data, 'elicitations')
  const params = isArray(elicitations) ? elicitations.filter(isJsonObject) : []
  return Object.fromEntries(
    (params.length === 0 ? [{}] : params).map((one, i) => [String(i), { method: 'elicitation/create', params: one }]),
  )
}
