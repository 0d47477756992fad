import type { IncomingMessage } from 'node:http'
import { eventReader } from '../protocol/event-stream.ts'
import type { Line } from '../protocol/framing.ts'
import { createValve, type Valve } from './side.ts'

/** The streams of events that a server answers with, as many as are open. */
export interface Streams {
  /** Holds all of them, and those that begin meanwhile. */
  readonly valve: Valve
  /** @param onEnd told the id of the last event, and how long to wait before asking for more, where the server has said so */
  read(
    response: IncomingMessage,
    onMessage: (line: Line, source: Valve) => void,
    onEnd: (lastId: string | undefined, retry: number | undefined) => void,
  ): void
}

/** Milliseconds, whatever a server asks for. */
const shortestRetry = 100
export const longestRetry = 30_000

export function createStreams(): Streams {
  const reading = new Set<Valve>()
  let isHeld = false
  const valve = createValve(
    () => {
      isHeld = true
      for (const source of reading) source.hold()
    },
    () => {
      isHeld = false
      for (const source of reading) source.release()
    },
  )
  const sourceOf = (response: IncomingMessage): Valve => {
    const source = createValve(
      () => response.pause(),
      () => response.resume(),
    )
    if (isHeld) source.hold()
    reading.add(source)
    response.once('close', () => reading.delete(source))
    return source
  }
  return {
    valve,
    read: (response, onMessage, onEnd) => {
      const source = sourceOf(response)
      let lastId: string | undefined
      let retry: number | undefined
      const read = eventReader(({ event = 'message', data, id, retry: after }) => {
        if (id !== undefined) lastId = id === '' ? undefined : id
        if (after !== undefined) retry = Math.min(Math.max(after, shortestRetry), longestRetry)
        const isMessage = event === 'message' && data !== undefined && (data.kind === 'refused' || /\S/.test(data.text))
        if (isMessage) onMessage(data, source)
      })
      response.on('data', read)
      response.on('error', () => {})
      response.once('close', () => onEnd(lastId, retry))
    },
  }
}
