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
  /** It has been put, with or without attributes. */
  readonly recorded: boolean
  /** How many facts that never end have it in their subject. */
  readonly lasting: number
}

/** An entity as the store holds it now. A node that nothing mentions any more is dropped. */
export interface Node extends View {
  relations: readonly RelationList[]
  attributes: ReadonlyMap<string, Value> | undefined
  known: boolean
  recorded: boolean
  lasting: number
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
    lasting: 0,
    mentions: 0,
    mentionedBy: undefined,
    plain: undefined,
    epoch,
  }
}

export function viewOf({ entity, relations, attributes, known, recorded, lasting }: Node): View {
  return { entity, relations, attributes, known, recorded, lasting }
}

export function listOf(view: View | undefined, relation: string): RelationList | undefined {
  if (view === undefined) return undefined
  // A handful at most: faster than a Map, and a fifth of its size.
  for (const list of view.relations) if (list.name === relation) return list
  return undefined
}
