import type { Readable, Writable } from 'node:stream'
import { lineReader } from '../protocol/framing.ts'
import { largestMessage, readLine, writeLine } from '../protocol/wire.ts'
import { createHolding, createValve, type Side } from './side.ts'

export interface Streams {
  /** What the side writes. */
  readonly input: Readable
  readonly output: Writable
}

/** Nothing more is heard of a client that does not read. */
export const unreadByClient = 0

/** A server is heard on while it does not read, or the two would wait for each other; but not without end. */
export const unreadByServer = 4 * largestMessage

/**
 * A side that speaks over stdio, a line a message.
 *
 * @param mostUnread bytes that it may have left unread before it is not read from either
 */
export function stdioSide({ input, output }: Streams, mostUnread: number): Side {
  const valve = createValve(
    () => input.pause(),
    () => input.resume(),
  )
  const holding = createHolding()
  output.on('drain', holding.release)
  // Who is gone takes nothing any more: nobody waits for it.
  output.once('close', holding.release)
  return {
    valve,
    listen: (take) => {
      input.on(
        'data',
        lineReader(largestMessage, (line) => {
          take({ incoming: readLine(line), source: valve })
        }),
      )
    },
    send: ({ message, text, verbatim }, sources) => {
      if (!output.writable || output.write(writeLine(message, text, verbatim))) return true
      holding.hold(sources)
      if (output.writableLength > mostUnread) holding.hold([valve])
      return true
    },
  }
}
