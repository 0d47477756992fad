import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../../../../base/json.ts'
import type { Principal } from '../../enforcement/principal.ts'
import { challengeHeader, challengeStatus } from '../../http/challenge.ts'
import { internalError } from '../../protocol/denial.ts'
import { type Id, type Message, own, ownObject, type RpcError } from '../../protocol/message.ts'
import { type Arrival, createValve, type Outgoing, type Side, type Valve } from '../side.ts'
import type { Reply } from './reply.ts'

/** A request of a client, or something else that it sends, in the body of an HTTP request. */
export interface Posted {
  readonly message: Message
  readonly text: string
  readonly principal: Principal
  readonly mismatch?: string | undefined
}

/** The side of a client that comes with an HTTP request for each message. */
export interface ClientSide extends Side {
  /** Takes a message of the client; where that is a request, the response is for the answer to it. */
  post(posted: Posted, response: ServerResponse): void
  /** Resolves when more may be read from the client; to false when too much waits for that already. */
  opened(): Promise<boolean>
  /** Requests that are not answered yet. */
  readonly inFlight: number
  /** Answers whatever is not answered, and takes nothing more: the server is gone, or the client. */
  close(): void
}

/** What is answered to requests that no server will answer any more. */
export const connectionEnded: RpcError = { code: internalError, message: 'the connection has ended' }

/** Where messages of a client enter its side, and a valve that makes them wait. */
export interface Entrance {
  readonly valve: Valve
  opened(): Promise<boolean>
  listen(take: (arrival: Arrival) => void): void
  enter(posted: Posted): void
}

const mostWaiting = 64

export function createEntrance(): Entrance {
  let take: (arrival: Arrival) => void = () => {}
  let opened: Promise<void> | undefined
  let open: () => void = () => {}
  let waiting = 0
  const valve = createValve(
    () => {
      opened = new Promise((resolve) => {
        open = resolve
      })
    },
    () => {
      opened = undefined
      open()
    },
  )
  return {
    valve,
    opened: async () => {
      if (opened === undefined) return true
      if (waiting >= mostWaiting) return false
      waiting++
      while (opened !== undefined) await opened
      waiting--
      return true
    },
    listen: (listener) => {
      take = listener
    },
    enter: ({ message, text, principal, mismatch }) => {
      const wrong = mismatch === undefined ? {} : { mismatch }
      take({ incoming: { message, text }, source: valve, principal, ...wrong })
    },
  }
}

/** How callers are told what would help them. */
export interface Challenges {
  /** URL of the protected resource metadata (RFC 9728). */
  readonly metadata?: string | undefined
}

/**
 * Whether an answer has a status of its own, which has then been sent: a denial that more scopes or another authentication would change (RFC
 * 6750, section 3), and headers that differ from the body. Only before anything of a reply has been sent.
 */
export function isRefused(
  reply: Reply,
  { challenge, isMismatch }: Pick<Outgoing, 'challenge' | 'isMismatch'>,
  message: JsonObject,
  challenges: Challenges | undefined,
): boolean {
  if (reply.isStreaming) return false
  if (isMismatch === true) reply.refuse(400, message)
  else if (challenge !== undefined && challenges !== undefined) {
    const header = { 'www-authenticate': challengeHeader(challenge, { ...challenges, scheme: reply.scheme }) }
    reply.refuse(challengeStatus(challenge), message, header)
  } else return false
  return true
}

export function progressTokenOf(params: JsonObject): Id | undefined {
  const token = own(ownObject(params, '_meta') ?? {}, 'progressToken')
  return typeof token === 'string' || typeof token === 'number' ? token : undefined
}
