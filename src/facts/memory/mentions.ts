import { setCell, setInt } from './column.ts'
import { count, expiring, type Rows, typeOf } from './rows.ts'
import { eachTerm } from './terms.ts'
import type { TypeRows } from './type-rows.ts'

/** One more fact that never ends, or record, mentions the entity. */
export function mention({ history, types, localBits, localMask }: Rows, entity: number): void {
  const type = types[entity >>> localBits] as TypeRows
  const local = entity & localMask
  const times = type.lasting.cells[local] ?? 0
  setInt(history, type.lasting, local, times + 1)
  if (times === 0) setCell(history, type.certainty, local, 1)
}

/** And one less. */
export function unmention(rows: Rows, entity: number): void {
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  const times = (type.lasting.cells[local] ?? 0) - 1
  setInt(rows.history, type.lasting, local, times)
  if (times === 0) setCell(rows.history, type.certainty, local, 0)
}

/** One more fact that ends mentions it. */
export function mentionUntil(rows: Rows, entity: number, until: number): void {
  const { history } = rows
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  const times = type.ending.cells[local] ?? 0
  setInt(history, type.ending, local, times + 1)
  if (times === 0 || (type.ends.cells[local] ?? 0) < until) setCell(history, type.ends, local, until)
}

export function unmentionUntil(rows: Rows, entity: number, until: number): void {
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  const times = (type.ending.cells[local] ?? 0) - 1
  setInt(rows.history, type.ending, local, times)
  if (times > 0 && type.ends.cells[local] === until) rows.staleEnds.add(entity)
}

/** Finds out anew when the last fact ends that mentions an entity, where the last one that was known has been taken out. */
export function freshenEnds(rows: Rows): void {
  for (const entity of rows.staleEnds) {
    const type = typeOf(rows, entity)
    const local = entity & rows.localMask
    if ((type.ending.cells[local] ?? 0) === 0) continue
    let last = Number.NEGATIVE_INFINITY
    const later = (until: number) => {
      if (until !== Number.POSITIVE_INFINITY && until > last) last = until
    }
    for (const relation of type.relations.values())
      eachTerm(rows, relation, relation, local, ({ until }) => later(until))
    for (const { relation, lists } of type.pointing) eachTerm(rows, relation, lists, local, ({ until }) => later(until))
    setCell(rows.history, type.ends, local, last)
  }
  rows.staleEnds.clear()
}

/** Mentioned by any fact or record, whenever that ends. */
export function isMentioned({ lasting, ending }: TypeRows, local: number): boolean {
  return (lasting.cells[local] ?? 0) > 0 || (ending.cells[local] ?? 0) > 0
}

export function isKnown(rows: Rows, entity: number, now: number): boolean {
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  if (type.certain[local] === 1) return true
  return (type.ending.cells[local] ?? 0) > 0 && now < (type.ends.cells[local] ?? 0)
}

export function countExpiring(rows: Rows, by: 1 | -1): void {
  count(rows, expiring, by)
}
