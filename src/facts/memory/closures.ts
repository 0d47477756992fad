import type { Containers } from '../table.ts'
import { append, headerLength, isAmong, isListed } from './closure-cache.ts'
import { grown } from './growth.ts'
import { containmentVersion, type Rows, typeOf } from './rows.ts'

/** How many entities and cells are remembered before all are forgotten: some 6 MiB. One answer may be longer than that. */
const mostEntities = 1 << 17
const mostCells = 1 << 20

export function isWithin(rows: Rows, entity: number, container: number, now: number): boolean {
  if (entity === container) return true
  const place = placeOf(rows, entity, now)
  return place !== 0 && isListed(rows.closures.list, place, container)
}

/** One of `sorted[from]` up to `sorted[to - 1]`, ascending, is the entity or contains it. */
export function isWithinAny(
  rows: Rows,
  entity: number,
  sorted: Int32Array,
  from: number,
  to: number,
  now: number,
): boolean {
  const place = placeOf(rows, entity, now)
  if (place === 0) return isAmong(sorted, from, to, entity)
  const { list } = rows.closures
  const count = list[place] ?? 0
  if (count * 2 < to - from) {
    for (let i = place + headerLength, end = i + count; i < end; i++)
      if (isAmong(sorted, from, to, list[i] ?? 0)) return true
    return false
  }
  // As `isListed` does, with the filter at hand.
  const lower = list[place + 1] ?? 0
  const upper = list[place + 2] ?? 0
  for (let i = from; i < to; i++) {
    const code = sorted[i] ?? 0
    const filter = (code & 32) === 0 ? lower : upper
    if (((filter >>> (code & 31)) & 1) === 1 && isListed(list, place, code)) return true
  }
  return false
}

/** Answers with one and the same object. */
export function containersReader(rows: Rows): (entity: number, now: number) => Containers {
  const alone: Int32Array = new Int32Array(1)
  const answer = { list: alone, from: 0, to: 1 }
  return (entity, now) => {
    const place = placeOf(rows, entity, now)
    if (place !== 0) {
      answer.list = rows.closures.list
      answer.from = place + headerLength
      answer.to = answer.from + (answer.list[place] ?? 0)
    } else {
      alone[0] = entity
      answer.list = alone
      answer.from = 0
      answer.to = 1
    }
    return answer
  }
}

/** Where the containers of an entity are remembered; 0: it is in nothing but itself, whatever the time. */
function placeOf(rows: Rows, entity: number, now: number): number {
  const { closures, counters, localBits, localMask } = rows
  if (closures.version === counters.cells[containmentVersion]) {
    const place = closures.places[entity >>> localBits]?.[entity & localMask] ?? 0
    if (place > 0) return place
  }
  return otherPlace(rows, entity, now)
}

/** The same where the answer is not remembered, or not for every time. */
function otherPlace(rows: Rows, entity: number, now: number): number {
  const { types, closures, localBits, localMask } = rows
  if ((types[entity >>> localBits]?.containment?.head[entity & localMask] ?? 0) === 0) return 0
  const version = rows.counters.cells[containmentVersion] ?? 0
  if (closures.version !== version) empty(rows, version)
  const place = ~(closures.places[entity >>> localBits]?.[entity & localMask] ?? -1)
  const span = place < 0 ? undefined : closures.spans.get(place)
  return span !== undefined && now >= span.since && now < span.until ? place : remember(rows, entity, now)
}

function remember(rows: Rows, entity: number, now: number): number {
  const { closures } = rows
  const { reached, since, until } = closureOf(rows, entity, now)
  const length = headerLength + reached.length
  if (closures.entities.length >= mostEntities || closures.end + length > mostCells) empty(rows, closures.version)
  if (closures.end + length > closures.list.length) {
    const more = new Int32Array(Math.max(closures.end + length, grown(closures.list.length), 64))
    more.set(closures.list)
    closures.list = more
  }
  const places = placesOf(rows, entity)
  const local = entity & rows.localMask
  const before = places[local] ?? 0
  if (before === 0) closures.entities.push(entity)
  else closures.spans.delete(~before)
  const place = append(closures, reached)
  const isAlways = since === Number.NEGATIVE_INFINITY && until === Number.POSITIVE_INFINITY
  if (!isAlways) closures.spans.set(place, { since, until })
  places[local] = isAlways ? place : ~place
  return place
}

/** With room for the entity's. */
function placesOf(rows: Rows, entity: number): Int32Array {
  const { number, capacity } = typeOf(rows, entity)
  const { places } = rows.closures
  const found = places[number]
  if (found !== undefined && found.length > (entity & rows.localMask)) return found
  const more = new Int32Array(capacity)
  if (found !== undefined) more.set(found)
  places[number] = more
  return more
}

function closureOf(
  rows: Rows,
  entity: number,
  now: number,
): {
  readonly reached: Int32Array
  readonly since: number
  readonly until: number
} {
  let since = Number.NEGATIVE_INFINITY
  let until = Number.POSITIVE_INFINITY
  const reached = new Set([entity])
  // A Set hands out what is added while it is walked, each once: cycles do no harm.
  for (const one of reached) {
    const { containment } = typeOf(rows, one)
    const head = containment?.head[one & rows.localMask] ?? 0
    if (head < 0) reached.add(~head)
    if (containment === undefined || head <= 0) continue
    const end = head + (containment.pool[head] ?? 0)
    for (let i = head + 1; i <= end; i++) {
      const code = containment.pool[i] ?? 0
      const term = code < 0 ? containment.terms[~code] : undefined
      if (term === undefined) reached.add(code)
      else if (now < term.until) {
        until = Math.min(until, term.until)
        reached.add(term.entity)
      } else since = Math.max(since, term.until)
    }
  }
  return { reached: Int32Array.from(reached).sort(), since, until }
}

function empty({ closures, localBits, localMask }: Rows, version: number): void {
  const { places, entities, spans } = closures
  for (const entity of entities) {
    const array = places[entity >>> localBits]
    if (array !== undefined) array[entity & localMask] = 0
  }
  entities.length = 0
  spans.clear()
  closures.end = 1
  closures.version = version
}
