import type { JsonObject } from '../../../base/json.ts'
import { invalidRequest } from '../protocol/denial.ts'
import type { Id, Message, RpcError } from '../protocol/message.ts'
import { failure, isId, own, ownObject, ownString, request } from '../protocol/message.ts'
import type { Connection } from './connection.ts'
import type { Verdict } from './enforcement.ts'
import type { Exchange } from './exchanges.ts'
import type { Ruling } from './judge.ts'

export type Request = Extract<Message, { kind: 'request' }>

export type About = Partial<Pick<Exchange, 'question' | 'held' | 'uri' | 'hears'>> & {
  /** What is sent on, where that is not what has come. */
  readonly params?: JsonObject
}

/** Lets a request through, under a number of ours. */
export function relay(
  connection: Connection,
  { id, method, params: received }: Request,
  { params = received, ...about }: Pick<Exchange, 'handling' | 'judge'> & About,
): Verdict {
  const token = progressToken(params)
  const exchange: Exchange = {
    id,
    method,
    ...about,
    ...(token === undefined ? {} : { progressToken: token }),
    ...(method === 'initialize' ? { asked: ownString(params, 'protocolVersion') ?? '' } : {}),
  }
  const number = connection.toServer.open(exchange)
  if (number === undefined) return answer(id, { code: invalidRequest, message: 'too many requests in flight' })
  return { kind: 'forward', message: request(number, method, params) }
}

function progressToken(params: JsonObject): Id | undefined {
  const token = own(ownObject(params, '_meta') ?? {}, 'progressToken')
  return isId(token) ? token : undefined
}

export function refused(id: Id, { error, challenge }: Extract<Ruling, { allowed: false }>): Verdict {
  return { kind: 'answer', message: failure(id, error), ...(challenge === undefined ? {} : { challenge }) }
}

export function answer(id: Id | undefined, error: RpcError): Verdict {
  return { kind: 'answer', message: failure(id, error) }
}
