import type { Entity } from '../../value/value.ts'
import { sameCondition } from '../same-fact.ts'
import type { Fact } from '../store.ts'
import { addPlain, addTerm, removeFact } from './fact-writes.ts'
import { codesOf, has, insert } from './lists.ts'
import { numberOf, release } from './numbering.ts'
import { type RelationRows, relationRows, reverseLists } from './relation-rows.ts'
import { isAdded, type Rows, setAdded, typeOf } from './rows.ts'
import { isPlain, numberedSubject, termOf, termsAbout } from './terms.ts'
import type { TypeRows } from './type-rows.ts'

/** A fact where it is kept. */
export interface FactPlace {
  readonly relation: RelationRows
  readonly object: number
  readonly code: number
  /** It was not there before. */
  readonly isNew: boolean
}

/** The rows of a relation of an entity; without one, of a global role. */
export function relationOf(rows: Rows, object: Entity | undefined, name: string): RelationRows {
  return relationRows(rows, typeNamed(rows, object?.type ?? ''), name)
}

export function typeNamed({ byName }: Rows, name: string): TypeRows {
  const type = byName.get(name)
  if (type === undefined) throw new RangeError('an entity of no type')
  return type
}

/** Puts a fact in, with all that it mentions; undefined where there are no numbers left for that. */
export function addFact(rows: Rows, object: Entity | undefined, name: string, fact: Fact): FactPlace | undefined {
  const relation = relationOf(rows, object, name)
  const at = object === undefined ? 0 : numberOf(rows, relation.of, object.key)
  if (at === undefined) return undefined
  const subject = subjectNumber(rows, fact)
  if (subject === undefined) {
    release(rows, at)
    return undefined
  }
  if (isPlain(fact)) {
    const isNew = addPlain(rows, relation, reverseLists(relation, typeOf(rows, subject)), at, subject, insert)
    return { relation, object: at, code: subject, isNew }
  }
  const numbered = numberedSubject(rows, fact.subject, subject)
  const term = termOf(numbered, at, fact)
  for (const index of termsAbout(rows, relation, at, numbered)) {
    const other = relation.terms[index]
    if (other !== undefined && other.until === term.until && sameCondition(other, term))
      return { relation, object: at, code: ~index, isNew: false }
  }
  return { relation, object: at, code: addTerm(rows, relation, term), isNew: true }
}

/** -1 of `any`. */
function subjectNumber(rows: Rows, { subject }: Fact): number | undefined {
  return subject.kind === 'any' ? -1 : numberOf(rows, typeNamed(rows, subject.entity.type), subject.entity.key)
}

/** The codes of the facts about an object and a subject, whatever their terms. */
export function codesAbout(rows: Rows, relation: RelationRows, object: number, { subject }: Fact): readonly number[] {
  const number = subject.kind === 'any' ? -1 : rows.ids.get(subject.entity.key)
  if (number === undefined) return []
  const terms = termsAbout(rows, relation, object, numberedSubject(rows, subject, number)).map((index) => ~index)
  const plain = subject.kind === 'entity' && has(rows.history, relation, object & rows.localMask, number)
  return plain ? [...terms, number] : terms
}

/** The facts of an object that came through the interface. */
export function addedCodes(rows: Rows, relation: RelationRows, object: number): readonly number[] {
  const local = object & rows.localMask
  const codes = Array.from(codesOf(rows.history, relation, local))
  const fixed = relation.fixed.get(local)
  return fixed === undefined ? codes : codes.filter((code) => isAdded(rows, fixed.get(code)))
}

/** Takes a fact out as far as it came through the interface: what the policy text says as well stays. */
export function takeOut(rows: Rows, relation: RelationRows, object: number, code: number): void {
  const fixed = relation.fixed.get(object & rows.localMask)?.get(code)
  if (fixed === undefined) removeFact(rows, relation, object, code)
  else setAdded(rows, fixed, undefined)
}
