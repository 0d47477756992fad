import { randomUUID } from 'node:crypto'
import { type Principal, principalKey } from '../../enforcement/principal.ts'
import type { Connection, GuardedServer } from '../guarded-server.ts'
import type { Challenges, ClientSide } from './client-side.ts'
import { createSession, type Session } from './session.ts'
import { createStatelessClients } from './stateless.ts'

/**
 * What clients of one server have open. Each session has a connection of its own to the server, and with a server over stdio a process: what a
 * server keeps for one client is never another's. Requests without a session share one among those of the same principal.
 */
export interface Connections {
  /** Undefined when no more may be opened. */
  open(principal: Principal): Session | undefined
  /** Only for the principal that has opened it. */
  find(id: string, principal: Principal): Session | undefined
  /** Undefined when no more may be opened. */
  stateless(principal: Principal): ClientSide | undefined
  end(session: Session): void
  close(): Promise<void>
}

export interface ConnectionsOptions {
  /** How many may be open. */
  readonly most: number
  /** How many of them one principal may have open. */
  readonly mostOfOne: number
  /** Milliseconds after which a connection that nobody uses is ended. */
  readonly idle: number
  readonly challenges: Challenges | undefined
}

interface Open {
  readonly owner: string
  readonly side: ClientSide
  readonly connection: Connection
  readonly isUsed: () => boolean
  lastUsed: number
}

export function createConnections(
  guarded: GuardedServer,
  { most, mostOfOne, idle, challenges }: ConnectionsOptions,
): Connections {
  const open = new Map<ClientSide, Open>()
  const sessions = new Map<string, Session>()
  const shared = new Map<string, ClientSide>()
  /** Of all that are not yet gone, open ones and those that are ending: whose they are. */
  const endings = new Map<Promise<unknown>, string>()

  const end = (side: ClientSide): void => {
    const found = open.get(side)
    if (found === undefined) return
    open.delete(side)
    forget(side)
    side.close()
    found.connection.leave()
  }
  const forget = (side: ClientSide): void => {
    for (const [id, session] of sessions) if (session === side) sessions.delete(id)
    for (const [owner, clients] of shared) if (clients === side) shared.delete(owner)
  }
  /** Makes room by ending what the principal itself has not used for the longest time; never what is another's. */
  const hasRoom = (owner: string): boolean => {
    // A server may take its time to go: whoever begins and ends sessions one after another must not have ever more of them.
    const alive = [...endings.values()]
    if (alive.length >= 2 * most || alive.filter((one) => one === owner).length >= 2 * mostOfOne) return false
    const own = [...open.values()].filter((one) => one.owner === owner)
    if (open.size < most && own.length < mostOfOne) return true
    const oldest = own.find(({ isUsed }) => !isUsed())
    if (oldest === undefined) return false
    end(oldest.side)
    return open.size < most
  }
  /** False where the server cannot be reached for it. */
  const connect = (owner: string, side: ClientSide, principal: Principal, isUsed: () => boolean): boolean => {
    const connection = guarded.connect(side, principal)
    if (connection === undefined) return false
    open.set(side, { owner, side, connection, isUsed, lastUsed: Date.now() })
    const ended = connection.ended.then(() => {
      // Nothing more will come for those that still listen.
      side.close()
      open.delete(side)
      forget(side)
      endings.delete(ended)
    })
    endings.set(ended, owner)
    return true
  }
  const use = <T extends ClientSide>(side: T): T => {
    const found = open.get(side)
    if (found === undefined) return side
    found.lastUsed = Date.now()
    // They stand in the order in which they were used: a clock cannot tell those of one millisecond apart.
    open.delete(side)
    open.set(side, found)
    return side
  }
  const sweep = setInterval(
    () => {
      const before = Date.now() - idle
      for (const { side, isUsed, lastUsed } of [...open.values()]) if (!isUsed() && lastUsed < before) end(side)
    },
    Math.min(idle, 30_000),
  )
  sweep.unref()
  return {
    open: (principal) => {
      const owner = principalKey(principal)
      if (!hasRoom(owner)) return undefined
      const id = randomUUID()
      const session: Session = createSession(id, challenges, () => setImmediate(() => end(session)))
      if (!connect(owner, session, principal, () => session.inFlight > 0 || session.isHearing)) return undefined
      sessions.set(id, session)
      return session
    },
    find: (id, principal) => {
      const session = sessions.get(id)
      if (session === undefined || open.get(session)?.owner !== principalKey(principal)) return undefined
      return use(session)
    },
    stateless: (principal) => {
      const owner = principalKey(principal)
      const known = shared.get(owner)
      if (known !== undefined) return use(known)
      if (!hasRoom(owner)) return undefined
      const clients = createStatelessClients(challenges)
      if (!connect(owner, clients, principal, () => clients.inFlight > 0)) return undefined
      shared.set(owner, clients)
      return clients
    },
    end,
    close: async () => {
      clearInterval(sweep)
      for (const { side } of [...open.values()]) end(side)
      await Promise.all(endings.keys())
    },
  }
}
