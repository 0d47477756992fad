import { allocate, free, isOwn, roomFor } from './blocks.ts'
import { setInt } from './column.ts'
import type { History } from './journal.ts'
import type { Lists } from './lists.ts'
import { settle } from './long-list.ts'
import { ascending, byLocal } from './radix-sort.ts'
import { insertIntoBlock } from './sorted-block.ts'

/**
 * Codes that have yet to be put into their lists, in pairs of local and code; none of them is there already. Loading comes upon
 * subjects in no order: many codes together, sorted by subject, are put in with one visit to each list.
 */
export interface Backlog {
  pairs: Int32Array
  count: number
}

const most = 1 << 20

export function insertLater(history: History, lists: Lists, local: number, code: number): void {
  lists.backlog ??= { pairs: new Int32Array(128), count: 0 }
  const { backlog } = lists
  if (backlog.count === 0) history.unsettled.add(lists)
  if (backlog.count * 2 === backlog.pairs.length) {
    const more = new Int32Array(backlog.count * 4)
    more.set(backlog.pairs)
    backlog.pairs = more
  }
  backlog.pairs[backlog.count * 2] = local
  backlog.pairs[backlog.count * 2 + 1] = code
  backlog.count += 1
  if (backlog.count === most) insertAll(history, lists, backlog)
}

/** Puts everything into its list. */
export function clearBacklog(history: History, lists: Lists): void {
  const { backlog } = lists
  lists.backlog = undefined
  if (backlog !== undefined) insertAll(history, lists, backlog)
}

function insertAll(history: History, lists: Lists, backlog: Backlog): void {
  const { count } = backlog
  const pairs = byLocal(backlog.pairs, count)
  backlog.count = 0
  const codes = new Int32Array(count)
  for (let i = 0; i < count; i++) codes[i] = pairs[i * 2 + 1] ?? 0
  for (let from = 0, to = 0; from < count; from = to) {
    const local = pairs[from * 2] ?? 0
    while (to < count && pairs[to * 2] === local) to++
    insertSorted(history, lists, local, ascending(codes.subarray(from, to)))
  }
}

/** Codes of plain entities, ascending, none of which is in the list. */
function insertSorted(history: History, lists: Lists, local: number, codes: Int32Array): void {
  if (lists.pending.has(local)) settle(history, lists, local)
  const head = lists.head[local] ?? 0
  const n = head > 0 ? (lists.pool[head] ?? 0) : head === 0 ? 0 : 1
  const length = n + codes.length
  if (length === 1) {
    setInt(history, lists.heads, local, ~(codes[0] ?? 0))
  } else if (head > 0 && (codes.length === 1 || codes.length * 64 < n)) {
    for (const code of codes) insertIntoBlock(history, lists, local, code)
  } else if (head > 0 && roomFor(n) === roomFor(length) && isOwn(history, lists, head)) {
    merge(lists.pool, head, n, codes)
  } else {
    const to = allocate(history, lists, roomFor(length))
    const from = lists.head[local] ?? 0
    const { pool } = lists
    if (from > 0) {
      pool.copyWithin(to, from, from + n + 1)
      free(history, lists, from, roomFor(n))
    } else pool[to + 1] = ~from
    merge(pool, to, n, codes)
    setInt(history, lists.heads, local, to)
  }
}

/** Into a block of n codes with room for all, from the last to the first. */
function merge(pool: Int32Array, head: number, n: number, codes: Int32Array): void {
  let old = n
  let left = codes.length
  pool[head] = n + left
  while (left > 0) {
    const next = codes[left - 1] ?? 0
    const last = old > 0 ? (pool[head + old] ?? 0) : Number.NEGATIVE_INFINITY
    if (last > next) pool[head + old-- + left] = last
    else pool[head + old + left--] = next
  }
}
