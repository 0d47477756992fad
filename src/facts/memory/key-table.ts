import { own } from './column.ts'
import { addRecord, freeRecord, isRecordOf, keyIn, newKeyRecords } from './key-records.ts'
import type { TypeRows } from './type-rows.ts'

/** Numbers by key, and keys by number. */
export interface KeyTable extends Iterable<readonly [string, number]> {
  readonly size: number
  /** How often a key has been taken out: a number that was found before is still that of its key while none is. */
  readonly removals: number
  get(key: string): number | undefined
  /** The number of a key that has none. */
  add(key: string, number: number): void
  /** The number of a key, whether it has had another one or none. */
  set(key: string, number: number): void
  delete(key: string): boolean
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
  /** Where the records are, by key: of all, while they are few; afterwards of those that found no place. */
  const elsewhere = new Map<string, number>()
  /** Two cells for each place: the hash of a key, and where its record is; 0: none. */
  let places = new Int32Array(0)
  let size = 0
  let removals = 0
  /** How many places have been used, those that are gone included. */
  let used = 0
  /** The longest key that there has been: a longer one is none of them. */
  let longest = 0

  /** Where the record of a key is; 0: nowhere. */
  function find(key: string): number {
    const pairs = places
    if (pairs.length > 0) {
      if (key.length > longest) return 0
      const hash = hashOf(key)
      const mask = (pairs.length >>> 1) - 1
      for (let i = 0; i < near; i++) {
        const place = ((hash + i) & mask) * 2
        const at = pairs[place + 1] ?? 0
        if (at === 0) return 0
        if (pairs[place] === hash && at !== gone && isRecordOf(records, at, key)) return at
      }
      if (elsewhere.size === 0) return 0
    }
    return elsewhere.get(key) ?? 0
  }

  function add(key: string, number: number): void {
    const at = addRecord(records, key, number)
    const keys = types[number >>> localBits]?.keys
    if (keys !== undefined) {
      if (keys.shared) own(keys)
      keys.cells[number & localMask] = at
    }
    size += 1
    longest = Math.max(longest, key.length)
    if (places.length === 0 && size <= mapped) elsewhere.set(ownText(key), at)
    else {
      if ((used + 1) * 16 > places.length * 5) spread()
      if (!takesPlace(hashOf(key), at)) elsewhere.set(ownText(key), at)
    }
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
    while (length < size * 4) length *= 2
    places = new Int32Array(length)
    used = 0
    for (let i = 0; i < old.length; i += 2) {
      const at = old[i + 1] ?? 0
      if (at > 0 && !takesPlace(old[i] ?? 0, at)) elsewhere.set(keyIn(records, at), at)
    }
    for (const [key, at] of [...elsewhere]) if (takesPlace(hashOf(key), at)) elsewhere.delete(key)
  }

  function remove(key: string): boolean {
    const at = find(key)
    if (at === 0) return false
    const number = records.cells[at] ?? 0
    const keys = types[number >>> localBits]?.keys
    // The number may already be that of another key.
    if (keys?.cells[number & localMask] === at) keys.cells[number & localMask] = 0
    if (!elsewhere.delete(key)) {
      const hash = hashOf(key)
      const mask = (places.length >>> 1) - 1
      for (let i = 0; i < near; i++) {
        const one = ((hash + i) & mask) * 2
        if (places[one + 1] === at) places[one + 1] = gone
      }
    }
    freeRecord(records, at)
    size -= 1
    removals += 1
    return true
  }

  function* entries(): IterableIterator<readonly [string, number]> {
    for (const { number, keys, end } of types) {
      for (let local = 0; local < end; local++) {
        const at = keys.cells[local] ?? 0
        if (at !== 0) yield [keyIn(records, at), (number << localBits) | local]
      }
    }
  }

  return {
    get size() {
      return size
    },
    get removals() {
      return removals
    },
    get: (key) => {
      const at = find(key)
      return at === 0 ? undefined : records.cells[at]
    },
    add,
    set: (key, number) => {
      remove(key)
      add(key, number)
    },
    delete: remove,
    keyOf: (number) => {
      const at = types[number >>> localBits]?.keys.cells[number & localMask] ?? 0
      return at === 0 ? undefined : keyIn(records, at)
    },
    [Symbol.iterator]: entries,
  }
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
