import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync, type Stats, statSync, writeSync } from 'node:fs'
import type { Audit } from './audit.ts'
import { decisionEvent, digestOf, type EventBody, linkedEvent, sequenceText } from './event.ts'
import { type Tail, tailOf } from './tail.ts'

export interface AuditFile {
  readonly audit: Audit
  close(): void
}

interface OpenFile {
  readonly descriptor: number
  readonly stats: Stats
  /** Up to where this process knows what stands in it; a line begins there. */
  known: number
  /** Its size, if nobody else has written since. */
  expected: number
}

const eventsBetweenAnchors = 10_000
const timeBetweenAnchors = 3_600_000
/** Milliseconds within which a file that was moved away is written on under its new name. */
const timeBetweenLooks = 1000
const mostLooks = 4

/**
 * A file of one event a line, appended to. A line is written, in the order of the decisions, before the request that it is about goes
 * on: what is not in the file has not happened. Each line holds the digest of the one before. Several processes may append to
 * one file: each has a chain of its own, and ties it to what the others have written. Where the file is moved away the chain goes on
 * in a new one under the old name.
 *
 * @param report told the digests that, kept elsewhere, show later that nothing before them is missing
 * @throws Error when the file cannot be opened, or is no audit log
 */
export function auditFile(path: string, report: (note: string) => void = () => {}): AuditFile {
  const chain = randomUUID()
  let count = 0
  let previous: string | undefined
  let file = openLog(path, report)
  let lookedAt = performance.now()
  let anchoredAt = lookedAt

  const put = (body: EventBody): void => {
    const { size, after, torn, isOpen } = lookAt(file, chain)
    const { text, digest } = linkedEvent(
      body,
      {
        chain,
        ...(previous === undefined ? {} : { previous }),
        ...(after === undefined ? {} : { after }),
        ...(torn === undefined ? {} : { torn: digestOf(torn) }),
      },
      count + 1,
    )
    // Behind a line that was not written to its end the next one begins on its own.
    const line = Buffer.from(`${torn === undefined && !isOpen ? '' : '\n'}${text}\n`)
    write(file, line)
    file.known = size
    file.expected = size + line.length
    count++
    previous = digest
    if (torn !== undefined)
      report(`the audit log had a line that was not written to its end (${torn.length} bytes): it goes on behind it`)
  }
  const anchor = (what: string): void => {
    report(`the audit log ${what} record ${sequenceText(count)} of chain ${chain}, ${previous}`)
    anchoredAt = performance.now()
  }
  const follow = (now: number): void => {
    if (now - lookedAt < timeBetweenLooks) return
    if (isSameFile(file.stats, statSync(path, { throwIfNoEntry: false }))) {
      lookedAt = now
      return
    }
    const next = openLog(path, report)
    try {
      put(own('dev.licet.audit.moved'))
    } catch (thrown) {
      closeSync(next.descriptor)
      throw thrown
    }
    closeSync(file.descriptor)
    file = next
    lookedAt = now
    anchor('was moved away, and goes on in a new file; the old one ends with')
  }

  try {
    put(own('dev.licet.audit.opened'))
    // It was empty, but somebody who has opened it in the same instant was quicker: that is seen now.
    if (file.known === 0 && hasGrown(file)) put(own('dev.licet.audit.opened'))
  } catch (thrown) {
    closeSync(file.descriptor)
    throw thrown
  }
  return {
    audit: (record) => {
      const now = performance.now()
      follow(now)
      put(decisionEvent(record))
      if (count % eventsBetweenAnchors === 0 || now - anchoredAt > timeBetweenAnchors) anchor('has come to')
    },
    close: () => {
      try {
        put(own('dev.licet.audit.closed'))
        anchor('is closed with')
      } catch (thrown) {
        report(`the audit log could not be closed: ${thrown instanceof Error ? thrown.message : ''}`)
      }
      closeSync(file.descriptor)
    },
  }
}

function own(type: EventBody['type']): EventBody {
  return { type, time: new Date().toISOString(), source: '/licet', data: {} }
}

function openLog(path: string, report: (note: string) => void): OpenFile {
  const descriptor = openSync(path, 'a+', 0o600)
  const stats = fstatSync(descriptor)
  // A file that is there keeps its mode: those who ship logs may read by a group.
  if (process.platform !== 'win32' && stats.isFile() && (stats.mode & 0o026) !== 0) {
    report(`the audit log can be written by its group, or read by everybody (mode ${(stats.mode & 0o777).toString(8)})`)
  }
  return { descriptor, stats, known: 0, expected: 0 }
}

function hasGrown({ descriptor, stats, expected }: OpenFile): boolean {
  return stats.isFile() && fstatSync(descriptor).size !== expected
}

/** What others have written since. A pipe or a terminal has no end to look at. */
function lookAt(file: OpenFile, chain: string): Tail & { readonly size: number } {
  const { descriptor, known, expected } = file
  for (let looks = 1; ; looks++) {
    if (!hasGrown(file)) return { size: expected, isOpen: false }
    const { size } = fstatSync(descriptor)
    const tail = tailOf(descriptor, size < known ? 0 : known, size, chain)
    // Another process may be in the middle of its line.
    if (looks === mostLooks || (tail.torn === undefined && !tail.isOpen)) return { size, ...tail }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
  }
}

function write({ descriptor, stats }: OpenFile, line: Buffer): void {
  let written = writeSync(descriptor, line)
  // The rest of a line could come to stand behind that of another process: it stays torn, and the next one says so.
  if (stats.isFile() && written < line.length) throw new Error('no space left for a whole line')
  while (written < line.length) written += writeSync(descriptor, line, written)
}

/** A pipe or a terminal has neither an end to look at nor a second writer to see, and is not moved away. */
function isSameFile(open: Stats, named: Stats | undefined): boolean {
  return !open.isFile() || (named !== undefined && open.ino === named.ino && open.dev === named.dev)
}
