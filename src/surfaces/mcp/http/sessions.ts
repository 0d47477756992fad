import type { Enforcement } from '../enforcement/enforcement.ts'
import type { Replays } from './replays.ts'

export interface Session {
  readonly enforcement: Enforcement
  readonly replays: Replays
}

/** The sessions of Streamable HTTP (MCP 2025-11-25), each of which is one principal's. */
export interface Sessions {
  /** Undefined for a session that is not known, or is somebody else's: they are answered alike. */
  find(id: string, principal: string): Session | undefined
  /** False when the id is somebody else's. */
  add(id: string, principal: string, session: Session): boolean
  remove(id: string): void
}

const mostSessions = 10_000
const mostOfOne = 1000

/**
 * Past the bounds the session that was not used for the longest time is forgotten, of those of its principal first, so that nobody ends
 * the sessions of others by beginning many; its client begins another.
 */
export function createSessions(): Sessions {
  const byId = new Map<string, { readonly principal: string; readonly session: Session }>()
  const idsOf = new Map<string, Set<string>>()

  const remove = (id: string | undefined): void => {
    const principal = id && byId.get(id)?.principal
    if (id === undefined || principal === undefined) return
    byId.delete(id)
    const ids = idsOf.get(principal)
    ids?.delete(id)
    if (ids?.size === 0) idsOf.delete(principal)
  }
  const use = (id: string, principal: string, session: Session): void => {
    remove(id)
    byId.set(id, { principal, session })
    const ids = idsOf.get(principal) ?? new Set()
    idsOf.set(principal, ids.add(id))
  }
  return {
    find: (id, principal) => {
      const known = byId.get(id)
      if (known?.principal !== principal) return undefined
      use(id, principal, known.session)
      return known.session
    },
    add: (id, principal, session) => {
      if (byId.has(id)) return byId.get(id)?.principal === principal
      const own = idsOf.get(principal) ?? new Set()
      if (own.size >= mostOfOne) remove(own.values().next().value)
      else if (byId.size >= mostSessions) remove(byId.keys().next().value)
      use(id, principal, session)
      return true
    },
    remove,
  }
}
