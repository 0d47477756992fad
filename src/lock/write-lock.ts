import type { JsonObject, JsonValue } from '../base/json.ts'
import { isArray, isJsonObject, stringifyJson } from '../base/json.ts'
import type { Digests, ItemList, Lock } from './format.ts'
import { itemLists, listNames, lockVersion } from './format.ts'

/** These come first in an item, for the reader's sake; the other keys follow, sorted. */
const leading: readonly string[] = ['name', 'uri', 'uriTemplate', 'title', 'description']

/**
 * The text of a lock file: the same for the same definitions, whatever order the server sent them in, so that a diff shows
 * only what changed. Items are sorted by name, keys too; ends with a newline. `readLock` reads it back.
 */
export function writeLock(lock: Lock): string {
  const { server, reached, protocolVersion, serverInfo, instructions, capabilities, digests } = lock
  const members: Record<string, JsonValue | undefined> = {
    lock: lockVersion,
    server,
    reached: reached && { ...reached },
    protocolVersion,
    serverInfo: serverInfo && sortKeys(serverInfo),
    instructions,
    capabilities: capabilities && sortKeys(capabilities),
  }
  for (const list of listNames) members[list] = sortedItems(lock[list], list)
  members.digests = writtenDigests(digests)
  const present = Object.entries(members).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
  return `${stringifyJson(Object.fromEntries(present), 2)}\n`
}

function sortedItems(items: readonly JsonObject[], list: ItemList): JsonValue {
  const { key } = itemLists[list]
  return [...items].sort((a, b) => compare(String(a[key]), String(b[key]))).map(sortItem)
}

function sortItem(item: JsonObject): JsonObject {
  const sorted = Object.entries(sortKeys(item) as JsonObject)
  const rank = ([key]: [string, JsonValue]) => (leading.includes(key) ? leading.indexOf(key) : leading.length)
  return Object.fromEntries(sorted.sort((a, b) => rank(a) - rank(b)))
}

/** `fromEntries` defines properties, so that a key `__proto__` stays an own one. */
function sortKeys(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(sortKeys)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => compare(a, b))
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]))
}

function writtenDigests(digests: Digests): JsonValue | undefined {
  const lists = listNames
    .filter((list) => digests[list].size > 0)
    .map((list) => [list, sortKeys(Object.fromEntries(digests[list]))] as const)
  if (lists.length === 0 && digests.server === undefined) return undefined
  return { ...(digests.server === undefined ? {} : { server: digests.server }), ...Object.fromEntries(lists) }
}

/** By UTF-16 units: the same order on every machine, which a locale's would not be. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
