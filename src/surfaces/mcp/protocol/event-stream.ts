import { type Line, lineReader } from './framing.ts'
import { largestMessage } from './wire.ts'

/** One event of a stream (WHATWG HTML, "Server-sent events"), or, with no member, a sign of life. */
export interface StreamEvent {
  /** What the protocol has no other of than `message`, which stands for none. */
  readonly event?: string
  /** Why it cannot be read, where it cannot; undefined in an event that only has an id, say. */
  readonly data?: Line
  /** As this event says it; empty where it takes back those before it. */
  readonly id?: string
  /** Milliseconds after which a client that has lost the connection comes again. */
  readonly retry?: number
}

const longestId = 1024
/** What no header can carry, in which an id is said again; NUL is none by the standard, either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsayable = /[\x00-\x1f\x7f]/

/** Cuts a stream into events. An event past the largest message is thrown away as it comes in. */
export function eventReader(onEvent: (event: StreamEvent) => void): (chunk: Buffer) => void {
  let begun: { event?: string; id?: string; retry?: number } = {}
  let parts: string[] | undefined
  let length = 0
  let refused: Line | undefined
  let hasLines = false
  let isFirst = true

  const dispatch = (): void => {
    const data = refused ?? (parts && { kind: 'text' as const, text: parts.join('\n') })
    if (hasLines) onEvent({ ...begun, ...(data === undefined ? {} : { data }) })
    begun = {}
    parts = undefined
    length = 0
    refused = undefined
    hasLines = false
  }
  const field = (line: string): void => {
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') {
      parts ??= []
      length += value.length + 1
      if (length <= largestMessage + 1) parts.push(value)
      else refused ??= { kind: 'refused', why: 'it is too long', ...endsOf(parts, value) }
    } else if (name === 'event') begun.event = value
    else if (name === 'id' && !unsayable.test(value) && value.length <= longestId) begun.id = value
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) begun.retry = Number(value)
  }
  const readLines = lineReader(
    largestMessage + 1024,
    (line) => {
      if (line.kind === 'refused') refused ??= { ...line, head: line.head.replace(/^data: ?/, '') }
      else if (line.text === '') return dispatch()
      else field(isFirst ? line.text.replace(/^\ufeff/, '') : line.text)
      hasLines = true
      isFirst = false
    },
    true,
  )
  const withLineFeeds = lineEnds()
  return (chunk) => readLines(withLineFeeds(chunk))
}

/** Lines end with CR, LF or both; those of a reader of lines with LF. */
function lineEnds(): (chunk: Buffer) => Buffer {
  let endedWithReturn = false
  return (chunk) => {
    const rest = endedWithReturn && chunk[0] === 0x0a ? chunk.subarray(1) : chunk
    if (chunk.length > 0) endedWithReturn = chunk.at(-1) === 0x0d
    if (!rest.includes(0x0d)) return rest
    return Buffer.from(rest.toString('latin1').replace(/\r\n?/g, '\n'), 'latin1')
  }
}

const endLength = 512

function endsOf(parts: readonly string[], last: string): { readonly head: string; readonly tail: string } {
  return { head: (parts[0] ?? last).slice(0, endLength), tail: last.slice(-endLength) }
}

/** An event as it is sent, with this text as its data. */
export function writeEvent({ id, retry, data }: Omit<StreamEvent, 'event' | 'data'> & { data?: string }): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    ...(data === undefined ? [] : data.split('\n').map((line) => `data: ${line}`)),
  ]
  return `${lines.length === 0 ? ':' : lines.join('\n')}\n\n`
}
