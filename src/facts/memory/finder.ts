import type { Rows } from './rows.ts'

/**
 * Numbers by key, for as long as many are looked up one after the other: a part of what `ids` has, close together in memory, where
 * each look into a large Map waits for memory several times. What it does not find may still be there.
 */
export interface Finder {
  readonly rows: Rows
  /** Of the rows, when all that is in here was true. */
  releases: number
  /** Two cells for each place: the hash of the key, and where its record begins; 0: none. */
  places: Int32Array
  count: number
  /** What was asked or told last: facts often come object by object. */
  lastKey: string | undefined
  lastNumber: number
  /** Records: the number in four bytes, the length of the key, its characters, none of which is beyond Latin 1. */
  records: Uint8Array
  end: number
}

/** How many places are looked at: whoever makes up keys that belong in the same one gains nothing by it. */
const near = 8

/** At some thirty bytes each. */
const most = 1 << 21

export function newFinder(rows: Rows): Finder {
  return {
    rows,
    releases: rows.releases,
    places: new Int32Array(128),
    count: 0,
    lastKey: undefined,
    lastNumber: 0,
    records: new Uint8Array(256),
    end: 1,
  }
}

export function find(finder: Finder, key: string): number | undefined {
  const { rows, places, records } = finder
  if (finder.releases === rows.releases) {
    if (key === finder.lastKey) return finder.lastNumber
    const hash = hashOf(key)
    const mask = (places.length >>> 1) - 1
    for (let i = 0; i < near; i++) {
      const place = ((hash + i) & mask) * 2
      const at = places[place + 1] ?? 0
      if (at === 0) break
      if (places[place] === hash && isRecordOf(records, at, key)) return last(finder, key, numberAt(records, at))
    }
  } else clear(finder)
  const number = rows.ids.get(key)
  if (number === undefined) return undefined
  remember(finder, key, number)
  return last(finder, key, number)
}

/** The key has this number, until any number is freed. */
export function last(finder: Finder, key: string, number: number): number {
  finder.lastKey = key
  finder.lastNumber = number
  return number
}

function remember(finder: Finder, key: string, number: number): void {
  if (key.length > 255) return
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 255) return
  if (finder.count >= most) clear(finder)
  if (finder.count * 8 > finder.places.length * 3) spread(finder)
  const needed = finder.end + 5 + key.length
  if (needed > finder.records.length) {
    const more = new Uint8Array(Math.max(needed, Math.ceil(finder.records.length * 1.5)))
    more.set(finder.records)
    finder.records = more
  }
  const { records, end } = finder
  for (let i = 0; i < 4; i++) records[end + i] = number >>> (8 * i)
  records[end + 4] = key.length
  for (let i = 0; i < key.length; i++) records[end + 5 + i] = key.charCodeAt(i)
  finder.end = needed
  finder.count += 1
  put(finder.places, hashOf(key), end)
}

/** In the first place that is free, or else in the last that is looked at. */
function put(places: Int32Array, hash: number, at: number): void {
  const mask = (places.length >>> 1) - 1
  let place = 0
  for (let i = 0; i < near; i++) {
    place = ((hash + i) & mask) * 2
    if (places[place + 1] === 0) break
  }
  places[place] = hash
  places[place + 1] = at
}

function spread(finder: Finder): void {
  const { places } = finder
  finder.places = new Int32Array(places.length * 2)
  for (let i = 0; i < places.length; i += 2) {
    const at = places[i + 1] ?? 0
    if (at !== 0) put(finder.places, places[i] ?? 0, at)
  }
}

function clear(finder: Finder): void {
  finder.places.fill(0)
  finder.count = 0
  finder.lastKey = undefined
  finder.end = 1
  finder.releases = finder.rows.releases
}

function isRecordOf(records: Uint8Array, at: number, key: string): boolean {
  const { length } = key
  if (records[at + 4] !== length) return false
  for (let i = 0; i < length; i++) if (records[at + 5 + i] !== key.charCodeAt(i)) return false
  return true
}

function numberAt(records: Uint8Array, at: number): number {
  let number = 0
  for (let i = 0; i < 4; i++) number |= (records[at + i] ?? 0) << (8 * i)
  return number
}

function hashOf(key: string): number {
  let hash = key.length
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
