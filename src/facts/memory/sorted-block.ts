import { allocate, free, isOwn, roomFor, shrink, tidy } from './blocks.ts'
import { setInt } from './column.ts'
import type { History } from './journal.ts'
import type { Lists } from './lists.ts'

/** Up to how many cells a loop moves faster than a call. */
const handful = 24

export function blockHas({ pool }: Lists, head: number, code: number): boolean {
  const end = head + 1 + (pool[head] ?? 0)
  const at = placeOf(pool, head + 1, end, code)
  return at < end && pool[at] === code
}

export function insertIntoBlock(history: History, lists: Lists, local: number, code: number): boolean {
  let head = lists.head[local] ?? 0
  let { pool } = lists
  const n = pool[head] ?? 0
  const end = head + 1 + n
  const at = code > (pool[end - 1] ?? 0) ? end : placeOf(pool, head + 1, end, code)
  if (at < end && pool[at] === code) return false
  const offset = at - head
  const room = roomFor(n + 1)
  if (room !== roomFor(n) || !isOwn(history, lists, head)) {
    head = moved(history, lists, local, n, room)
    pool = lists.pool
  }
  const to = head + offset
  shift(pool, to + 1, to, head + 1 + n)
  pool[to] = code
  pool[head] = n + 1
  return true
}

export function takeFromBlock(history: History, lists: Lists, local: number, code: number): boolean {
  let head = lists.head[local] ?? 0
  const n = lists.pool[head] ?? 0
  const end = head + 1 + n
  const at = placeOf(lists.pool, head + 1, end, code)
  if (at === end || lists.pool[at] !== code) return false
  const other = lists.pool[at === head + 1 ? head + 2 : head + 1] ?? 0
  if (n === 1 || (n === 2 && other >= 0)) {
    setInt(history, lists.heads, local, n === 1 ? 0 : ~other)
    free(history, lists, head, roomFor(n))
  } else {
    const offset = at - head
    if (!isOwn(history, lists, head)) head = moved(history, lists, local, n, roomFor(n))
    shift(lists.pool, head + offset, head + offset + 1, head + 1 + n)
    lists.pool[head] = n - 1
    shrink(history, lists, roomFor(n) - roomFor(n - 1))
  }
  tidy(history, lists)
  return true
}

/** These codes, sorted, in place of the list. */
export function replaceList(history: History, lists: Lists, local: number, codes: Int32Array): void {
  const [first = 0] = codes
  const block = codes.length > 1 || first < 0
  const at = block ? allocate(history, lists, roomFor(codes.length)) : 0
  const head = lists.head[local] ?? 0
  if (head > 0) free(history, lists, head, roomFor(lists.pool[head] ?? 0))
  if (block) {
    lists.pool[at] = codes.length
    lists.pool.set(codes, at + 1)
  }
  setInt(history, lists.heads, local, block ? at : codes.length === 0 ? 0 : ~first)
  tidy(history, lists)
}

/** The list in a block of another size, or one of its own. */
function moved(history: History, lists: Lists, local: number, n: number, room: number): number {
  const to = allocate(history, lists, room)
  const from = lists.head[local] ?? 0
  shift(lists.pool, to, from, from + n + 1)
  free(history, lists, from, roomFor(n))
  setInt(history, lists.heads, local, to)
  return to
}

/** Copies the cells of `from` up to `end` to where `to` is. */
function shift(pool: Int32Array, to: number, from: number, end: number): void {
  if (end - from > handful) {
    pool.copyWithin(to, from, end)
  } else if (to < from) {
    for (let i = from, j = to; i < end; i++, j++) pool[j] = pool[i] ?? 0
  } else {
    for (let i = end - 1, j = to + end - from - 1; i >= from; i--, j--) pool[j] = pool[i] ?? 0
  }
}

/** Where in a sorted range the code is or would be. */
function placeOf(pool: Int32Array, from: number, end: number, code: number): number {
  let low = from
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pool[middle] ?? 0) < code) low = middle + 1
    else high = middle
  }
  return low
}
