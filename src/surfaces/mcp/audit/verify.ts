import { resolve } from 'node:path'
import { type AuditEvent, decodedEvent, digestOf, isBeginning, sequenceText } from './event.ts'
import { type FileLine, linesOf } from './read-lines.ts'

export interface VerifyOptions {
  /** Digests of events, kept elsewhere: each has to be in the log. */
  readonly anchors?: readonly string[]
  /** Digests of events of older files that are not given: what refers to one is no gap. */
  readonly after?: readonly string[]
  /** What the paths are relative to. */
  readonly cwd?: string
}

export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
}

export interface Verification {
  /** What is wrong first; nothing is known of what follows it. */
  readonly problem?: Place & { readonly message: string }
  readonly records: number
  readonly chains: number
  /** Digest of the last event: kept elsewhere, an anchor for all that is in the log now. */
  readonly head?: string
  /** How many events follow the last of the anchors; all, where there is none. */
  readonly unanchored: number
  /** What is no mistake, but what a reader should know. */
  readonly notes: readonly string[]
}

interface Link extends Place {
  /** How many records are before it in the log. */
  readonly index: number
  readonly number: number
  readonly digest: string
}

interface Chain {
  last: Link
  isClosed: boolean
  /** The record of another chain that came before the last one, which did not say so: it came while that was being written. */
  unseen: Link | undefined
}

/** A process looks at what others have written, and writes its own line, at once: this many cannot come between. */
const mostBetween = 10_000
const mostTorn = 1000

/**
 * Follows the chains through the files, which are one log in the order in which they are given.
 *
 * @throws Error when a file cannot be read
 */
export function verifyAudit(files: readonly string[], options: VerifyOptions = {}): Verification {
  const { anchors = [], after = [], cwd = '.' } = options
  const follower = follow(new Set(anchors), new Set(after))
  for (const file of files) {
    for (const line of linesOf(resolve(cwd, file))) if (!follower.take(file, line)) return follower.result()
    if (!follower.endFile()) return follower.result()
  }
  follower.end()
  return follower.result()
}

function follow(anchors: ReadonlySet<string>, outside: ReadonlySet<string>) {
  const chains = new Map<string, Chain>()
  const recent = new Set<string>()
  /** `recent` in its order, a ring. */
  const order: string[] = []
  const missing = new Set(anchors)
  const notes: string[] = []
  let problem: Verification['problem']
  /** A reference that leads nowhere: what it referred to may yet be found to be changed. */
  let dangling: Link | undefined
  /** The line that does not fit to the one before it, until the next of its chain tells which of the two is wrong. */
  let doubt: { readonly earlier: Link; readonly later: Link; readonly chain: string } | undefined
  let torn: (Place & { readonly lines: Buffer[] }) | undefined
  let records = 0
  let unanchored = 0
  let head: Link | undefined

  /** What comes before any other: a place without an index is the line that is being read. */
  const fail = (at: Place & { readonly index?: number }, message: string): false => {
    const isFirst = dangling === undefined || (at.index ?? records) < dangling.index
    const { file, line } = isFirst ? at : (dangling ?? at)
    problem ??= { file, line, message: isFirst ? message : unfound }
    return false
  }
  const settle = (next: AuditEvent | undefined): false => {
    if (doubt === undefined) return false
    const { earlier, later } = doubt
    const isLaterWhole = next?.previous === later.digest
    const where = `the record behind it (${place(later)})`
    if (isLaterWhole) return fail(earlier, `it is not the record that ${where} was written behind: it has been changed`)
    if (next !== undefined) return fail(later, 'it was not written behind the record before it: it has been changed')
    return fail(earlier, `it is not the record that ${where} was written behind: one of the two has been changed`)
  }
  const take = (file: string, { number: line, bytes, isEnded }: FileLine): boolean => {
    const here: Place = { file, line }
    const read = decodedEvent(bytes)
    if (doubt !== undefined) {
      return read?.event.chain === doubt.chain ? settle(read.event) : true
    }
    if (read === undefined) {
      torn ??= { ...here, lines: [] }
      torn.lines.push(bytes)
      return (bytes.length === 0 || isBeginning(bytes)) && torn.lines.length <= mostTorn ? true : fail(torn, unreadable)
    }
    if (!isEnded) return fail(here, 'it is torn: whoever wrote it was stopped, or its end has been cut off')
    const { event, digest } = read
    const before = torn
    torn = undefined
    const isVouched = before !== undefined && event.torn === digestOf(joined(before.lines))
    if (before !== undefined && !isVouched) return fail(before, unreadable)
    if (before === undefined && event.torn !== undefined)
      return fail(here, 'the torn line that was before it has been removed')
    if (before !== undefined) notes.push(`${place(before)}: torn, as the record behind it says`)
    return link(here, event, digest)
  }
  const link = (here: Place, event: AuditEvent, digest: string): boolean => {
    const number = Number(event.sequence)
    const chain = chains.get(event.chain)
    const self: Link = { ...here, index: records, number, digest }
    const name = `record ${event.sequence} of chain ${event.chain}`
    if (chain === undefined) {
      const isBeginning = number === 1 && event.previous === undefined
      if (number === 1 ? !isBeginning || event.type !== 'dev.licet.audit.opened' : !outside.has(event.previous ?? ''))
        return fail(
          self,
          `${name}, and none of that chain is before it: records are missing, or it is from another log`,
        )
      if (here.line === 1 && head !== undefined && isBeginning && event.after === undefined)
        notes.push(`${here.file} begins with a chain of its own: nothing shows whether a file before it is missing`)
      // Whoever opens a log that is not empty says what is in it; if it came while the log was being opened, with the next line.
      const isUnseen = isBeginning && head?.file === here.file && event.after === undefined
      chains.set(event.chain, { last: self, isClosed: false, unseen: isUnseen ? head : undefined })
    } else {
      const { last } = chain
      if (chain.isClosed) return fail(self, `${name}, which was closed before it`)
      if (number <= last.number) return fail(self, `${name}, which is a second time there, or not in its place`)
      if (number > last.number + 1)
        return fail(
          self,
          `${name}: ${sequenceText(last.number + 1)}${number === last.number + 2 ? ' is' : ' and others are'} missing before it`,
        )
      if (event.previous !== last.digest) {
        doubt = { earlier: last, later: self, chain: event.chain }
        return true
      }
      const { unseen } = chain
      if (unseen?.file === here.file && event.after === undefined && last.number === 1) return fail(last, foreign)
      if (unseen?.file === here.file && event.after === undefined)
        return fail(unseen, 'it has been inserted: those who wrote behind it have not seen it')
      const isSeen = event.after !== undefined || head === undefined || head === last || here.line === 1
      chain.unseen = isSeen ? undefined : head
      chain.last = self
      chain.isClosed = event.type === 'dev.licet.audit.closed'
    }
    const isFound = event.after === undefined || recent.has(event.after) || outside.has(event.after)
    if (!isFound) dangling ??= self
    recent.add(digest)
    const oldest = order[records % mostBetween]
    if (oldest !== undefined) recent.delete(oldest)
    order[records % mostBetween] = digest
    head = self
    records++
    unanchored = anchors.has(digest) ? 0 : unanchored + 1
    missing.delete(digest)
    return true
  }
  return {
    take,
    endFile: (): boolean => {
      if (torn === undefined || doubt !== undefined) return true
      return fail(
        torn,
        torn.lines.length === 1
          ? `${unreadable}, or torn: whoever wrote it was stopped, or its end has been cut off`
          : unreadable,
      )
    },
    end: (): void => {
      settle(undefined)
      if (dangling !== undefined) problem ??= { file: dangling.file, line: dangling.line, message: unfound }
      for (const { last, unseen } of chains.values()) if (unseen !== undefined && last.number === 1) fail(last, foreign)
      if (problem !== undefined) return
      for (const digest of missing) {
        const at = head ?? { file: '', line: 0 }
        fail(
          at,
          `no record has the digest ${digest}: what was behind this line has been cut off, or the log is another one`,
        )
        return
      }
      for (const [chain, { last, isClosed }] of chains) {
        if (!isClosed)
          notes.push(
            `${place(last)}: chain ${chain} is not closed: it is being written, or its process was stopped, or its end has been cut off`,
          )
      }
    },
    result: (): Verification => ({
      ...(problem === undefined ? {} : { problem }),
      records,
      chains: chains.size,
      ...(head === undefined ? {} : { head: head.digest }),
      unanchored,
      notes,
    }),
  }
}

const foreign = 'it begins the log, and there are records before it: it is from another log'
const unfound = 'a record of another chain that was before it has been removed, changed or moved'
const unreadable = 'it is no record as it is written: it has been changed or inserted'

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, i) => (i === 0 ? [line] : [Buffer.from('\n'), line])))
}

function place({ file, line }: Place): string {
  return `${file}:${line}`
}
