import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../../../../base/json.ts'
import type { Challenge } from '../../enforcement/enforcement.ts'
import type { Principal } from '../../enforcement/principal.ts'
import { challengeHeader, challengeStatus } from '../../http/challenge.ts'
import { internalError } from '../../protocol/denial.ts'
import { type Id, type Message, own, ownObject, type RpcError } from '../../protocol/message.ts'
import { type Arrival, createValve, type Side, type Valve } from '../side.ts'
import type { Reply } from './reply.ts'

/** A request of a client, or something else that it sends, in the body of an HTTP request. */
export interface Posted {
  readonly message: Message
  readonly text: string
  readonly principal: Principal
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
    enter: ({ message, text, principal }) => take({ incoming: { message, text }, source: valve, principal }),
  }
}

/** How callers are told what would help them. */
export interface Challenges {
  /** URL of the protected resource metadata (RFC 9728). */
  readonly metadata?: string
}

/** RFC 6750, section 3: a denial that more scopes or another authentication would change, before anything of a reply has been sent. */
export function refuseWith(reply: Reply, challenge: Challenge, message: JsonObject, { metadata }: Challenges): void {
  reply.refuse(challengeStatus(challenge), message, { 'www-authenticate': challengeHeader(challenge, metadata) })
}

export function progressTokenOf(params: JsonObject): Id | undefined {
  const token = own(ownObject(params, '_meta') ?? {}, 'progressToken')
  return typeof token === 'string' || typeof token === 'number' ? token : undefined
}
