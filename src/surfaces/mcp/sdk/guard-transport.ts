import type { JsonObject } from '../../../base/json.ts'
import { isJsonObject } from '../../../base/json.ts'
import type { Enforcement, Verdict } from '../enforcement/enforcement.ts'
import type { Principal } from '../enforcement/principal.ts'
import type { Ask } from '../gateway/inspection.ts'
import { defaultDenialCode } from '../protocol/denial.ts'
import type { Id, Message } from '../protocol/message.ts'
import { failure, isId, readMessage } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import type { GuardPoint } from './guard-point.ts'
import type { MessageOrigin } from './types.ts'

/** A transport, with as much of its types as matters here. */
export interface Wire {
  start(): Promise<void>
  send(message: JsonObject, options?: SendOptions): Promise<void>
  onmessage?: ((message: JsonObject, extra?: MessageOrigin) => void) | undefined
}

interface SendOptions {
  readonly relatedRequestId?: Id
}

export type PrincipalOf = (origin: MessageOrigin) => Principal | undefined | Promise<Principal | undefined>

/**
 * Puts the enforcement between a transport and whoever connects to it: into the transport itself, so that everybody who holds it
 * goes through it, and it stays an instance of its class, which the SDKs ask for.
 */
export function guardTransport(transport: Wire, point: GuardPoint, principalOf: PrincipalOf): void {
  const start = transport.start.bind(transport)
  const send = transport.send.bind(transport)
  let deliver: NonNullable<Wire['onmessage']> = () => {}
  let connection: Enforcement | undefined
  /** The client's ids of requests in flight, by the numbers under which the server has them. */
  const inFlight = new Map<Id, Id>()
  const { survey, report, denialCode = defaultDenialCode } = point

  const take = async (message: Message, origin: MessageOrigin | undefined): Promise<void> => {
    const principal = await principalOf(origin ?? {})
    if (principal === undefined) {
      if (message.kind !== 'request') return
      const error = { code: denialCode, message: 'not permitted: the caller is not authenticated' }
      await send(failure(message.id, error))
      return
    }
    connection ??= point.connect(principal)
    const { ask } = connection
    const asking: Ask = (method, params) => {
      const asked = ask(method, params)
      deliver(asked.message, origin)
      return asked.answer
    }
    await survey.before(message, asking)
    await act(await connection.fromClient(message, principal), message, origin)
  }
  const act = async (verdict: Verdict, message: Message, origin: MessageOrigin | undefined): Promise<void> => {
    if (verdict.kind === 'hold') {
      await send(verdict.message)
      void verdict.later.then((later) => act(later, message, origin)).catch(failed)
    }
    if (verdict.kind === 'answer') await send(verdict.message)
    if (verdict.kind === 'drop' && verdict.why !== undefined) report(`dropped ${visible(verdict.why)}`)
    if (verdict.kind !== 'forward') return
    const { id, method, params } = verdict.message
    if (message.kind === 'request' && isId(id)) inFlight.set(id, message.id)
    // What has been cancelled is not answered.
    const cancelled = method === 'notifications/cancelled' && isJsonObject(params) ? params.requestId : undefined
    if (isId(cancelled)) inFlight.delete(cancelled)
    deliver(verdict.message, origin)
  }

  const failed = (thrown: unknown): void => {
    report(`a message could not be judged: ${visible(thrown instanceof Error ? thrown.message : '')}`)
  }

  let last: Promise<void> = Promise.resolve()
  transport.start = () => {
    // Whoever connects has set `onmessage` by now: nothing is delivered before a transport is started.
    deliver = transport.onmessage ?? deliver
    transport.onmessage = (sent, origin) => {
      const message = readMessage(sent)
      last = last
        .then(() => take(message, origin))
        .catch((thrown: unknown) => {
          failed(thrown)
          if (message.kind !== 'request') return
          return send(failure(message.id, { code: -32603, message: 'internal error' })).catch(() => {})
        })
    }
    return start()
  }
  transport.send = async (sent, options) => {
    if (connection === undefined) return
    // As it will be on the wire: what an object says to `JSON.stringify` is what counts.
    const message = readMessage(JSON.parse(JSON.stringify(sent)) as JsonObject)
    const related = options?.relatedRequestId
    const verdict = await connection.fromServer(message, related)
    const clientsId = related === undefined ? undefined : inFlight.get(related)
    if (message.kind === 'result' || message.kind === 'error') inFlight.delete(message.id)
    if (message.kind === 'notification' && message.method.endsWith('/list_changed')) survey.changed()
    if (verdict.kind === 'answer') deliver(verdict.message)
    if (verdict.kind === 'drop' && verdict.why !== undefined) report(`dropped ${visible(verdict.why)}`)
    // What belongs to a request that is over belongs to nobody.
    if (verdict.kind !== 'forward' || (related !== undefined && clientsId === undefined)) return
    await send(verdict.message, clientsId === undefined ? options : { ...options, relatedRequestId: clientsId })
  }
}
