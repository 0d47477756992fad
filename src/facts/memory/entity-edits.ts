import type { Entity, Value } from '../../value/value.ts'
import { type CheckedEntity, checkEntity } from '../entity-door.ts'
import { checkEntityName } from '../entity-name.ts'
import { changed, type Edit, nothing, refusal, tooMany } from './edit.ts'
import { conflictsWithAdded, conflictsWithFixed } from './entity-conflicts.ts'
import { addToo } from './fact-edits.ts'
import { addedCodes, addFact, relationOf, takeOut, typeNamed } from './fact-rows.ts'
import { codesOf } from './lists.ts'
import { numberOf, release } from './numbering.ts'
import { attributesOf, record, setAttributes, unrecord } from './record-writes.ts'
import { type Rows, setAdded, typeOf } from './rows.ts'

/** Sets what is given in place of what was. */
export function putInput(rows: Rows, input: unknown): Edit {
  const { value, reasons } = checkEntity(rows.schema, input)
  if (value === undefined) return refusal(reasons)
  const conflicts = conflictsWithFixed(rows, value)
  if (conflicts.length > 0) return refusal(conflicts)
  const entity = numberNow(rows, value.entity)
  if (entity === undefined) return refusal([tooMany()])
  record(rows, entity)
  writeAttributes(rows, entity, [...value.attributes])
  for (const name of value.relations.keys()) {
    const relation = relationOf(rows, value.entity, name)
    for (const code of addedCodes(rows, relation, entity)) takeOut(rows, relation, entity, code)
  }
  return addFacts(rows, value)
}

/** Adds what is given to what is there. */
export function loadInput(rows: Rows, input: unknown): Edit {
  const { value, reasons } = checkEntity(rows.schema, input)
  if (value === undefined) return refusal(reasons)
  const conflicts = [...conflictsWithAdded(rows, value), ...conflictsWithFixed(rows, value)]
  if (conflicts.length > 0) return refusal(conflicts)
  const entity = numberNow(rows, value.entity)
  if (entity === undefined) return refusal([tooMany()])
  record(rows, entity)
  const given = [...value.attributes].filter(([, one]) => one !== undefined)
  writeAttributes(rows, entity, given)
  return addFacts(rows, value)
}

/** Takes out whatever came through the interface about an entity, or mentions it. */
export function deleteInput(rows: Rows, input: unknown): Edit {
  const { value, reasons } = checkEntityName(rows.schema, input)
  if (value === undefined) return refusal(reasons)
  const entity = rows.ids.get(value.key)
  if (entity === undefined) return nothing
  const { relations, pointing } = typeOf(rows, entity)
  for (const relation of relations.values())
    for (const code of addedCodes(rows, relation, entity)) takeOut(rows, relation, entity, code)
  for (const { relation, lists } of pointing) {
    for (const code of codesOf(rows.history, lists, entity & rows.localMask)) {
      const object = code < 0 ? relation.terms[~code]?.object : code
      if (object !== undefined) takeOut(rows, relation, object, code < 0 ? code : entity)
    }
  }
  writeAttributes(
    rows,
    entity,
    [...attributesOf(rows, entity)].map(([name]) => [name, undefined]),
  )
  unrecord(rows, entity)
  release(rows, entity)
  return changed
}

function numberNow(rows: Rows, { type, key }: Entity): number | undefined {
  return numberOf(rows, typeNamed(rows, type), key)
}

/** What the policy text says already stays as it says it. */
function writeAttributes(
  rows: Rows,
  entity: number,
  given: readonly (readonly [name: string, value: Value | undefined])[],
): void {
  const fixed = rows.fixedAttributes.get(entity)
  for (const [name, value] of given) {
    const number = fixed?.get(name)
    if (number !== undefined) setAdded(rows, number, value)
  }
  setAttributes(rows, entity, fixed === undefined ? given : given.filter(([name]) => !fixed.has(name)))
}

function addFacts(rows: Rows, { entity, relations }: CheckedEntity): Edit {
  for (const [name, facts] of relations) {
    for (const fact of facts) {
      const place = addFact(rows, entity, name, fact)
      if (place === undefined) return { changed: true, reasons: [tooMany()] }
      if (!place.isNew) addToo(rows, place)
    }
  }
  return changed
}
