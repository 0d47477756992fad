import { idProblem } from '../../value/entity.ts'
import { type Journal, keepEnd } from './journal.ts'
import { keyOf, type Rows, typeOf } from './rows.ts'
import { growType, type TypeRows } from './type-rows.ts'

/** Fewer numbers than this are not worth freeing. */
const fewIdle = 1024

/** The number of an entity of the type, a new one where it has none; undefined where all have been given out. */
export function numberOf(rows: Rows, type: TypeRows, key: string): number | undefined {
  return rows.ids.get(key) ?? newNumber(rows, type, key)
}

/** The number of an entity that has none. */
export function newNumber(rows: Rows, type: TypeRows, key: string): number | undefined {
  const local = rows.history.journal?.passing ? undefined : type.freed.pop()
  if (local === undefined) return freshNumber(rows, type, key)
  // In a snapshot this number may be somebody else's.
  keepId(rows, key)
  const number = (type.number << rows.localBits) | local
  rows.ids.lasting.add(key, number)
  return number
}

/** One that nobody has had. It needs no place in a journal, since nothing is kept of it at any earlier moment. */
function freshNumber(rows: Rows, type: TypeRows, key: string): number | undefined {
  if (type.end > rows.localMask) return undefined
  const { journal } = rows.history
  const number = (type.number << rows.localBits) | type.end
  if (journal?.passing) {
    keepEnd(journal, type)
    journal.numbers.push(number)
  }
  type.end += 1
  if (type.end > type.capacity) growType(type, type.end)
  const { lasting, passing, passingKeys } = rows.ids
  if (journal?.passing) {
    passing.set(key, number)
    passingKeys.set(number, key)
  } else lasting.add(key, number)
  return number
}

/** Takes back the numbers that a request's entities got, but for those that have been pinned meanwhile. `around`: another request's. */
export function forget(rows: Rows, { numbers, ends }: Journal, around: Journal | undefined): void {
  for (const { of, end } of ends) of.end = end
  const { lasting, passing, passingKeys } = rows.ids
  for (const number of numbers) {
    const type = typeOf(rows, number)
    const local = number & rows.localMask
    const key = keyOf(rows, number)
    const isPinned = rows.pins.has(number)
    if (isPinned) {
      while (type.end < local) type.freed.push(type.end++)
      type.end = Math.max(type.end, local + 1)
      if (around?.passing) around.numbers.push(number)
    }
    passingKeys.delete(number)
    if (passing.delete(key) && isPinned) lasting.add(key, number)
  }
  if (numbers.length === 0 || passing.size > 0) return
  // A Map to which keys are added and taken out again all the time gets slower with each; cleared, it is made anew.
  passing.clear()
  passingKeys.clear()
}

/** The entity may have been mentioned for the last time. What is mentioned again soon keeps its number. */
export function release(rows: Rows, entity: number): void {
  if (rows.history.journal?.passing || !isIdle(rows, entity)) return
  rows.idle.add(entity)
  if (rows.idle.size < fewIdle || rows.idle.size * 4 < rows.ids.lasting.size) return
  for (const one of rows.idle) if (isIdle(rows, one)) free(rows, one)
  rows.idle = new Set()
}

/** It is somebody's number, but nothing mentions it, and it is not pinned. */
function isIdle(rows: Rows, entity: number): boolean {
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  if (type.keys.cells[local] === 0) return false
  return type.lasting.cells[local] === 0 && type.ending.cells[local] === 0 && !rows.pins.has(entity)
}

function free(rows: Rows, entity: number): void {
  const type = typeOf(rows, entity)
  const key = keyOf(rows, entity)
  keepId(rows, key)
  rows.ids.lasting.delete(key)
  type.freed.push(entity & rows.localMask)
}

export function pin(rows: Rows, key: string): number {
  const type = rows.byName.get(key.slice(0, Math.max(key.indexOf(':'), 0)))
  if (type === undefined || type.number === 0) throw new RangeError('an entity of a type that is not declared')
  const isName = idProblem(key.slice(type.name.length + 1)) === undefined
  const number = (isName ? rows.ids.get(key) : pinnedBefore(rows, key)) ?? freshNumber(rows, type, key)
  if (number === undefined) throw new RangeError('more entities than numbers')
  rows.pins.set(number, key)
  // What no door would let in is not to be found by one.
  if (!isName && !rows.ids.passing.delete(key)) rows.ids.lasting.delete(key)
  return number
}

function pinnedBefore({ pins }: Rows, key: string): number | undefined {
  for (const [number, pinned] of pins) if (pinned === key) return number
  return undefined
}

function keepId({ history, ids }: Rows, key: string): void {
  const { journal } = history
  if (journal !== undefined && !journal.ids.has(key)) journal.ids.set(key, ids.lasting.get(key))
}
