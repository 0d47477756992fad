import type { History } from './journal.ts'
import type { Lists } from './lists.ts'
import { blockHas, insertIntoBlock, replaceList, takeFromBlock } from './sorted-block.ts'

/** What has yet to be merged into a list: each change by itself would move half of it. */
export interface Pending {
  readonly added: Set<number>
  readonly removed: Set<number>
}

/** How many codes a long list has at least. */
const long = 4096

export function isLong({ pool }: Lists, head: number): boolean {
  return (pool[head] ?? 0) >= long
}

export function longSize({ pending }: Lists, local: number, n: number): number {
  const { added, removed } = pending.get(local) ?? {}
  return n + (added?.size ?? 0) - (removed?.size ?? 0)
}

export function longHas(lists: Lists, local: number, code: number): boolean {
  const pending = lists.pending.get(local)
  if (pending?.added.has(code)) return true
  return pending?.removed.has(code) !== true && blockHas(lists, lists.head[local] ?? 0, code)
}

export function insertIntoLong(history: History, lists: Lists, local: number, code: number): boolean {
  const pending = lists.pending.get(local)
  const head = lists.head[local] ?? 0
  // What comes last is merged at once; a request's own facts are read at once.
  const last = lists.pool[head + (lists.pool[head] ?? 0)] ?? 0
  if (history.journal?.passing || (pending === undefined && code > last)) {
    return insertIntoBlock(history, lists, local, code)
  }
  if (longHas(lists, local, code)) return false
  pendingOf(history, lists, local).added.add(code)
  settleMuch(history, lists, local)
  return true
}

export function takeFromLong(history: History, lists: Lists, local: number, code: number): boolean {
  const pending = lists.pending.get(local)
  const head = lists.head[local] ?? 0
  const last = lists.pool[head + (lists.pool[head] ?? 0)] ?? 0
  if (pending === undefined && code === last) return takeFromBlock(history, lists, local, code)
  if (pending?.added.delete(code)) return true
  if (!longHas(lists, local, code)) return false
  pendingOf(history, lists, local).removed.add(code)
  settleMuch(history, lists, local)
  return true
}

function pendingOf(history: History, lists: Lists, local: number): Pending {
  const found = lists.pending.get(local)
  if (found !== undefined) return found
  const pending: Pending = { added: new Set(), removed: new Set() }
  lists.pending.set(local, pending)
  history.unsettled.add(lists)
  return pending
}

/** Merging as soon as it is half as much as the list keeps the work in proportion to the number of changes. */
function settleMuch(history: History, lists: Lists, local: number): void {
  const { added, removed } = pendingOf(history, lists, local)
  if ((added.size + removed.size) * 2 > (lists.pool[lists.head[local] ?? 0] ?? 0)) settle(history, lists, local)
}

/** Merges what is pending for one list. */
export function settle(history: History, lists: Lists, local: number): void {
  const pending = lists.pending.get(local)
  if (pending === undefined) return
  lists.pending.delete(local)
  const { added, removed } = pending
  const head = lists.head[local] ?? 0
  const n = lists.pool[head] ?? 0
  const more = Int32Array.from(added).sort()
  const merged = new Int32Array(n + more.length - removed.size)
  let next = 0
  let at = 0
  for (let i = head + 1; i <= head + n; i++) {
    const code = lists.pool[i] ?? 0
    while (next < more.length && (more[next] ?? 0) < code) merged[at++] = more[next++] ?? 0
    if (removed.size === 0 || !removed.has(code)) merged[at++] = code
  }
  while (next < more.length) merged[at++] = more[next++] ?? 0
  replaceList(history, lists, local, merged)
}
