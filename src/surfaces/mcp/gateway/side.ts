import type { JsonObject } from '../../../base/json.ts'
import type { Challenge } from '../enforcement/enforcement.ts'
import type { Principal } from '../enforcement/principal.ts'
import type { Id } from '../protocol/message.ts'
import type { Incoming } from '../protocol/wire.ts'

/** One end of a bridge, whatever carries its messages: a client or a server, over stdio or HTTP. */
export interface Side {
  /** Begins to read; asked once. */
  listen(take: (arrival: Arrival) => void): void
  /** Sends; while that is not taken off its hands, `sources` are held. False where there is nobody to send it to. */
  send(outgoing: Outgoing, sources: readonly Valve[]): boolean
  /** A request of this side has been let through: the answer takes as long as the other side does. */
  passed?(id: Id): void
  /** All that this side reads. */
  readonly valve: Valve
}

export interface Arrival {
  readonly incoming: Incoming
  /** Where it came from: held while what it sends cannot be passed on. */
  readonly source: Valve
  /** On whose behalf, where each message has credentials of its own. */
  readonly principal?: Principal
  /** From a server over HTTP: the request, as relayed, in the answer to which it came. */
  readonly within?: Id
  /** What is wrong with the headers of a call by the tool's definition alone: said to whoever may know of the tool. */
  readonly mismatch?: string
}

export interface Outgoing {
  readonly message: JsonObject
  /** The text that the message came in, where `verbatim` names a member of it to copy. */
  readonly text?: string
  readonly verbatim?: 'result'
  /** To a client: the request of its own that the message belongs to, where that is known. */
  readonly within?: Id
  /** To a client: what would help against a denial. */
  readonly challenge?: Challenge
  /** To a client: the headers of its request and the body differ. */
  readonly isMismatch?: boolean
}

/** A source that is read only while nobody holds it. */
export interface Valve {
  hold(): void
  release(): void
}

export function createValve(pause: () => void, resume: () => void): Valve {
  let holders = 0
  return {
    hold: () => {
      if (holders++ === 0) pause()
    },
    release: () => {
      if (--holders === 0) resume()
    },
  }
}

/** The sources that are held for one receiver, each once, until it takes more. */
export interface Holding {
  hold(sources: readonly Valve[]): void
  release(): void
}

export function createHolding(): Holding {
  const held = new Set<Valve>()
  return {
    hold: (sources) => {
      for (const source of sources) {
        if (held.has(source)) continue
        held.add(source)
        source.hold()
      }
    },
    release: () => {
      const all = [...held]
      held.clear()
      for (const source of all) source.release()
    },
  }
}
