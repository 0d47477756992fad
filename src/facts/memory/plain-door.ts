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
  const { lasting } = rows.ids
  /** Facts often come object by object. */
  const last: Last = { key: '', number: -1, removals: 0 }
  return (input) => {
    let object: unknown
    let relation: unknown
    let subject: unknown
    try {
      if (typeof input !== 'object' || input === null) return 'other-door'
      if (Object.getPrototypeOf(input) !== Object.prototype) return 'other-door'
      // Also finds what somebody has added to all objects.
      for (const name in input) if (name !== 'object' && name !== 'relation' && name !== 'subject') return 'other-door'
      const parts = input as { readonly [part in 'object' | 'relation' | 'subject']: unknown }
      object = parts.object
      relation = parts.relation
      subject = parts.subject
    } catch {
      return 'other-door'
    }
    if (typeof object !== 'string' || typeof relation !== 'string' || typeof subject !== 'string') return 'other-door'
    const isLast = object === last.key && last.removals === lasting.removals
    return take(rows, object, isLast ? last.number : lasting.get(object), relation, subject, last)
  }
}

/** The object of the fact before. */
interface Last {
  key: string
  number: number
  removals: number
}

function take(
  rows: Rows,
  object: string,
  known: number | undefined,
  name: string,
  subject: string,
  last: Last,
): Passage {
  const { types, ids, localBits, localMask } = rows
  // What has a number is well-formed.
  const of = known === undefined ? wellFormed(rows, object) : types[known >>> localBits]
  const relation = of === undefined ? undefined : (of.relations.get(name) ?? declaredRelation(rows, of, name))
  if (of === undefined || relation === undefined) return 'other-door'
  let who = ids.lasting.get(subject)
  const whose = who === undefined ? wellFormed(rows, subject) : types[who >>> localBits]
  const reverse = whose === undefined ? undefined : relation.takes.get(whose.number)
  if (whose === undefined || reverse === undefined) return 'other-door'
  if (relation.single && known !== undefined && relation.head[known & localMask] !== 0) return 'other-door'
  const at = known ?? newNumber(rows, of, object)
  // An entity may be related to itself.
  who ??= subject === object ? at : newNumber(rows, whose, subject)
  if (at === undefined || who === undefined) return 'other-door'
  if (object !== last.key) {
    last.key = object
    last.number = at
    last.removals = ids.lasting.removals
  }
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
