import { idProblem } from '../../value/entity.ts'
import { containment } from '../store.ts'
import { insertLater } from './backlog.ts'
import { addPlain } from './fact-writes.ts'
import { newNumber } from './numbering.ts'
import { type RelationRows, relationRows } from './relation-rows.ts'
import type { Rows } from './rows.ts'
import type { TypeRows } from './type-rows.ts'

/** What came of an input at this door: taken, there already, or for the other one to look at. */
export type Passage = 'added' | 'there' | 'other-door'

/**
 * The way in for facts that are nothing but two entities by name, which there are millions of: all that `checkFact` checks, without
 * making anything. What is unusual in any way is sent to the other door, which lets in the same and says why not.
 */
export function plainDoor(rows: Rows): (input: unknown) => Passage {
  const parts: Parts = { object: '', relation: '', subject: '' }
  return (input) => (read(input, parts) ? take(rows, parts) : 'other-door')
}

/** One and the same for all inputs. */
interface Parts {
  object: string
  relation: string
  subject: string
}

function read(input: unknown, parts: Parts): boolean {
  try {
    if (typeof input !== 'object' || input === null || Object.getPrototypeOf(input) !== Object.prototype) return false
    // Also finds what somebody has added to all objects.
    for (const name in input) if (name !== 'object' && name !== 'relation' && name !== 'subject') return false
    const { object, relation, subject } = input as { [part in keyof Parts]: unknown }
    if (typeof object !== 'string' || typeof relation !== 'string' || typeof subject !== 'string') return false
    parts.object = object
    parts.relation = relation
    parts.subject = subject
    return true
  } catch {
    return false
  }
}

function take(rows: Rows, { object, relation: name, subject }: Parts): Passage {
  const { types, ids, localBits, localMask } = rows
  // What has a number is well-formed.
  let at = ids.lasting.get(object)
  const of = at === undefined ? wellFormed(rows, object) : types[at >>> localBits]
  const relation = of === undefined ? undefined : (of.relations.get(name) ?? declaredRelation(rows, of, name))
  if (of === undefined || relation === undefined) return 'other-door'
  let who = ids.lasting.get(subject)
  const whose = who === undefined ? wellFormed(rows, subject) : types[who >>> localBits]
  const reverse = whose === undefined ? undefined : relation.takes.get(whose.number)
  if (whose === undefined || reverse === undefined) return 'other-door'
  if (relation.single && at !== undefined && relation.head[at & localMask] !== 0) return 'other-door'
  at ??= newNumber(rows, of, object)
  // An entity may be related to itself.
  who ??= subject === object ? at : newNumber(rows, whose, subject)
  if (at === undefined || who === undefined) return 'other-door'
  if (addPlain(rows, relation, reverse, at, who, insertLater)) return 'added'
  return relation.fixed.size === 0 ? 'there' : 'other-door'
}

/** The type of an entity that has no number yet, if its name is one. */
function wellFormed({ byName }: Rows, key: string): TypeRows | undefined {
  const colon = key.indexOf(':')
  if (colon <= 0 || idProblem(key.slice(colon + 1)) !== undefined) return undefined
  return byName.get(key.slice(0, colon))
}

function declaredRelation(rows: Rows, of: TypeRows, name: string): RelationRows | undefined {
  const isRelation = of.schema?.fields.get(name)?.relation !== undefined || of.schema?.roles.has(name) === true
  return isRelation || name === containment ? relationRows(rows, of, name) : undefined
}
