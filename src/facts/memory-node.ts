import type { Entity, Value } from '../value/value.ts'
import type { RelationList } from './relation-list.ts'
import type { Fact } from './store.ts'

/** What a snapshot sees of an entity, or of the global roles. */
export interface View {
  readonly entity: Entity
  /** None of them empty. */
  readonly relations: readonly RelationList[]
  readonly attributes: ReadonlyMap<string, Value> | undefined
  readonly known: boolean
}

/** An entity as the store holds it now. A node that nothing mentions any more is dropped. */
export interface Node extends View {
  relations: readonly RelationList[]
  attributes: ReadonlyMap<string, Value> | undefined
  known: boolean
  /** It has been put, with or without attributes. */
  recorded: boolean
  /** How many facts have it in their subject. */
  mentions: number
  /** The objects of these facts, some of them several times, some no longer: to be checked when it is read. */
  mentionedBy: Node[] | undefined
  /** The fact with this entity as its subject and no terms, one object however many relations it is in. */
  plain: Fact | undefined
  /** Of the last snapshot that its present state cannot be seen from. */
  epoch: number
}

const noRelations: readonly RelationList[] = Object.freeze([])

export function newNode(entity: Entity, epoch: number): Node {
  return {
    entity,
    relations: noRelations,
    attributes: undefined,
    known: false,
    recorded: false,
    mentions: 0,
    mentionedBy: undefined,
    plain: undefined,
    epoch,
  }
}

export function viewOf({ entity, relations, attributes, known }: Node): View {
  return { entity, relations, attributes, known }
}

export function listOf(view: View | undefined, relation: string): RelationList | undefined {
  if (view === undefined) return undefined
  // A handful at most: faster than a Map, and a fifth of its size.
  for (const list of view.relations) if (list.name === relation) return list
  return undefined
}
