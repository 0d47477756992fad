import type { CheckedFact } from './door.ts'
import { type Reason, reason } from './reason.ts'
import type { Fact } from './store.ts'
import { subjectKey } from './subject.ts'

/** Why a relation that holds one entity cannot take this one: it has another already, expired or not. */
export function secondSubject(
  { relation, fact, single }: Pick<CheckedFact, 'relation' | 'fact' | 'single'>,
  other: Fact | undefined,
): readonly Reason[] {
  if (!single || other === undefined || subjectKey(other.subject) === subjectKey(fact.subject)) return []
  const message = `\`${relation}\` holds one entity, and has another already`
  return [reason('conflicting-fact', message, 'subject', 'remove that one first')]
}
