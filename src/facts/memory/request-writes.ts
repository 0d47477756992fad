import type { Entity } from '../../value/value.ts'
import type { Given } from '../given.ts'
import { setInt } from './column.ts'
import { addFact, typeNamed } from './fact-rows.ts'
import { numberOf } from './numbering.ts'
import { record, setAttributes } from './record-writes.ts'
import { relationRows } from './relation-rows.ts'
import { containmentChanged, type Rows, typeOf } from './rows.ts'

/**
 * Writes what one layer of a request says over what is there.
 *
 * @throws RangeError when there are no numbers left for its entities
 */
export function writeGiven(rows: Rows, { records, facts }: Given): void {
  for (const { entity, attributes, relations } of records) {
    const number = ownNumber(rows, entity)
    const type = typeOf(rows, number)
    record(rows, number)
    // Of the other names that an `open` type admits, the policy reads none.
    setAttributes(
      rows,
      number,
      attributes.filter(([name]) => type.schema?.fields.has(name) || type.attributes.has(name)),
    )
    for (const name of relations) {
      const relation = relationRows(rows, type, name)
      setInt(rows.history, relation.heads, number & rows.localMask, 0)
      if (relation === type.containment) containmentChanged(rows)
    }
  }
  for (const { object, relation, fact } of facts) {
    if (addFact(rows, object, relation, fact) === undefined) throw noNumbers()
  }
}

function ownNumber(rows: Rows, entity: Entity): number {
  const number = numberOf(rows, typeNamed(rows, entity.type), entity.key)
  if (number === undefined) throw noNumbers()
  return number
}

function noNumbers(): RangeError {
  return new RangeError('more entities than numbers')
}
