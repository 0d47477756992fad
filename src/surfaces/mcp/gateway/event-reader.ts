import { type Line, lineReader } from '../protocol/framing.ts'
import { largestMessage } from '../protocol/wire.ts'

/** One event of a stream (WHATWG HTML, "Server-sent events"). */
export interface ServerEvent {
  /** Its data, or why that cannot be read; undefined in an event that has none. */
  readonly data: Line | undefined
  /** The last event id that the stream has named. */
  readonly id: string | undefined
}

export interface EventReaderOptions {
  readonly onEvent: (event: ServerEvent) => void
  /** How long to wait before a stream is asked for again, in milliseconds. */
  readonly onRetry: (milliseconds: number) => void
}

const longestId = 1024
/** What no header can carry, in which an id is said again; NUL is none by the standard, either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsayable = /[\x00-\x1f\x7f]/

/**
 * Cuts a stream into events. An event past the largest message is thrown away as it comes in. The name of an event is not looked at:
 * the protocol has one kind only.
 */
export function eventReader({ onEvent, onRetry }: EventReaderOptions): (chunk: Buffer) => void {
  let parts: string[] = []
  let length = 0
  let refused: Line | undefined
  let id: string | undefined
  let hasFields = false
  let isFirst = true

  const dispatch = (): void => {
    const text = parts.join('\n')
    const data: Line | undefined = refused ?? (/\S/.test(text) ? { kind: 'text', text } : undefined)
    if (hasFields) onEvent({ data, id })
    parts = []
    length = 0
    refused = undefined
    hasFields = false
  }
  const field = (line: string): void => {
    if (line === '') {
      dispatch()
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    hasFields = true
    if (name === 'data') {
      length += value.length + 1
      if (length > largestMessage + 1) refused ??= { kind: 'refused', why: 'it is too long', ...endsOf(parts, value) }
      else parts.push(value)
    } else if (name === 'id') {
      if (!unsayable.test(value) && value.length <= longestId) id = value === '' ? undefined : value
    } else if (name === 'retry' && /^\d{1,9}$/.test(value)) onRetry(Number(value))
  }
  const take = (line: Line): void => {
    if (line.kind === 'refused') {
      hasFields = true
      refused ??= { ...line, head: line.head.replace(/^data: ?/, '') }
      return
    }
    const text = isFirst ? line.text.replace(/^\ufeff/, '') : line.text
    isFirst = false
    // A line ends with CR, LF or both; what comes here ends with LF.
    const lines = text.split('\r')
    if (lines.length > 1 && lines.at(-1) === '') lines.pop()
    for (const one of lines) field(one)
  }
  return lineReader(largestMessage + 1024, take, true)
}

const endLength = 512

function endsOf(parts: readonly string[], last: string): { readonly head: string; readonly tail: string } {
  return { head: (parts[0] ?? last).slice(0, endLength), tail: last.slice(-endLength) }
}
