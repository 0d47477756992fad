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
  let rest = ''
  let size = 0
  let fields: { event?: string; data?: string[]; id?: string; retry?: string } = {}
  let isCommented = false
  let endsWithReturn = false
  return (piece) => {
    // A line feed that belongs to a carriage return at the end of the last piece.
    const text = rest + (endsWithReturn && piece.startsWith('\n') ? piece.slice(1) : piece)
    if (piece !== '') endsWithReturn = piece.endsWith('\r')
    const lines = text.split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    const events: StreamEvent[] = []
    for (const line of lines) {
      size += line.length
      if (line === '') {
        const { event = 'message', data, ...others } = fields
        if (Object.keys(fields).length > 0 || isCommented) {
          events.push({ event, ...others, ...(data === undefined ? {} : { data: data.join('\n') }) })
        }
        fields = {}
        isCommented = false
        size = 0
        continue
      }
      if (size > limit) break
      if (line.startsWith(':')) {
        isCommented = true
        continue
      }
      const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? []
      if (name === 'data') fields.data = [...(fields.data ?? []), value]
      else if (name === 'event') fields.event = value
      else if (name === 'id' && !value.includes('\0')) fields.id = value
      else if (name === 'retry' && /^\d{1,9}$/.test(value)) fields.retry = value
    }
    if (size + rest.length > limit) throw new RangeError('an event is too large')
    return events
  }
}

/** An event as it is sent. */
export function writeEvent({ event, data, id, retry }: StreamEvent): string {
  const lines = [
    ...(data === undefined || event === 'message' ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    ...(data ?? '').split('\n').flatMap((line) => (data === undefined ? [] : [`data: ${line}`])),
  ]
  return `${lines.length === 0 ? ':' : lines.join('\n')}\n\n`
}
