import { didYouMean } from '../base/suggest.ts'
import { isPlainObject, ownMembers } from '../value/plain-object.ts'
import { instantOf } from '../value/time.ts'
import type { Entity } from '../value/value.ts'
import { checkCondition } from './carried-condition.ts'
import { checkName, shown } from './entity-name.ts'
import { type Checked, refused } from './reason.ts'
import { contextProblem, findRelation, relationProblem } from './relation.ts'
import type { FactSchema } from './schema.ts'
import type { Fact, Subject } from './store.ts'
import { checkSubject } from './subject.ts'

/** A fact that the schema allows; of a global role, without an object. */
export interface CheckedFact {
  readonly object: Entity | undefined
  readonly relation: string
  readonly fact: Fact
  /** The relation holds at most one entity. */
  readonly single: boolean
}

const keys: readonly string[] = ['object', 'relation', 'subject', 'until', 'when']

/** `contextual`: it came with a request, which only relations declared so may; `removed`: it is to be taken out. */
export type FactUse = 'stored' | 'contextual' | 'removed'

/** Lets a fact in that the schema allows, and no other. Looks at nothing but the fact itself, never throws. */
export function checkFact(schema: FactSchema, input: unknown, use: FactUse = 'stored'): Checked<CheckedFact> {
  try {
    return checkParts(schema, input, use)
  } catch {
    return refused('bad-fact', 'a fact that cannot be read')
  }
}

function checkParts(schema: FactSchema, input: unknown, use: FactUse): Checked<CheckedFact> {
  if (!isPlainObject(input)) return refused('bad-fact', 'a fact is an object with `object`, `relation` and `subject`')
  // A misspelt `until` would otherwise make a fact that never given.
  const stray = Object.keys(input).find((key) => !keys.includes(key))
  if (stray !== undefined)
    return refused('bad-fact', `a fact has no ${shown(stray)}`, undefined, didYouMean(stray, keys))
  const given = ownMembers(input, keys)
  const { relation, until, when } = given
  if (typeof relation !== 'string') return refused('bad-fact', 'a fact needs a relation', 'relation')
  const object = given.object === undefined ? undefined : checkName(schema, given.object, 'object')
  if (object?.reasons !== undefined) return object
  const subject = checkSubject(schema, given.subject, 'subject')
  if (subject.reasons !== undefined) return subject
  const end = until === undefined || until === null ? undefined : instantOf(until)
  if (end === undefined && until !== undefined && until !== null) {
    return refused(
      'bad-fact',
      '`until` is a Date, RFC 3339 text with an offset, or milliseconds',
      'until',
      'such as `2027-01-01T00:00:00Z`',
    )
  }
  const condition = when === undefined || when === null ? undefined : checkCondition(schema, when)
  if (condition?.reasons !== undefined) return condition
  const fact = factOf(subject.value, end, condition?.value)
  const found = findRelation(schema, object?.value, relation)
  if (found.reasons !== undefined) return found
  const problem =
    use === 'removed' ? undefined : (relationProblem(found.value, fact) ?? contextProblem(found.value, relation, use))
  if (problem !== undefined) return { reasons: [problem] }
  const single = found.value.kind === 'field' && found.value.field.relation?.many === false
  return { value: { object: object?.value, relation, fact, single } }
}

/** A fact without terms has no fields for them: there are many of it. */
function factOf(subject: Subject, until: number | undefined, when: Fact['when']): Fact {
  if (until === undefined) return when === undefined ? { subject } : { subject, when }
  return when === undefined ? { subject, until } : { subject, until, when }
}
