import { containment } from '../store.ts'
import type { TermFact } from '../table.ts'
import type { History } from './journal.ts'
import { insert, type Lists, take } from './lists.ts'
import { countExpiring, mention, mentionUntil, unmention, unmentionUntil } from './mentions.ts'
import { release } from './numbering.ts'
import { type RelationRows, reverseLists } from './relation-rows.ts'
import { containmentChanged, type Rows, typeOf } from './rows.ts'
import { dropTerm, keepTerm, subjectOf } from './terms.ts'

const never = Number.POSITIVE_INFINITY

/**
 * Adds a fact that is nothing but two entities; false where it is there already. `reverse`: the lists of the subject's type.
 * `putInto`: one of many facts finds its way into these later than one alone.
 */
export function addPlain(
  rows: Rows,
  relation: RelationRows,
  reverse: Lists,
  object: number,
  subject: number,
  putInto: (history: History, lists: Lists, local: number, code: number) => void,
): boolean {
  const { history, localMask } = rows
  if (!insert(history, relation, object & localMask, subject)) return false
  putInto(history, reverse, subject & localMask, object)
  if (object !== 0) mention(rows, object)
  mention(rows, subject)
  if (relation.name === containment) containmentChanged(rows)
  return true
}

/** Adds a fact with terms that is not there yet; the code that it gets. */
export function addTerm(rows: Rows, relation: RelationRows, term: TermFact): number {
  const { history, localMask } = rows
  const code = ~keepTerm(rows, relation, term)
  insert(history, relation, term.object & localMask, code)
  const subject = subjectOf(term)
  insert(history, reverseLists(relation, typeOf(rows, subject)), subject & localMask, code)
  for (const entity of mentionedBy(term)) {
    if (term.until === never) mention(rows, entity)
    else mentionUntil(rows, entity, term.until)
  }
  if (term.until !== never) countExpiring(rows, 1)
  if (relation.name === containment) containmentChanged(rows)
  return code
}

/** Takes a fact out that is there, and what nothing else mentions with it. */
export function removeFact(rows: Rows, relation: RelationRows, object: number, code: number): void {
  const { history, localMask } = rows
  const term = code < 0 ? relation.terms[~code] : undefined
  const subject = term === undefined ? code : subjectOf(term)
  take(history, relation, object & localMask, code)
  const back = term === undefined ? object : code
  take(history, reverseLists(relation, typeOf(rows, subject)), subject & localMask, back)
  if (relation.name === containment) containmentChanged(rows)
  const mentioned = term === undefined ? entities(object, subject) : mentionedBy(term)
  if (term !== undefined) dropTerm(rows, relation, ~code)
  if (term !== undefined && term.until !== never) {
    countExpiring(rows, -1)
    for (const entity of mentioned) unmentionUntil(rows, entity, term.until)
  } else for (const entity of mentioned) unmention(rows, entity)
  for (const entity of mentioned) release(rows, entity)
}

function mentionedBy({ object, entity }: TermFact): readonly number[] {
  return entities(object, entity)
}

/** Without the global object, and what is none; an entity in both places is mentioned twice. */
function entities(object: number, subject: number): readonly number[] {
  return [object, subject].filter((entity) => entity > 0)
}
