import { anonymous } from '../value/entity.ts'
import type { Entity, Value } from '../value/value.ts'
import { listOf, type Node, newNode, viewOf } from './memory-node.ts'
import { mentionsBy, newSnapshot, type Snapshot } from './memory-snapshot.ts'
import {
  allFacts,
  append,
  isEmpty,
  noFacts,
  ownList,
  type RelationList,
  relationList,
  sameTerms,
  takeOut,
  withSubject,
} from './relation-list.ts'
import { type Fact, globalObject } from './store.ts'
import { subjectKey } from './subject.ts'

/** Entities and the facts between them, which snapshots can be taken of. Checks nothing: the door has. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>
  snapshot(): Snapshot
  revision(): number
  facts(object: Entity | undefined, relation: string): readonly Fact[]
  /** Those with this subject, by its key. */
  about(object: Entity | undefined, relation: string, subject: string): readonly Fact[]
  /** Without an object: of a global role. A fact that is there already changes nothing. */
  add(object: Entity | undefined, relation: string, fact: Fact): void
  remove(object: Entity | undefined, relation: string, gone: readonly Fact[]): void
  setAttributes(entity: Entity, attributes: ReadonlyMap<string, Value>): void
  drop(entity: Entity): void
}

export function newGraph(): Graph {
  const nodes = new Map<string, Node>()
  const byType = new Map<string, Set<Node>>()
  let latest: Snapshot | undefined
  let takenAt = -1
  let epoch = 0
  let revision = 0

  /** The node, ready to be written to: what the latest snapshot sees of it is kept aside first. */
  function writable(entity: Entity, found = nodes.get(entity.key)): Node {
    if (found?.epoch === epoch) return found
    if (latest !== undefined && !latest.undo.has(entity.key)) latest.undo.set(entity.key, found && viewOf(found))
    if (found !== undefined) {
      found.epoch = epoch
      return found
    }
    const node = newNode(entity, epoch)
    nodes.set(entity.key, node)
    return node
  }

  function writableList(node: Node, relation: string): RelationList {
    const list = listOf(node, relation)
    if (list?.epoch === epoch) return list
    const own = list === undefined ? relationList(relation, epoch) : ownList(list, epoch)
    // Always a new array: the old one may be in a snapshot, and is short.
    node.relations = node.relations.filter((other) => other !== list).concat(own)
    return own
  }

  function written(node: Node): void {
    const { entity } = node
    const alive = node.recorded || node.mentions > 0 || node.relations.length > 0
    if (!alive) nodes.delete(entity.key)
    const known = alive && entity !== anonymous
    if (known === node.known) return
    node.known = known
    const sameType = byType.get(entity.type) ?? new Set()
    if (known) sameType.add(node)
    else sameType.delete(node)
    byType.set(entity.type, sameType)
  }

  /** Counts a mention; one more of an entity that is known already changes nothing that a snapshot sees. */
  function mention(entity: Entity, object: Node, lasting: boolean): Node {
    const found = nodes.get(entity.key)
    const node = found?.known && (found.lasting > 0 || !lasting) ? found : writable(entity, found)
    node.mentions += 1
    if (lasting) node.lasting += 1
    if (node.mentionedBy === undefined) node.mentionedBy = [object]
    else if (node.mentionedBy.at(-1) !== object) node.mentionedBy.push(object)
    if (!node.known) written(node)
    return node
  }

  function unmention(entity: Entity, lasting: boolean): void {
    const found = nodes.get(entity.key)
    if (found === undefined) return
    const node = found.mentions === 1 || (lasting && found.lasting === 1) ? writable(entity, found) : found
    node.mentions -= 1
    if (lasting) node.lasting -= 1
    const { mentionedBy = [] } = node
    if (mentionedBy.length > 64 && mentionedBy.length > 4 * node.mentions) {
      node.mentionedBy = [...new Set(mentionedBy)].filter((object) => mentionsBy(object, entity.key).length > 0)
    }
    written(node)
  }

  function add(object: Entity | undefined, relation: string, fact: Fact): void {
    const found = nodes.get(object?.key ?? globalObject)
    const there = listOf(found, relation)
    if (there !== undefined) {
      for (const same of withSubject(there, subjectKey(fact.subject))) if (sameTerms(same, fact)) return
    }
    const node = writable(object ?? anonymous, found)
    const own =
      fact.subject.kind === 'any' ? fact : shared(fact, mention(fact.subject.entity, node, fact.until === undefined))
    append(writableList(node, relation), own)
    if (!node.known) written(node)
    revision += 1
  }

  function remove(object: Entity | undefined, relation: string, gone: readonly Fact[]): void {
    if (gone.length === 0) return
    const node = writable(object ?? anonymous)
    const list = writableList(node, relation)
    takeOut(list, gone)
    if (isEmpty(list)) node.relations = node.relations.filter((other) => other !== list)
    for (const { subject, until } of gone) if (subject.kind !== 'any') unmention(subject.entity, until === undefined)
    written(node)
    revision += 1
  }

  function setAttributes(entity: Entity, attributes: ReadonlyMap<string, Value>): void {
    const node = writable(entity)
    node.recorded = true
    node.attributes = attributes.size === 0 ? undefined : attributes
    written(node)
    revision += 1
  }

  function drop(entity: Entity): void {
    const found = nodes.get(entity.key)
    if (found === undefined) return
    for (const list of found.relations.slice()) remove(entity, list.name, allFacts(list))
    for (const object of new Set(found.mentionedBy ?? [])) {
      for (const { relation, fact } of mentionsBy(object, entity.key)) remove(objectOf(object), relation, [fact])
    }
    const node = writable(entity)
    node.recorded = false
    node.attributes = undefined
    written(node)
    revision += 1
  }

  return {
    nodes,
    revision: () => revision,
    snapshot: () => {
      if (latest !== undefined && takenAt === revision) return latest
      const snapshot = newSnapshot({ nodes, byType })
      if (latest !== undefined) latest.next = snapshot
      latest = snapshot
      takenAt = revision
      epoch += 1
      return snapshot
    },
    facts: (object, relation) => {
      const list = listOf(nodes.get(object?.key ?? globalObject), relation)
      return list === undefined ? noFacts : allFacts(list)
    },
    about: (object, relation, subject) => {
      const list = listOf(nodes.get(object?.key ?? globalObject), relation)
      return list === undefined ? noFacts : withSubject(list, subject)
    },
    add,
    remove,
    setAttributes,
    drop,
  }
}

function objectOf(node: Node): Entity | undefined {
  return node.entity === anonymous ? undefined : node.entity
}

/** A fact without terms is one object for all relations that its subject is in. */
function shared(fact: Fact, subject: Node): Fact {
  if (fact.subject.kind !== 'entity') return fact
  if (fact.until !== undefined || fact.when !== undefined) return fact
  subject.plain ??= { subject: { kind: 'entity', entity: subject.entity } }
  return subject.plain
}
