import type { Containers } from '../table.ts'
import { containmentVersion, type Rows, typeOf } from './rows.ts'
import { placeOf } from './sorted-block.ts'

/** How many entities and containers are remembered before all are forgotten: some 9 MiB. One answer may be longer than that. */
const mostEntities = 1 << 17
const mostContainers = 1 << 20

/** Up to how many containers a search from the first to the last is the fastest. */
const few = 8

export function isWithin(rows: Rows, entity: number, container: number, now: number): boolean {
  if (entity === container) return true
  if (!isContained(rows, entity)) return false
  const place = placeIn(rows, entity, now)
  const { list, from, to } = rows.closures
  const start = from[place] ?? 0
  const end = to[place] ?? 0
  if (end - start <= few) {
    for (let i = start; i < end; i++) if (list[i] === container) return true
    return false
  }
  const at = placeOf(list, start, end, container)
  return at < end && list[at] === container
}

/** Answers with one and the same object. */
export function containersReader(rows: Rows): (entity: number, now: number) => Containers {
  const alone: Int32Array = new Int32Array(1)
  const answer = { list: alone, from: 0, to: 1 }
  return (entity, now) => {
    if (isContained(rows, entity)) {
      const place = placeIn(rows, entity, now)
      answer.list = rows.closures.list
      answer.from = rows.closures.from[place] ?? 0
      answer.to = rows.closures.to[place] ?? 0
    } else {
      alone[0] = entity
      answer.list = alone
      answer.from = 0
      answer.to = 1
    }
    return answer
  }
}

/** Something contains it directly, now or at another time: of the others there is nothing to remember. */
function isContained({ types, localBits, localMask }: Rows, entity: number): boolean {
  return (types[entity >>> localBits]?.containment?.head[entity & localMask] ?? 0) !== 0
}

/** The place of the entity's containers, which are found if they are not remembered. */
function placeIn(rows: Rows, entity: number, now: number): number {
  const { closures, localBits, localMask } = rows
  const version = rows.counters.cells[containmentVersion] ?? 0
  if (closures.version !== version) empty(rows, version)
  const place = (closures.places[entity >>> localBits]?.[entity & localMask] ?? 0) - 1
  if (place >= 0 && now >= (closures.since[place] ?? 0) && now < (closures.until[place] ?? 0)) return place
  return remember(rows, place, entity, now)
}

/** `place`: where an answer stands that is good for other times, or -1. */
function remember(rows: Rows, place: number, entity: number, now: number): number {
  const { closures } = rows
  const { reached, since, until } = closureOf(rows, entity, now)
  if (closures.entities.length >= mostEntities || closures.end + reached.length > mostContainers) {
    empty(rows, closures.version)
    place = -1
  }
  if (closures.end + reached.length > closures.list.length) {
    const more = new Int32Array(Math.max(closures.end + reached.length, closures.list.length * 2, 64))
    more.set(closures.list)
    closures.list = more
  }
  closures.list.set(reached, closures.end)
  const at = place === -1 ? closures.entities.push(entity) - 1 : place
  closures.from[at] = closures.end
  closures.end += reached.length
  closures.to[at] = closures.end
  closures.since[at] = since
  closures.until[at] = until
  placesOf(rows, entity)[entity & rows.localMask] = at + 1
  return at
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
  const { places, entities, from, to, since, until } = closures
  for (const entity of entities) {
    const array = places[entity >>> localBits]
    if (array !== undefined) array[entity & localMask] = 0
  }
  for (const list of [entities, from, to, since, until]) list.length = 0
  closures.end = 0
  closures.version = version
}
