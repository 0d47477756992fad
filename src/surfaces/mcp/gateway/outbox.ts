import type { JsonObject } from '../../../base/json.ts'
import { writeMessage } from '../protocol/message.ts'
import { createHolding, type Valve } from './side.ts'

/** A message that waits to be sent. */
export interface Unsent {
  readonly message: JsonObject
  readonly body: Buffer
  /** It has been sent, or never will be. */
  settle(): void
}

/** What waits in memory to be sent. */
export interface Outbox {
  keep(message: JsonObject): Unsent
  /** Holds those who send while too much waits. */
  hold(sources: readonly Valve[]): void
}

const mostUnsent = 1024 * 1024

export function createOutbox(): Outbox {
  const holding = createHolding()
  let unsent = 0
  return {
    keep: (message) => {
      const body = Buffer.from(writeMessage(message))
      let isKept = true
      unsent += body.length
      return {
        message,
        body,
        settle: () => {
          if (!isKept) return
          isKept = false
          unsent -= body.length
          if (unsent <= mostUnsent) holding.release()
        },
      }
    },
    hold: (sources) => {
      if (unsent > mostUnsent) holding.hold(sources)
    },
  }
}
