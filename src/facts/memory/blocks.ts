import { type Column, keepWhole, place } from './column.ts'
import { grown } from './growth.ts'
import { type Ended, type History, keep, keepEnd } from './journal.ts'
import type { Lists } from './lists.ts'

/** Where the blocks of lists lie, one behind the other. */
export interface Blocks extends Ended {
  cells: Int32Array
  /** Cells before the end that belong to no list. */
  garbage: number
  /** By size, the first free block, whose first cell says where the next one is. Present-day writes only. */
  readonly free: number[]
}

/** Below so many cells nothing is gained by tidying up. */
const few = 256

export function newBlocks(length: number): Blocks {
  // No block begins at 0, which says that there is none.
  return { cells: new Int32Array(length), end: 1, garbage: 0, free: [] }
}

/** How many cells a list of n codes takes, with some to grow: 4, 6, 8, 12, 16, 24 and so on. */
export function roomFor(n: number): number {
  if (n < 4) return 4
  const power = 1 << (31 - Math.clz32(n))
  const more = power + (power >> 1)
  return n < more ? more : power * 2
}

/** The place of a size among all sizes. */
function sizeClass(room: number): number {
  const log = 31 - Math.clz32(room)
  return 2 * log + (room === 1 << log ? 0 : 1)
}

/** Room for a block. All heads may change with it. */
export function allocate(history: History, lists: Lists, room: number): number {
  const { journal } = history
  const { blocks } = lists
  if (journal === undefined) {
    const size = sizeClass(room)
    const found = blocks.free[size] ?? 0
    if (found !== 0) {
      blocks.free[size] = blocks.cells[found] ?? 0
      blocks.garbage -= room
      return found
    }
  } else if (journal.passing) keepEnd(journal, blocks)
  if (blocks.end + room > blocks.cells.length) {
    // Moving all blocks together costs no more than moving all cells to where there are more of them.
    if (journal?.passing !== true && blocks.garbage * 4 > blocks.end) compact(history, lists, room)
    else grow(lists, room)
  }
  const at = lists.blocks.end
  lists.blocks.end += room
  return at
}

function grow(lists: Lists, room: number): void {
  const { blocks } = lists
  const cells = new Int32Array(Math.max(blocks.end + room, grown(blocks.cells.length), 16))
  cells.set(blocks.cells)
  blocks.cells = cells
  lists.pool = cells
}

/**
 * Whether a block may be written to where it is: no snapshot sees it. What lies before the floor was there at the latest one, and is
 * never overwritten: whatever changes is written anew at the end, so that a journal needs the heads only.
 */
export function isOwn(history: History, lists: Lists, at: number): boolean {
  const { journal } = history
  if (journal === undefined) return true
  if (lists.epoch !== journal.epoch) {
    lists.epoch = journal.epoch
    lists.floor = lists.blocks.end
  }
  return at >= lists.floor
}

export function free(history: History, lists: Lists, at: number, room: number): void {
  const { blocks } = lists
  const { journal } = history
  if (journal?.passing) return
  blocks.garbage += room
  if (!isOwn(history, lists, at)) return
  const size = sizeClass(room)
  while (blocks.free.length <= size) blocks.free.push(0)
  blocks.cells[at] = blocks.free[size] ?? 0
  blocks.free[size] = at
}

/** A block that stays gives back the cells behind it. */
export function shrink(history: History, lists: Lists, cells: number): void {
  if (history.journal?.passing !== true) lists.blocks.garbage += cells
}

/** After something was taken out. */
export function tidy(history: History, lists: Lists): void {
  const { end, garbage } = lists.blocks
  if (end > few && garbage * 2 > end && history.journal?.passing !== true) compact(history, lists, 0)
}

/** Moves all blocks together, into new cells with room for so many and some to grow. */
function compact(history: History, lists: Lists, room: number): void {
  const { journal } = history
  const old = lists.blocks
  const blocks = newBlocks(grown(old.end - old.garbage) + room)
  if (journal !== undefined) {
    keepWhole(journal, lists.heads)
    keep(journal, lists, -1, old)
    lists.epoch = journal.epoch
    lists.floor = 0
  }
  const heads: Column<Int32Array> = lists.heads
  for (let local = 0; local < heads.cells.length; local++) {
    const head = heads.cells[local] ?? 0
    if (head <= 0) continue
    const n = old.cells[head] ?? 0
    blocks.cells.set(old.cells.subarray(head, head + n + 1), blocks.end)
    heads.cells[local] = blocks.end
    blocks.end += roomFor(n)
  }
  place(heads, heads.cells)
  lists.exchange(blocks)
}
