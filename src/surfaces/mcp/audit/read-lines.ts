import { closeSync, openSync, readSync } from 'node:fs'
import { longestLine } from './tail.ts'

export interface FileLine {
  /** From 1. */
  readonly number: number
  readonly bytes: Buffer
  /** False for a last line without an end. */
  readonly isEnded: boolean
}

const newline = 0x0a

/**
 * The lines of a file, of which no more than one is held.
 *
 * @throws Error when the file cannot be read, or has a line that is longer than any log has
 */
export function* linesOf(path: string): Generator<FileLine> {
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(256 * 1024)
    let rest = Buffer.alloc(0)
    let number = 0
    for (;;) {
      const length = readSync(file, chunk, 0, chunk.length, null)
      if (length === 0) break
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)])
      let start = 0
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        yield { number: ++number, bytes: bytes.subarray(start, end), isEnded: true }
        start = end + 1
      }
      rest = bytes.subarray(start)
      if (rest.length > longestLine) throw new Error(`line ${number + 1} is longer than any of an audit log`)
    }
    if (rest.length > 0) yield { number: number + 1, bytes: rest, isEnded: false }
  } finally {
    closeSync(file)
  }
}
