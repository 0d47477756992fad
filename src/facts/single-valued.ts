import type { CheckedFact } from './door.ts'
import type { Graph } from './memory-graph.ts'
import { type Reason, reason } from './reason.ts'
import { type Facts, globalObject } from './store.ts'
import { subjectKey } from './subject.ts'

/** Why a relation that holds one entity cannot take this one: it has another already, expired or not, here or in `fixed`. */
export function secondSubject(
  graph: Graph,
  { object, relation, fact, single }: CheckedFact,
  fixed?: Facts,
): readonly Reason[] {
  if (!single) return []
  const other = graph.facts(object, relation)[0] ?? fixed?.facts(object?.key ?? globalObject, relation)[0]
  if (other === undefined || subjectKey(other.subject) === subjectKey(fact.subject)) return []
  const message = `\`${relation}\` holds one entity, and has another already`
  return [reason('conflicting-fact', message, 'subject', 'remove that one first')]
}
