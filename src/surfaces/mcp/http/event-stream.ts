/** One event of a stream (HTML, section 9.2), or a sign of life. */
export interface StreamEvent {
  /** `message` where the stream does not say. */
  readonly event: string
  /** Undefined for a comment, and for an event that only has an id. */
  readonly data?: string
  readonly id?: string
  /** Milliseconds after which a client that has lost the connection comes again. */
  readonly retry?: string
}

/**
 * Cuts an event stream into its events.
 *
 * @param limit characters of one event
 * @returns takes the next piece of text and gives the events that end in it
 * @throws RangeError past the limit
 */
export function eventReader(limit: number): (text: string) => StreamEvent[] {
  const takeLine = lineAssembler()
  let size = 0
  let begun: Begun = {}
  return (piece) => {
    size += piece.length
    const { lines, unended } = takeLine(piece)
    const events: StreamEvent[] = []
    for (const line of lines) {
      if (line !== '') {
        addField(begun, line)
        continue
      }
      const { event = 'message', data, isCommented, ...others } = begun
      if (Object.keys(begun).length > 0) {
        events.push({ event, ...others, ...(data === undefined ? {} : { data: data.join('\n') }) })
      }
      begun = {}
      size = unended
    }
    if (size > limit) throw new RangeError('an event is too large')
    return events
  }
}

interface Begun {
  event?: string
  data?: string[]
  id?: string
  retry?: string
  isCommented?: true
}

function addField(begun: Begun, line: string): void {
  const colon = line.indexOf(':')
  const name = colon === -1 ? line : line.slice(0, colon)
  const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
  switch (name) {
    case '':
      begun.isCommented = true
      return
    case 'data':
      begun.data ??= []
      begun.data.push(value)
      return
    case 'event':
      begun.event = value
      return
    case 'id':
      if (!value.includes('\0')) begun.id = value
      return
    case 'retry':
      if (/^\d{1,9}$/.test(value)) begun.retry = value
  }
}

/** Gives the lines that end in a piece, and how many characters of the next there are. Each piece is looked through once. */
function lineAssembler(): (piece: string) => { readonly lines: readonly string[]; readonly unended: number } {
  let held: string[] = []
  let unended = 0
  let endedWithReturn = false
  return (piece) => {
    if (piece === '') return { lines: [], unended }
    // A line feed that belongs to a carriage return at the end of the last piece.
    const text = endedWithReturn && piece.startsWith('\n') ? piece.slice(1) : piece
    endedWithReturn = piece.endsWith('\r')
    const [first = '', ...others] = text.split(/\r\n|\r|\n/)
    held.push(first)
    unended += first.length
    const last = others.pop()
    if (last === undefined) return { lines: [], unended }
    const lines = [held.join(''), ...others]
    held = [last]
    unended = last.length
    return { lines, unended }
  }
}

/** An event as it is sent. */
export function writeEvent({ event, data, id, retry }: StreamEvent): string {
  const lines = [
    ...(data === undefined || event === 'message' ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    ...(data === undefined ? [] : data.split('\n').map((line) => `data: ${line}`)),
  ]
  return `${lines.length === 0 ? ':' : lines.join('\n')}\n\n`
}
