import { readSync } from 'node:fs'
import { decodedEvent, isBeginning } from './event.ts'

/** What stands at the end of a log that somebody else has written to. */
export interface Tail {
  /** Digest of the last event of another chain. */
  readonly after?: string
  /** What follows the last event and is none: the beginning of one, for whoever wrote it was stopped. */
  readonly torn?: Buffer
  /** The last event has no end of line yet. */
  readonly isOpen: boolean
}

export const longestLine = 16 * 1024 * 1024
const firstLook = 64 * 1024
const newline = 0x0a

/**
 * Reads a log backwards, from `size` to `from` at most, for the last event that is not of `chain`.
 *
 * @throws Error when what stands there has not been written by an audit log
 */
export function tailOf(file: number, from: number, size: number, chain: string): Tail {
  for (let length = firstLook; ; length *= 4) {
    const start = Math.max(from, size - length)
    const { isEnough, ...tail } = lastIn(read(file, start, size), chain)
    const isAll = isEnough || start === from
    if (isAll && (tail.torn === undefined || isBeginning(tail.torn))) return tail
    if (isAll || size - start > 2 * longestLine) throw new Error('it does not end in a record of an audit log')
  }
}

interface Found extends Tail {
  /** Nothing that stands before could change what was found. */
  readonly isEnough: boolean
}

function lastIn(bytes: Buffer, chain: string): Found {
  let end = bytes.length
  let rest: Pick<Tail, 'torn' | 'isOpen'> | undefined
  while (end > 0) {
    const start = bytes.lastIndexOf(newline, end - 1) + 1
    const read = start === end ? undefined : decodedEvent(bytes.subarray(start, end))
    if (read !== undefined) {
      const isOpen = end === bytes.length
      rest ??= end + 1 >= bytes.length ? { isOpen } : { isOpen, torn: bytes.subarray(end + 1) }
      if (read.event.chain !== chain) return { after: read.digest, ...rest, isEnough: true }
    }
    end = start - 1
  }
  rest ??= bytes.length === 0 ? { isOpen: false } : { isOpen: false, torn: bytes }
  return { ...rest, isEnough: false }
}

function read(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start)
  let length = 0
  while (length < bytes.length) {
    const more = readSync(file, bytes, length, bytes.length - length, start + length)
    if (more === 0) break
    length += more
  }
  return bytes.subarray(0, length)
}
