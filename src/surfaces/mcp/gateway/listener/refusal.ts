import type { ServerResponse } from 'node:http'
import { failure, type Id, type RpcError, writeMessage } from '../../protocol/message.ts'

/** Free for implementations; what HTTP itself says of a refusal is in its status. */
const refused = -32000

/** A request that goes no further: an HTTP status, and the reason in the form of the protocol. */
export interface Refusal {
  readonly status: number
  readonly error: RpcError
  readonly id?: Id
  readonly headers?: Readonly<Record<string, string>>
}

export function refusal(status: number, message: string, headers?: Readonly<Record<string, string>>): Refusal {
  return { status, error: { code: refused, message }, ...(headers === undefined ? {} : { headers }) }
}

/** What is left of the request's body is not read: the connection ends. */
export function refuse(response: ServerResponse, { status, error, id, headers = {} }: Refusal): void {
  if (response.headersSent || response.destroyed) return
  const body = Buffer.from(writeMessage(failure(id, error)))
  const isRead = response.req.complete || response.req.method !== 'POST'
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(isRead ? {} : { connection: 'close' }),
    ...headers,
  })
  response.end(body)
}
