import type { Entity } from '../value/value.ts'
import { listOf, type Node, type View } from './memory-node.ts'
import { allFacts, noFacts, withSubject } from './relation-list.ts'
import type { Fact, Facts, Mention } from './store.ts'

/** The live state that snapshots look through to. */
export interface Live {
  readonly nodes: ReadonlyMap<string, Node>
  readonly byType: ReadonlyMap<string, ReadonlySet<Node>>
}

/**
 * A view of the store at one moment: the live state, but for what has been written since, of which the earlier state is
 * kept aside. A snapshot knows the next one and nothing knows the previous one, so that what nobody reads is collected.
 */
export interface Snapshot extends Facts {
  /** What entities were at this moment that have been written to before the next snapshot; undefined: not there. */
  readonly undo: Map<string, View | undefined>
  next: Snapshot | undefined
}

export function newSnapshot(live: Live): Snapshot {
  const undo = new Map<string, View | undefined>()

  /** Takes over what later snapshots kept aside, but for the latest, which may still be written to. */
  function catchUp(): void {
    while (snapshot.next?.next !== undefined) {
      for (const [key, view] of snapshot.next.undo) if (!undo.has(key)) undo.set(key, view)
      snapshot.next = snapshot.next.next
    }
  }

  function view(key: string): View | undefined {
    catchUp()
    if (undo.has(key)) return undo.get(key)
    if (snapshot.next?.undo.has(key)) return snapshot.next.undo.get(key)
    return live.nodes.get(key)
  }

  /** Everything that has been written to since. */
  function changed(): Map<string, View | undefined> {
    catchUp()
    return new Map([...(snapshot.next?.undo ?? []), ...undo])
  }

  function entities(type: string): Iterable<Entity> {
    const before = changed()
    const found: Entity[] = []
    for (const { entity } of live.byType.get(type) ?? []) if (!before.has(entity.key)) found.push(entity)
    for (const past of before.values()) if (past?.known && past.entity.type === type) found.push(past.entity)
    return found
  }

  function mentions(key: string): Iterable<Mention> {
    // What has been written to since may have mentioned it before.
    const objects = new Set(changed().keys())
    for (const node of live.nodes.get(key)?.mentionedBy ?? []) objects.add(node.entity.key)
    return [...objects].flatMap((object) => mentionsBy(view(object), key))
  }

  function known(key: string, now?: number): boolean {
    const seen = view(key)
    if (seen?.known !== true) return false
    if (now === undefined || seen.recorded || seen.lasting > 0) return true
    const holds = ({ until }: Fact) => until === undefined || now < until
    if (seen.relations.some((list) => allFacts(list).some(holds))) return true
    for (const { fact } of mentions(key)) if (holds(fact)) return true
    return false
  }

  const snapshot: Snapshot = {
    undo,
    next: undefined,
    known,
    facts: (key, relation) => {
      const list = listOf(view(key), relation)
      return list === undefined ? noFacts : allFacts(list)
    },
    direct: (key, relation, subject) => {
      const list = listOf(view(key), relation)
      return list === undefined ? noFacts : withSubject(list, subject)
    },
    indirect: (key, relation) => listOf(view(key), relation)?.indirect ?? noFacts,
    attribute: (key, name) => view(key)?.attributes?.get(name),
    entities,
    mentions,
  }
  return snapshot
}

/** The facts of an object that mention an entity as their subject, or the holders of a role of it. */
export function mentionsBy(object: View | undefined, key: string): Mention[] {
  return (object?.relations ?? []).flatMap((list) => {
    const holders = (list.indirect ?? []).filter(
      ({ subject }) => subject.kind === 'holders' && subject.entity.key === key,
    )
    const facts: readonly Fact[] = [...withSubject(list, key), ...holders]
    return facts.map((fact) => ({ object: object?.entity.key ?? '', relation: list.name, fact }))
  })
}
