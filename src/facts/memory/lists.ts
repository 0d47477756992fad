import type { Adjacency } from '../table.ts'
import { type Backlog, clearBacklog } from './backlog.ts'
import { type Blocks, newBlocks } from './blocks.ts'
import { type Column, setInt } from './column.ts'
import type { History, Kept } from './journal.ts'
import { insertIntoLong, isLong, longHas, longSize, type Pending, settle, takeFromLong } from './long-list.ts'
import { blockHas, insertIntoBlock, replaceList, takeFromBlock } from './sorted-block.ts'

/** Sorted lists of codes by entity, without repetitions. Written to through the functions of this folder. */
export interface Lists extends Adjacency, Kept {
  head: Int32Array
  pool: Int32Array
  readonly heads: Column<Int32Array>
  blocks: Blocks
  /** Of the journal that `floor` was told by. */
  epoch: number
  /** What lies before it in the pool may be seen by a snapshot. */
  floor: number
  /** By entity, what has yet to be merged into its long list. */
  readonly pending: Map<number, Pending>
  backlog: Backlog | undefined
}

const none = new Int32Array(0)

/** With `more` of its own. `column` makes a column that grows with the type by whose entities the lists are. */
export function newLists<T extends object>(
  column: (show: (cells: Int32Array) => void) => Column<Int32Array>,
  more: T,
): Lists & T {
  const blocks = newBlocks(0)
  const lists: Lists & T = {
    ...more,
    head: none,
    pool: blocks.cells,
    heads: column((cells) => {
      lists.head = cells
    }),
    blocks,
    epoch: 0,
    floor: 0,
    pending: new Map<number, Pending>(),
    backlog: undefined,
    exchange: (value: unknown): unknown => {
      const now = lists.blocks
      lists.blocks = value as Blocks
      lists.pool = lists.blocks.cells
      return now
    },
  }
  lists.head = lists.heads.cells
  return lists
}

/** False where the code is there already. */
export function insert(history: History, lists: Lists, local: number, code: number): boolean {
  if (lists.backlog !== undefined) clearBacklog(history, lists)
  const head = lists.head[local] ?? 0
  if (head > 0) {
    return isLong(lists, head)
      ? insertIntoLong(history, lists, local, code)
      : insertIntoBlock(history, lists, local, code)
  }
  if (head === 0 && code >= 0) {
    setInt(history, lists.heads, local, ~code)
    return true
  }
  const other = ~head
  if (head < 0 && other === code) return false
  const codes = head === 0 ? [code] : code < other ? [code, other] : [other, code]
  replaceList(history, lists, local, Int32Array.from(codes))
  return true
}

/** False where the code is not there. */
export function take(history: History, lists: Lists, local: number, code: number): boolean {
  if (lists.backlog !== undefined) clearBacklog(history, lists)
  const head = lists.head[local] ?? 0
  if (head > 0) {
    return isLong(lists, head) ? takeFromLong(history, lists, local, code) : takeFromBlock(history, lists, local, code)
  }
  if (head === 0 || ~head !== code) return false
  setInt(history, lists.heads, local, 0)
  return true
}

export function has(history: History, lists: Lists, local: number, code: number): boolean {
  if (lists.backlog !== undefined) clearBacklog(history, lists)
  const head = lists.head[local] ?? 0
  if (head <= 0) return head < 0 && ~head === code
  return isLong(lists, head) ? longHas(lists, local, code) : blockHas(lists, head, code)
}

export function sizeOf(history: History, lists: Lists, local: number): number {
  if (lists.backlog !== undefined) clearBacklog(history, lists)
  const head = lists.head[local] ?? 0
  return head > 0 ? longSize(lists, local, lists.pool[head] ?? 0) : head === 0 ? 0 : 1
}

/** All codes of a list, ascending, which stay as they are when the list changes. */
export function codesOf(history: History, lists: Lists, local: number): Int32Array {
  if (lists.backlog !== undefined) clearBacklog(history, lists)
  if (lists.pending.has(local)) settle(history, lists, local)
  const head = lists.head[local] ?? 0
  if (head === 0) return none
  if (head < 0) return Int32Array.of(~head)
  return lists.pool.slice(head + 1, head + 1 + (lists.pool[head] ?? 0))
}

/** The negative codes of a list, which come first in it. */
export function negativesOf(history: History, lists: Lists, local: number): readonly number[] {
  if (lists.backlog !== undefined) clearBacklog(history, lists)
  if (lists.pending.has(local)) settle(history, lists, local)
  const head = lists.head[local] ?? 0
  const found: number[] = []
  if (head <= 0) return found
  const end = head + (lists.pool[head] ?? 0)
  for (let i = head + 1; i <= end; i++) {
    const code = lists.pool[i] ?? 0
    if (code >= 0) break
    found.push(code)
  }
  return found
}

/** Puts everything in order that has been put off, in any list. */
export function settleAll(history: History): void {
  for (const lists of history.unsettled) {
    clearBacklog(history, lists)
    for (const local of lists.pending.keys()) settle(history, lists, local)
  }
  history.unsettled.clear()
}
