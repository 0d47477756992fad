import { checkFact } from '../door.ts'
import { sameCondition } from '../same-fact.ts'
import { secondSubject } from '../single-valued.ts'
import type { Fact } from '../store.ts'
import { changed, type Edit, nothing, refusal, tooMany } from './edit.ts'
import { addFact, codesAbout, type FactPlace, relationOf, takeOut } from './fact-rows.ts'
import { codesOf } from './lists.ts'
import type { RelationRows } from './relation-rows.ts'
import { isAdded, type Rows, setAdded } from './rows.ts'
import { factOf } from './view.ts'

export function addInput(rows: Rows, input: unknown): Edit {
  const { value, reasons } = checkFact(rows.schema, input)
  if (value === undefined) return refusal(reasons)
  const { object, relation: name, fact, single } = value
  const relation = relationOf(rows, object, name)
  const at = object === undefined ? 0 : rows.ids.get(object.key)
  const conflict = single && at !== undefined ? secondSubject(value, firstFact(rows, relation, at)) : []
  if (conflict.length > 0) return refusal(conflict)
  const place = addFact(rows, object, name, fact)
  if (place === undefined) return refusal([tooMany()])
  return place.isNew || addToo(rows, place) ? changed : nothing
}

export function removeInput(rows: Rows, input: unknown): Edit {
  const { value, reasons } = checkFact(rows.schema, input, 'removed')
  if (value === undefined) return refusal(reasons)
  const { object, relation: name, fact } = value
  const relation = relationOf(rows, object, name)
  const at = object === undefined ? 0 : rows.ids.get(object.key)
  if (at === undefined) return nothing
  const fixed = relation.fixed.get(at & rows.localMask)
  const gone = codesAbout(rows, relation, at, fact).filter(
    (code) => isAdded(rows, fixed?.get(code)) && isMeant(fact, factOf(rows, relation, code)),
  )
  for (const code of gone) takeOut(rows, relation, at, code)
  return gone.length > 0 ? changed : nothing
}

/** Terms that are not said are any. */
function isMeant({ until, when }: Fact, other: Fact): boolean {
  return (until === undefined || until === other.until) && (when === undefined || sameCondition({ when }, other))
}

function firstFact(rows: Rows, relation: RelationRows, object: number): Fact | undefined {
  const [code] = codesOf(rows.history, relation, object & rows.localMask)
  return code === undefined ? undefined : factOf(rows, relation, code)
}

/** A fact of the policy text has been added as well, and is dumped from now on; false where it had been before. */
export function addToo(rows: Rows, { relation, object, code }: FactPlace): boolean {
  const fixed = relation.fixed.get(object & rows.localMask)?.get(code)
  if (fixed === undefined || isAdded(rows, fixed)) return false
  setAdded(rows, fixed, true)
  return true
}
