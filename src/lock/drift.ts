import type { JsonObject, JsonValue } from '../base/json.ts'
import { isSame } from './changes.ts'
import type { ItemList, Lock } from './format.ts'
import { itemLists, listNames } from './format.ts'
import { templateMatcher } from './locked-uri.ts'
import type { PinnedServer } from './pinned.ts'
import { pinnedPart, pinnedServer } from './pinned.ts'

/** What a server answers now. A list that was not asked for is left out, and not compared; the same holds for `reached`. */
export interface LiveServer extends PinnedServer {
  readonly tools?: readonly JsonObject[]
  readonly prompts?: readonly JsonObject[]
  readonly resources?: readonly JsonObject[]
  readonly resourceTemplates?: readonly JsonObject[]
}

export interface Drift {
  /** What is pinned of the server and differs; empty when nothing does. */
  readonly server: readonly FieldDrift[]
  /** The locked items in the order of the lock, then the unlocked ones; list by list. */
  readonly items: readonly ItemDrift[]
}

/**
 * `unlocked`: sent, but not in the lock; `gone`: in the lock, but not sent. A resource that is not in the lock, but that a locked template
 * covers, is neither: such come and go.
 */
export type ItemDrift =
  | { readonly list: ItemList; readonly name: string; readonly status: 'unchanged' | 'gone' }
  | { readonly list: ItemList; readonly name: string; readonly status: 'unlocked'; readonly live: JsonObject }
  | {
      readonly list: ItemList
      readonly name: string
      readonly status: 'drifted'
      readonly fields: readonly FieldDrift[]
    }

/** Undefined on a side where the member is missing. */
export interface FieldDrift {
  readonly field: string
  readonly locked: JsonValue | undefined
  readonly live: JsonValue | undefined
}

/** Compares a lock with what the server answers now. */
export function driftOf(lock: Lock, live: LiveServer): Drift {
  const { reached: _, ...unreached } = lock
  const locked = pinnedServer(live.reached === undefined ? unreached : lock)
  const templatesOf = templateMatcher(lock)
  const isCovered = (list: ItemList, name: string) => list === 'resources' && templatesOf(name).length > 0
  return {
    server: fieldsThatDiffer(locked, pinnedServer(live)),
    items: listNames.flatMap((list) => {
      const items = live[list]
      return items === undefined ? [] : itemDrifts(list, lock[list], items, isCovered)
    }),
  }
}

export function hasDrifted({ server, items }: Drift): boolean {
  return server.length > 0 || items.some(({ status }) => status !== 'unchanged')
}

function itemDrifts(
  list: ItemList,
  locked: readonly JsonObject[],
  live: readonly JsonObject[],
  isCovered: (list: ItemList, name: string) => boolean,
): readonly ItemDrift[] {
  const { key } = itemLists[list]
  const sent = new Map<string, JsonObject[]>()
  for (const item of live) {
    const name = nameOf(item, key)
    const same = sent.get(name)
    if (same) same.push(item)
    else sent.set(name, [item])
  }
  const drifts = locked.map((item): ItemDrift => {
    const name = nameOf(item, key)
    const now = sent.get(name)
    sent.delete(name)
    return now === undefined ? { list, name, status: 'gone' } : compareItem(list, name, item, now)
  })
  const unlocked = [...sent]
    .filter(([name]) => !isCovered(list, name))
    .flatMap(([name, items]) => items.map((item): ItemDrift => ({ list, name, status: 'unlocked', live: item })))
  return [...drifts, ...unlocked]
}

/** A server that sends two definitions under one name has drifted if either has: which one it means cannot be known. */
function compareItem(list: ItemList, name: string, locked: JsonObject, now: readonly JsonObject[]): ItemDrift {
  const fields = now.flatMap((item) => fieldsThatDiffer(pinnedPart(list, locked), pinnedPart(list, item)))
  return fields.length === 0 ? { list, name, status: 'unchanged' } : { list, name, status: 'drifted', fields }
}

function nameOf(item: JsonObject, key: string): string {
  const name = Object.hasOwn(item, key) ? item[key] : undefined
  return typeof name === 'string' ? name : ''
}

function fieldsThatDiffer(locked: JsonObject, live: JsonObject): readonly FieldDrift[] {
  const fields = [...new Set([...Object.keys(locked), ...Object.keys(live)])].sort()
  return fields.flatMap((field) => {
    const before = own(locked, field)
    const after = own(live, field)
    return isSame(before, after) ? [] : [{ field, locked: before, live: after }]
  })
}

function own(object: JsonObject, field: string): JsonValue | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined
}
