import { type Id, isId, type Message, own, ownObject } from '../protocol/message.ts'
import type { Exchange, Exchanges } from './exchanges.ts'
import { subscriptionId } from './from-server.ts'

/**
 * The request that a message of the server belongs to: with its credentials it is judged, which another request on the connection need not
 * share. A line of the log that does not say belongs to the only one there is.
 */
export function exchangeOf(toServer: Exchanges, message: Message, within: Id | undefined): Exchange | undefined {
  if (message.kind !== 'notification' && message.kind !== 'request') return undefined
  const subscription = own(ownObject(message.params, '_meta') ?? {}, subscriptionId)
  const named = [subscription, within].find((number) => isId(number) && toServer.find(number) !== undefined)
  if (isId(named)) return toServer.find(named)
  const [only, another] = toServer.all()
  return message.method === 'notifications/message' && another === undefined ? only : undefined
}
