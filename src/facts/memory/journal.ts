import type { KeyTable } from './key-table.ts'
import type { Lists } from './lists.ts'

/** What can be put back as a whole: takes what it was, and gives what it is. */
export interface Kept {
  exchange(value: unknown): unknown
}

/** What can be put back cell by cell. */
export interface Celled extends Kept {
  readonly cells: { [index: number]: unknown }
}

/** Something that is handed out up to an end. */
export interface Ended {
  end: number
}

/**
 * What was there before each write since a moment, in order: what has been put aside is exchanged for what is there, last to first
 * to go back, first to last to come forward again.
 */
export interface Journal {
  readonly epoch: number
  /** Of the facts of one request: everything in it is undone for good, so that nothing is freed and room is taken from the ends. */
  readonly passing: boolean
  readonly holders: Kept[]
  /** Of a cell of the holder; -1: the whole. */
  readonly indexes: number[]
  readonly values: unknown[]
  /** Keys whose numbers were freed, or had been those of others. */
  readonly ids: Map<string, number | undefined>
  /** New ones, of a request's entities. */
  readonly numbers: number[]
  readonly ends: { readonly of: Ended; readonly end: number }[]
}

/** What writes need to know of the past. */
export interface History {
  /** Where what is overwritten is kept, while anyone might go back to it. */
  journal: Journal | undefined
  /** That of the latest snapshot, if it is still held. */
  kept: Journal | undefined
  epoch: number
  /** How many versions of containment there have been. */
  versions: number
  /** Lists of which something has been put off. */
  readonly unsettled: Set<Lists>
}

export function newJournal(history: History, passing: boolean): Journal {
  history.epoch += 1
  return {
    epoch: history.epoch,
    passing,
    holders: [],
    indexes: [],
    values: [],
    ids: new Map(),
    numbers: [],
    ends: [],
  }
}

export function keep(journal: Journal, holder: Kept, index: number, value: unknown): void {
  journal.holders.push(holder)
  journal.indexes.push(index)
  journal.values.push(value)
}

/** To the moment that the journal begins at. */
export function rewind(journal: Journal, ids: KeyTable): void {
  for (let i = journal.holders.length - 1; i >= 0; i--) exchange(journal, i)
  exchangeIds(journal, ids)
}

/** And back. */
export function replay(journal: Journal, ids: KeyTable): void {
  for (let i = 0; i < journal.holders.length; i++) exchange(journal, i)
  exchangeIds(journal, ids)
}

function exchange({ holders, indexes, values }: Journal, i: number): void {
  const holder = holders[i]
  const index = indexes[i] ?? -1
  if (holder === undefined) return
  if (index === -1) {
    values[i] = holder.exchange(values[i])
    return
  }
  const { cells } = holder as Celled
  const value = cells[index]
  cells[index] = values[i]
  values[i] = value
}

function exchangeIds({ ids: kept }: Journal, ids: KeyTable): void {
  const before = [...kept]
  // A number that changes hands is nobody's in between.
  for (const [key] of before) {
    kept.set(key, ids.get(key))
    ids.delete(key)
  }
  for (const [key, number] of before) if (number !== undefined) ids.add(key, number)
}

/** Everything of the later journal after everything of the earlier. */
export function append(earlier: Journal, later: Journal): void {
  for (let i = 0; i < later.holders.length; i++) {
    const holder = later.holders[i]
    if (holder !== undefined) keep(earlier, holder, later.indexes[i] ?? -1, later.values[i])
  }
  for (const [key, number] of later.ids) if (!earlier.ids.has(key)) earlier.ids.set(key, number)
}

/** Before something is handed out to a request: it ends where it ended. */
export function keepEnd(journal: Journal, of: Ended): void {
  for (const kept of journal.ends) if (kept.of === of) return
  journal.ends.push({ of, end: of.end })
}
