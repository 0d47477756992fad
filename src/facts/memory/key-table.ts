import { own } from './column.ts'
import { addRecord, freeRecord, isRecordOf, keyIn, newKeyRecords } from './key-records.ts'
import type { TypeRows } from './type-rows.ts'

/** Numbers by key, and keys by number. */
export interface KeyTable extends Iterable<readonly [string, number]> {
  readonly size: number
  /** How often a key has been taken out: a number that was found before is still that of its key while none is. */
  readonly removals: number
  /** `map` has all keys. */
  readonly few: boolean
  readonly map: ReadonlyMap<string, number>
  get(key: string): number | undefined
  /** The number, which is nobody's, of a key that has none. */
  add(key: string, number: number): void
  delete(key: string): void
  keyOf(number: number): string | undefined
}

/** A Map is the quickest while it fits into the processor's caches; of many keys it waits for memory several times. */
const mostInMap = 1 << 12

/** How many places are looked at: whoever makes up keys that belong in the same ones gains nothing by it. */
const near = 16

/** A place whose record has been taken out. */
const gone = -1

/** `types`: by whose local numbers keys are found. */
export function newKeyTable(types: readonly TypeRows[], localBits: number, mapped = mostInMap): KeyTable {
  const localMask = 2 ** localBits - 1
  const records = newKeyRecords()
  /** Of all keys, while they are few; afterwards of those that found no place. */
  const map = new Map<string, number>()
  /** Two cells for each place: the hash of a key, and where its record is; 0: none. No places while keys are few. */
  let places = new Int32Array(0)
  /** How many places have been used, those that are gone included. */
  let used = 0
  /** The longest key that there has been: a longer one is none of them. */
  let longest = 0

  function get(key: string): number | undefined {
    return places.length === 0 ? map.get(key) : search(key)
  }

  function search(key: string): number | undefined {
    if (key.length > longest) return undefined
    const place = placeOf(key, hashOf(key))
    if (place >= 0) return records.cells[places[place + 1] ?? 0]
    return map.size === 0 ? undefined : map.get(key)
  }

  /** The place of a key's record; below 0: it has none. */
  function placeOf(key: string, hash: number): number {
    const mask = (places.length >>> 1) - 1
    for (let i = 0; i < near; i++) {
      const place = ((hash + i) & mask) * 2
      const at = places[place + 1] ?? 0
      if (at === 0) break
      if (places[place] === hash && at !== gone && isRecordOf(records, at, key)) return place
    }
    return -1
  }

  function add(key: string, number: number): void {
    const at = addRecord(records, key, number)
    const { keys } = types[number >>> localBits] as TypeRows
    if (keys.shared) own(keys)
    keys.cells[number & localMask] = at
    table.size += 1
    longest = Math.max(longest, key.length)
    if (table.size > mapped && (used + 1) * 16 > places.length * 5) spread()
    if (places.length === 0 || !takesPlace(hashOf(key), at)) map.set(ownText(key), number)
  }

  /** Into the first place that is free, if one of the near ones is. */
  function takesPlace(hash: number, at: number): boolean {
    const mask = (places.length >>> 1) - 1
    for (let i = 0; i < near; i++) {
      const free = ((hash + i) & mask) * 2
      if (places[free + 1] !== 0) continue
      places[free] = hash
      places[free + 1] = at
      used += 1
      return true
    }
    return false
  }

  /** Into places of which at least half are free. */
  function spread(): void {
    const old = places
    let length = 64
    while (length < table.size * 4) length *= 2
    places = new Int32Array(length)
    table.few = false
    used = 0
    for (const [key, number] of [...map]) if (takesPlace(hashOf(key), recordOf(number))) map.delete(key)
    for (let i = 0; i < old.length; i += 2) {
      const at = old[i + 1] ?? 0
      if (at > 0 && !takesPlace(old[i] ?? 0, at)) map.set(keyIn(records, at), records.cells[at] ?? 0)
    }
  }

  function recordOf(number: number): number {
    return types[number >>> localBits]?.keys.cells[number & localMask] ?? 0
  }

  function remove(key: string): void {
    const number = get(key)
    if (number === undefined) return
    if (!map.delete(key)) places[placeOf(key, hashOf(key)) + 1] = gone
    freeRecord(records, recordOf(number))
    const { keys } = types[number >>> localBits] as TypeRows
    keys.cells[number & localMask] = 0
    table.size -= 1
    table.removals += 1
  }

  function* entries(): IterableIterator<readonly [string, number]> {
    for (const { number, keys, end } of types) {
      for (let local = 0; local < end; local++) {
        const at = keys.cells[local] ?? 0
        if (at !== 0) yield [keyIn(records, at), (number << localBits) | local]
      }
    }
  }

  const table = {
    few: true,
    map,
    size: 0,
    removals: 0,
    get,
    add,
    delete: remove,
    keyOf: (number: number) => {
      const at = recordOf(number)
      return at === 0 ? undefined : keyIn(records, at)
    },
    [Symbol.iterator]: entries,
  }
  return table
}

function hashOf(key: string): number {
  const { length } = key
  let hash = length
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** As it is where it is short; else a copy, since it may be a slice that keeps a whole file alive. */
function ownText(key: string): string {
  return key.length < 13 ? key : [key.slice(0, 1), key.slice(1)].join('')
}
