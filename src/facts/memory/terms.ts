import type { Fact, Subject } from '../store.ts'
import type { TermFact } from '../table.ts'
import { ensure, setCell } from './column.ts'
import { keepEnd } from './journal.ts'
import { type Lists, negativesOf, sizeOf } from './lists.ts'
import type { RelationRows } from './relation-rows.ts'
import type { Rows } from './rows.ts'

/** A subject as the table has it. */
export type NumberedSubject = Pick<TermFact, 'kind' | 'entity' | 'role' | 'type'>

export function isPlain(fact: Fact): boolean {
  return fact.subject.kind === 'entity' && fact.until === undefined && fact.when === undefined
}

/** `entity`: its number. */
export function numberedSubject(rows: Rows, subject: Subject, entity: number): NumberedSubject {
  switch (subject.kind) {
    case 'entity':
      return { kind: 'entity', entity, role: '', type: -1 }
    case 'holders':
      return { kind: 'holders', entity, role: subject.role, type: -1 }
    case 'any':
      return { kind: 'any', entity: -1, role: '', type: rows.byName.get(subject.type)?.number ?? -1 }
  }
}

/** Whom a term is found from: an entity, or everyone of a type, for whom an entity of the type 0 stands, with the type's number. */
export function subjectOf({ kind, entity, type }: NumberedSubject): number {
  return kind === 'any' ? type : entity
}

export function termOf(subject: NumberedSubject, object: number, { until, when }: Fact): TermFact {
  return { ...subject, object, until: until ?? Number.POSITIVE_INFINITY, when }
}

/** Where a term is kept from now on. */
export function keepTerm({ history }: Rows, relation: RelationRows, term: TermFact): number {
  const { journal } = history
  if (journal?.passing) keepEnd(journal, relation.termEnd)
  const freed = journal?.passing ? undefined : relation.freedTerms.pop()
  const index = freed ?? relation.termEnd.end++
  ensure(relation.termColumn, relation.termEnd.end)
  setCell(history, relation.termColumn, index, term)
  return index
}

export function dropTerm({ history }: Rows, relation: RelationRows, index: number): void {
  setCell(history, relation.termColumn, index, undefined)
  relation.freedTerms.push(index)
}

/** Every fact with terms in a list of a relation's, by object or by subject. */
export function eachTerm(
  { history }: Rows,
  relation: RelationRows,
  lists: Lists,
  local: number,
  visit: (term: TermFact, index: number) => void,
): void {
  for (const code of negativesOf(history, lists, local)) {
    const term = relation.terms[~code]
    if (term !== undefined) visit(term, ~code)
  }
}

/** The places of the facts with terms about an object and a subject. */
export function termsAbout(rows: Rows, relation: RelationRows, object: number, subject: NumberedSubject): number[] {
  const found: number[] = []
  const { lists, local } = shorter(rows, relation, object, subject.entity)
  eachTerm(rows, relation, lists, local, (term, index) => {
    if (term.object === object && sameSubject(term, subject)) found.push(index)
  })
  return found
}

/** A fact is in two lists, of which one can be very long. */
function shorter(
  { history, types, localBits, localMask }: Rows,
  relation: RelationRows,
  object: number,
  subject: number,
): { readonly lists: Lists; readonly local: number } {
  const type = subject === -1 ? undefined : types[subject >>> localBits]
  const reverse = type === undefined ? undefined : relation.reverse.get(type.number)
  const byObject = { lists: relation, local: object & localMask }
  if (reverse === undefined) return byObject
  const bySubject = { lists: reverse, local: subject & localMask }
  return sizeOf(history, reverse, bySubject.local) < sizeOf(history, relation, byObject.local) ? bySubject : byObject
}

function sameSubject(a: NumberedSubject, b: NumberedSubject): boolean {
  return a.kind === b.kind && a.entity === b.entity && a.role === b.role && a.type === b.type
}
