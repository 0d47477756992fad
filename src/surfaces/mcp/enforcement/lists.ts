import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray } from '../../../base/json.ts'
import { own } from '../protocol/message.ts'
import type { Cursors } from './cursors.ts'

export interface FilteredList {
  /** The very same object where nothing had to be changed. */
  readonly result: JsonObject
  readonly shown: number
  readonly hidden: number
}

/** What a list may hold besides its items; other members could tell what the items do not. */
const members = new Set(['nextCursor', '_meta', 'resultType', 'ttlMs', 'cacheScope'])

/** Keeps of a server's list what may be shown. Undefined when it is no list. */
export function filterList(
  method: string,
  list: string,
  result: JsonObject,
  shownItems: ReadonlySet<JsonValue>,
  cursors: Cursors,
): FilteredList | undefined {
  const items = own(result, list)
  const cursor = own(result, 'nextCursor')
  if (!isArray(items) || (cursor !== undefined && typeof cursor !== 'string')) return undefined
  const shown = items.filter((item) => shownItems.has(item))
  const counts = { shown: shown.length, hidden: items.length - shown.length }

  // 2026-07-28, `CacheableResult`: what one caller is shown must not be cached for another.
  const isCacheable = ['resultType', 'ttlMs', 'cacheScope'].some((member) => Object.hasOwn(result, member))
  const isUnchanged =
    counts.hidden === 0 &&
    cursor === undefined &&
    Object.keys(result).every((member) => member === list || members.has(member)) &&
    (!isCacheable || own(result, 'cacheScope') === 'private')
  if (isUnchanged) return { result, ...counts }

  const entries = Object.entries(result).flatMap(([member, value]): [string, JsonValue][] => {
    if (member === list) return [[member, shown]]
    if (member === 'nextCursor') return cursor === undefined ? [] : [[member, cursors.seal(method, cursor)]]
    return members.has(member) && member !== 'cacheScope' ? [[member, value]] : []
  })
  if (isCacheable) entries.push(['cacheScope', 'private'])
  return { result: Object.fromEntries(entries), ...counts }
}
