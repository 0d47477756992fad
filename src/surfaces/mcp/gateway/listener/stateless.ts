import type { JsonObject } from '../../../../base/json.ts'
import type { Principal } from '../../enforcement/principal.ts'
import { credentialsExpired } from '../../protocol/denial.ts'
import { failure, type Id, isId, own, ownObject, writeMessage } from '../../protocol/message.ts'
import { writeLine } from '../../protocol/wire.ts'
import type { Outgoing } from '../side.ts'
import {
  type Challenges,
  type ClientSide,
  connectionEnded,
  createEntrance,
  isRefused,
  progressTokenOf,
} from './client-side.ts'
import { createReply, type Reply } from './reply.ts'

interface Waiting {
  readonly id: Id
  readonly progressToken: Id | undefined
  readonly principal: Principal
  readonly reply: Reply
}

const subscriptionId = 'io.modelcontextprotocol/subscriptionId'

/**
 * The side of clients whose requests stand each for itself (2026-07-28). Those of one principal share a connection to the server, in which each
 * request, and what it wants to hear of its progress, has a number of ours: no two clients need to agree about theirs.
 *
 * @param challenges how a denial is told in HTTP; undefined where nobody could change it
 */
export function createStatelessClients(challenges: Challenges | undefined): ClientSide {
  const entrance = createEntrance()
  const waiting = new Map<number, Waiting>()
  let next = 1
  let isClosed = false

  /** Who ends the connection has cancelled the request. */
  const left = (number: number): void => {
    const gone = waiting.get(number)
    if (gone === undefined) return
    waiting.delete(number)
    const params = { requestId: number }
    entrance.enter({
      message: { kind: 'notification', method: 'notifications/cancelled', params },
      text: '',
      principal: gone.principal,
    })
  }
  /** The request that a message belongs to, if it says so. */
  const ownerOf = ({ message, within }: Outgoing): number | undefined => {
    const params = ownObject(message, 'params') ?? {}
    const named = [
      own(ownObject(params, '_meta') ?? {}, subscriptionId),
      own(message, 'method') === 'notifications/progress' ? own(params, 'progressToken') : undefined,
      own(message, 'method') === 'notifications/cancelled' ? own(params, 'requestId') : undefined,
      within,
    ].find((number) => typeof number === 'number' && waiting.has(number))
    return typeof named === 'number' ? named : undefined
  }
  return {
    valve: entrance.valve,
    opened: entrance.opened,
    listen: entrance.listen,
    get inFlight() {
      return waiting.size
    },
    post: ({ message, text, principal, mismatch }, response) => {
      if (message.kind !== 'request') return
      const number = next++
      const reply: Reply = createReply(response, {
        headers: {},
        principal,
        onLeft: () => left(number),
        onExpired: () => {
          reply.send(writeMessage(failure(message.id, credentialsExpired)), { isLast: true }, [])
          left(number)
        },
        onSlow: () => reply.stream(),
      })
      if (isClosed) {
        reply.refuse(503, failure(message.id, connectionEnded), { 'retry-after': '1' })
        return
      }
      const progressToken = progressTokenOf(message.params)
      waiting.set(number, { id: message.id, progressToken, principal, reply })
      const params = progressToken === undefined ? message.params : withMeta(message.params, 'progressToken', number)
      entrance.enter({ message: { ...message, id: number, params }, text, principal, mismatch })
    },
    send: (outgoing, sources) => {
      const { message, text, verbatim } = outgoing
      if (!Object.hasOwn(message, 'method')) {
        const number = own(message, 'id')
        const owner = typeof number === 'number' ? waiting.get(number) : undefined
        if (typeof number !== 'number' || owner === undefined) return true
        waiting.delete(number)
        const answer = { ...renamed(message, 'result', owner), id: owner.id }
        if (isRefused(owner.reply, outgoing, answer, challenges)) return true
        owner.reply.send(writeLine(answer, text, verbatim).trimEnd(), { isLast: true }, sources)
        return true
      }
      // Requests come inside results in this revision: there is no way to send one by itself.
      if (isId(own(message, 'id'))) return false
      const number = ownerOf(outgoing)
      const owner = number === undefined ? undefined : waiting.get(number)
      if (number === undefined || owner === undefined) return true
      if (own(message, 'method') === 'notifications/cancelled') {
        waiting.delete(number)
        owner.reply.end()
      } else owner.reply.send(writeLine(renamed(message, 'params', owner)).trimEnd(), { isLast: false }, sources)
      return true
    },
    close: () => {
      isClosed = true
      const all = [...waiting.values()]
      waiting.clear()
      for (const { id, reply } of all) reply.send(writeMessage(failure(id, connectionEnded)), { isLast: true }, [])
    },
  }
}

/** With the names that the client has given to its request and to what it wants to hear of it. */
function renamed(message: JsonObject, member: 'params' | 'result', { id, progressToken }: Waiting): JsonObject {
  const about = ownObject(message, member)
  if (about === undefined) return message
  const isProgress = own(message, 'method') === 'notifications/progress' && progressToken !== undefined
  const meta = ownObject(about, '_meta')
  const isSubscribed = meta !== undefined && Object.hasOwn(meta, subscriptionId)
  if (!isProgress && !isSubscribed) return message
  const named = isSubscribed ? withMeta(about, subscriptionId, id) : about
  return { ...message, [member]: isProgress ? { ...named, progressToken } : named }
}

function withMeta(params: JsonObject, member: string, value: Id): JsonObject {
  return { ...params, _meta: { ...ownObject(params, '_meta'), [member]: value } }
}
