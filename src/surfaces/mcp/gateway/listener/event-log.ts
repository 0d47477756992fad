/** An event that was or should have been sent: the message of a stream, and its place in it. */
interface LoggedEvent {
  readonly stream: number
  readonly place: number
  readonly text: string
  readonly isLast: boolean
}

/** The last events of a session, for clients whose connection breaks; the oldest are forgotten first. */
export interface EventLog {
  add(event: LoggedEvent): void
  /** What has come after a place of a stream; undefined where some of it is forgotten. */
  after(stream: number, place: number, last: number): readonly LoggedEvent[] | undefined
  /** The place of the last event of a stream that has come to its end; undefined where none is known. */
  lastOf(stream: number): number | undefined
}

const mostEvents = 1000
const mostCharacters = 1024 * 1024

export function createEventLog(): EventLog {
  let events: LoggedEvent[] = []
  let characters = 0
  return {
    add: (event) => {
      events.push(event)
      characters += event.text.length
      let forgotten = 0
      while (events.length - forgotten > mostEvents || characters > mostCharacters) {
        characters -= events[forgotten++]?.text.length ?? 0
      }
      if (forgotten > 0) events = events.slice(forgotten)
    },
    after: (stream, place, last) => {
      const found = events.filter((event) => event.stream === stream && event.place > place)
      return found.length === last - place ? found : undefined
    },
    lastOf: (stream) => events.findLast((event) => event.stream === stream && event.isLast)?.place,
  }
}
