import type { Table } from '../table.ts'
import { attributeRows } from './attribute-rows.ts'
import { containersReader, isWithin, isWithinAny } from './closures.ts'
import { isKnown } from './mentions.ts'
import { pin } from './numbering.ts'
import { relationRows } from './relation-rows.ts'
import { expiring, keyOf, type Rows } from './rows.ts'
import type { TypeRows } from './type-rows.ts'

/** The rows as emitted code reads them. */
export function tableOf(rows: Rows): Table {
  const { localBits, localMask, ids, types, byName, counters } = rows

  function typeAt(number: number): TypeRows {
    const type = types[number]
    if (type === undefined || number === 0) throw new RangeError('a type that is not declared')
    return type
  }

  const table = {
    localBits,
    localMask,
    ids,
    lasting: ids.lasting,
    types,
    keyOf: (entity: number) => keyOf(rows, entity),
    typeNumber: (name: string) => (name === '' ? undefined : byName.get(name)?.number),
    pin: (key: string) => pin(rows, key),
    relation: (type: number, name: string) => relationRows(rows, typeAt(type), name),
    globalRelation: (name: string) => relationRows(rows, types[0] as TypeRows, name),
    attribute: (type: number, name: string) => attributeRows(typeAt(type), name),
    known: (entity: number, now: number) => isKnown(rows, entity, now),
    isWithin: (entity: number, container: number, now: number) => isWithin(rows, entity, container, now),
    isWithinAny: (entity: number, sorted: Int32Array, from: number, to: number, now: number) =>
      isWithinAny(rows, entity, sorted, from, to, now),
    containers: containersReader(rows),
  }
  return {
    // First, and not for brevity: an object that begins with a getter is a dictionary to V8, and slow to read.
    ...table,
    get expiring() {
      return counters.cells[expiring] ?? 0
    },
  }
}

/**
 * Nobody else had the number of a pinned entity at the moment that the rows are at.
 *
 * @throws RangeError where somebody had: the moment is older than the policy that the pins are for
 */
export function checkPins({ pins, ids }: Rows): void {
  for (const [number, key] of pins) {
    const then = ids.lasting.keyOf(number) ?? key
    if (then !== key || (ids.get(key) ?? number) !== number)
      throw new RangeError('a snapshot from before the policy was compiled')
  }
}
