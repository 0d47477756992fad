import { idProblem } from '../../value/entity.ts'
import { insertLater } from './backlog.ts'
import { addPlain } from './fact-writes.ts'
import { type Finder, find, newFinder, remember } from './finder.ts'
import { numberOf } from './numbering.ts'
import { relationRows } from './relation-rows.ts'
import type { Rows } from './rows.ts'
import type { TypeRows } from './type-rows.ts'

/** What came of an input at this door: taken, there already, or for the other one to look at. */
export type Passage = 'added' | 'there' | 'other-door'

/**
 * The way in for facts that are nothing but two entities by name, which there are millions of: all that `checkFact` checks, without
 * making anything. What is unusual in any way is sent to the other door, which lets in the same and says why not.
 */
export function plainDoor(rows: Rows): (input: unknown) => Passage {
  const objects = newFinder(rows)
  const subjects = newFinder(rows)
  return (input) => {
    try {
      return take(rows, objects, subjects, input)
    } catch {
      return 'other-door'
    }
  }
}

function take(rows: Rows, objects: Finder, subjects: Finder, input: unknown): Passage {
  if (typeof input !== 'object' || input === null || Object.getPrototypeOf(input) !== Object.prototype)
    return 'other-door'
  // Also finds what somebody has added to all objects.
  for (const name in input) if (name !== 'object' && name !== 'relation' && name !== 'subject') return 'other-door'
  const { object, relation: name, subject } = input as { object?: unknown; relation?: unknown; subject?: unknown }
  if (typeof object !== 'string' || typeof name !== 'string' || typeof subject !== 'string') return 'other-door'
  const { types, localBits, localMask } = rows
  // What has a number came through a door before.
  let at = find(objects, object)
  const of = at === undefined ? wellFormed(rows, object) : types[at >>> localBits]
  if (of === undefined) return 'other-door'
  const relation = of.relations.get(name) ?? declaredRelation(rows, of, name)
  if (relation === undefined) return 'other-door'
  let who = find(subjects, subject)
  const whose = who === undefined ? wellFormed(rows, subject) : types[who >>> localBits]
  const reverse = whose === undefined ? undefined : relation.takes.get(whose.number)
  if (whose === undefined || reverse === undefined) return 'other-door'
  if (relation.single && at !== undefined && relation.head[at & localMask] !== 0) return 'other-door'
  at ??= numbered(rows, objects, of, object)
  who ??= numbered(rows, subjects, whose, subject)
  if (at === undefined || who === undefined) return 'other-door'
  if (addPlain(rows, relation, reverse, at, who, insertLater)) return 'added'
  return relation.fixed.size === 0 ? 'there' : 'other-door'
}

function numbered(rows: Rows, finder: Finder, type: TypeRows, key: string): number | undefined {
  const number = numberOf(rows, type, key)
  if (number !== undefined) remember(finder, key, number)
  return number
}

/** The type of an entity that has no number yet, if its name is one. */
function wellFormed({ byName }: Rows, key: string): TypeRows | undefined {
  const colon = key.indexOf(':')
  if (colon <= 0 || idProblem(key.slice(colon + 1)) !== undefined) return undefined
  return byName.get(key.slice(0, colon))
}

function declaredRelation(rows: Rows, of: TypeRows, name: string) {
  const isRelation = of.schema?.fields.get(name)?.relation !== undefined || of.schema?.roles.has(name) === true
  return isRelation || name === 'in' ? relationRows(rows, of, name) : undefined
}
