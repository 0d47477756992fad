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

/** Past the bound the session that was not used for the longest time is forgotten; its client begins another. */
export function createSessions(): Sessions {
  const byId = new Map<string, { readonly principal: string; readonly session: Session }>()
  return {
    find: (id, principal) => {
      const known = byId.get(id)
      if (known?.principal !== principal) return undefined
      byId.delete(id)
      byId.set(id, known)
      return known.session
    },
    add: (id, principal, session) => {
      const [oldest] = byId.keys()
      if (byId.has(id)) return byId.get(id)?.principal === principal
      if (byId.size >= mostSessions && oldest !== undefined) byId.delete(oldest)
      byId.set(id, { principal, session })
      return true
    },
    remove: (id) => {
      byId.delete(id)
    },
  }
}
