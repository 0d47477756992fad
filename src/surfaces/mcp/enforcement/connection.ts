import type { JsonObject } from '../../../base/json.ts'
import type { AskedStores } from '../stores/stores.ts'
import type { Confirmations } from './confirmations.ts'
import type { Cursors } from './cursors.ts'
import type { Definitions } from './definitions.ts'
import type { Exchanges } from './exchanges.ts'
import type { Flood } from './flood.ts'
import type { Judge, Session } from './judge.ts'
import type { Principal } from './principal.ts'
import type { Tasks } from './tasks.ts'

/** What is known of one client and one server that speak with each other; every collection in it is bounded. */
export interface Connection {
  readonly server: string
  readonly denialCode: number
  readonly session: Session
  readonly definitions: Definitions
  /** The policy in force now, for whom the client has spoken last; and for whom it has spoken before. */
  readonly judge: Judge
  judgeFor(principal: Principal): Judge
  /** The client's requests to the server, and the server's to the client. */
  readonly toServer: Exchanges
  readonly toClient: Exchanges
  readonly tasks: Tasks
  /** Nobody's tasks are those of all who are nobody: who has an id may ask about it, but none are listed (MCP 2025-11-25, Tasks). */
  readonly isNobody: boolean
  /** URIs that `resources/subscribe` was let through for. */
  readonly subscribed: Set<string>
  /** Ids of elicitations that the client was shown. */
  readonly elicitations: Set<string>
  readonly cursors: Cursors
  readonly stores: AskedStores
  /** Requests that wait for the user to confirm them. */
  readonly confirmations: Confirmations
  /** The host trusts the client to ask its user, and to say what the user has answered. */
  readonly carriesConsent: () => boolean
  /** What the client has said in `initialize` that it can do. */
  capabilities?: JsonObject
  /** What the server asks of the client. */
  readonly flood: Flood
}

const mostRemembered = 10_000
const longestRemembered = 4096

/** Past the bound the oldest is forgotten, and what refers to it is then denied; what is very long is not even remembered. */
export function remember(set: Set<string>, value: string): void {
  if (value.length > longestRemembered) return
  const [oldest] = set
  if (set.size >= mostRemembered && oldest !== undefined) set.delete(oldest)
  set.add(value)
}
