import type { Id } from '../protocol/message.ts'
import { idKey } from '../protocol/message.ts'
import type { Handling } from '../protocol/methods.ts'
import type { Held } from './continuation.ts'
import type { Judge, Question } from './judge.ts'

/** A flag of `subscriptions/listen` (2026-07-28, `SubscriptionFilter`). */
export type ListChange = 'toolsListChanged' | 'promptsListChanged' | 'resourcesListChanged'

/** A request that was let through and has no answer yet. */
export interface Exchange {
  /** As its sender calls it. */
  readonly id: Id
  readonly method: string
  readonly handling: Handling
  /** The policy that it began with, and finishes on. */
  readonly judge: Judge
  readonly question?: Question
  /** What the request took, and has used up. */
  readonly held?: Held
  readonly progressToken?: Id
  /** The protocol version that `initialize` asks for. */
  readonly asked?: string
  /** The lists whose changes a `subscriptions/listen` wants to hear of. */
  readonly hears?: readonly ListChange[]
  /** What a subscription, once answered with an error, has to take back. */
  readonly uri?: string
}

/**
 * The requests in flight in one direction. Each is relayed under a number of ours, which is never used again: a late answer
 * to a cancelled request can then not pass for the answer to another one that has the same id.
 */
export interface Exchanges {
  /** Undefined when the sender uses the id already, or there are too many. */
  open(exchange: Exchange): number | undefined
  /** The receiver has answered; it does so once. */
  close(relayedAs: Id): Exchange | undefined
  /** The sender has lost interest: an answer to it will be an answer to nothing. Not in `initialize` (MCP, "Cancellation"). */
  cancel(id: Id): number | undefined
  find(relayedAs: Id): Exchange | undefined
  isInFlight(id: Id): boolean
  hasProgressToken(token: Id): boolean
  /** In the order in which they began. */
  all(): Iterable<Exchange>
  /** Ends all of them: the receiver is gone. */
  closeAll(): readonly Exchange[]
}

const mostInFlight = 4096

export function createExchanges(numbers: { next: number }): Exchanges {
  const byNumber = new Map<number, Exchange>()
  const byId = new Map<string, number>()
  const tokens = new Map<string, number>()

  const countToken = (token: Id | undefined, by: 1 | -1): void => {
    if (token === undefined) return
    const count = (tokens.get(idKey(token)) ?? 0) + by
    if (count > 0) tokens.set(idKey(token), count)
    else tokens.delete(idKey(token))
  }
  const close = (relayedAs: Id): Exchange | undefined => {
    if (typeof relayedAs !== 'number') return undefined
    const exchange = byNumber.get(relayedAs)
    if (exchange === undefined) return undefined
    byNumber.delete(relayedAs)
    byId.delete(idKey(exchange.id))
    countToken(exchange.progressToken, -1)
    return exchange
  }
  return {
    open: (exchange) => {
      if (byNumber.size >= mostInFlight || byId.has(idKey(exchange.id))) return undefined
      const number = numbers.next++
      byNumber.set(number, exchange)
      byId.set(idKey(exchange.id), number)
      countToken(exchange.progressToken, 1)
      return number
    },
    close,
    cancel: (id) => {
      const number = byId.get(idKey(id))
      if (number === undefined || byNumber.get(number)?.method === 'initialize') return undefined
      close(number)
      return number
    },
    find: (relayedAs) => (typeof relayedAs === 'number' ? byNumber.get(relayedAs) : undefined),
    isInFlight: (id) => byId.has(idKey(id)),
    hasProgressToken: (token) => tokens.has(idKey(token)),
    all: () => byNumber.values(),
    closeAll: () => [...byNumber.keys()].flatMap((number) => close(number) ?? []),
  }
}
