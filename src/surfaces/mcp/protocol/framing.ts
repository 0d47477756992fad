/** One line of the stdio transport, or one body in HTTP. */
export type Line =
  | { readonly kind: 'text'; readonly text: string }
  /** Not UTF-8, or past the limit: of the bytes only the ends are kept. */
  | { readonly kind: 'refused'; readonly why: string; readonly head: string; readonly tail: string }

const newline = 0x0a
const endBytes = 512
const mostPieces = 1024

/**
 * Cuts a stream into lines. A line past the limit is thrown away as it comes in: no more than `limit` bytes are ever held.
 *
 * @param limit bytes of a line
 * @param isSpaceKept whether lines with nothing in them are lines
 * @returns takes the next piece of the stream
 */
export function lineReader(limit: number, onLine: (line: Line) => void, isSpaceKept = false): (chunk: Buffer) => void {
  let pieces: Buffer[] = []
  let length = 0
  let refused: { head: Buffer; tail: Buffer } | undefined

  const add = (piece: Buffer): void => {
    if (piece.length === 0) return
    if (refused !== undefined) {
      refused.tail = Buffer.concat([refused.tail, piece.subarray(-endBytes)]).subarray(-endBytes)
      return
    }
    pieces.push(piece)
    length += piece.length
    if (length <= limit) {
      // Many small pieces take many times the memory of their bytes.
      if (pieces.length >= mostPieces) pieces = [Buffer.concat(pieces)]
      return
    }
    const whole = Buffer.concat(pieces)
    refused = { head: Buffer.from(whole.subarray(0, endBytes)), tail: Buffer.from(whole.subarray(-endBytes)) }
    pieces = []
  }
  const end = (): void => {
    const [first = Buffer.alloc(0), ...others] = pieces
    const whole = others.length === 0 ? first : Buffer.concat(pieces)
    const line = refused === undefined ? decodeLine(whole) : tooLong(refused, limit)
    pieces = []
    length = 0
    refused = undefined
    if (isSpaceKept || line.kind === 'refused' || /\S/.test(line.text)) onLine(line)
  }
  return (chunk) => {
    let start = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, at))
      end()
      start = at + 1
    }
    add(chunk.subarray(start))
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What the bytes of one message say, strictly. */
export function decodeLine(bytes: Buffer): Line {
  try {
    return { kind: 'text', text: utf8.decode(bytes) }
  } catch {
    return { kind: 'refused', why: 'it is not UTF-8', ...ends(bytes.subarray(0, endBytes), bytes.subarray(-endBytes)) }
  }
}

function tooLong({ head, tail }: { head: Buffer; tail: Buffer }, limit: number): Line {
  return { kind: 'refused', why: `it is longer than ${limit / 1024 / 1024} MiB`, ...ends(head, tail) }
}

function ends(head: Buffer, tail: Buffer): { head: string; tail: string } {
  return { head: head.toString('latin1'), tail: tail.toString('latin1') }
}

/**
 * The id of a message that cannot be read, from its first or last members, where writers put it. It is what the sender itself
 * has written outside any string, so that a wrong one harms nobody else.
 */
export function idAtEnds(head: string, tail: string): string | number | undefined {
  const id = /(?:"(?:[\w-]{0,100})"|-?\d{1,15})/.source
  const first = new RegExp(`^\\s*\\{\\s*(?:"jsonrpc"\\s*:\\s*"2\\.0"\\s*,\\s*)?"id"\\s*:\\s*(${id})\\s*,`).exec(head)
  const last = new RegExp(
    `[}\\]"]\\s*,\\s*(?:"jsonrpc"\\s*:\\s*"2\\.0"\\s*,\\s*)?"id"\\s*:\\s*(${id})\\s*\\}\\s*$`,
  ).exec(tail)
  const found = first?.[1] ?? last?.[1]
  return found === undefined ? undefined : (JSON.parse(found) as string | number)
}
