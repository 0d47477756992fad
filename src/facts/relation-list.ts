import { equal } from '../value/equal.ts'
import type { Value } from '../value/value.ts'
import type { Fact } from './store.ts'
import { subjectKey } from './subject.ts'

/** Up to how many facts a list is an array of just that length, and is searched; beyond, it grows and has an index. */
const small = 16

/** How many facts a block holds: a write after a snapshot copies the open block and the list of blocks, no more. */
const blockSize = 1024

export const noFacts: readonly Fact[] = Object.freeze([])

/** The facts of one relation of one object. What snapshots hold is not written to: `epoch` tells whether they may. */
export interface RelationList {
  readonly name: string
  /** Full blocks, never written to, of a list that is long. */
  blocks: readonly (readonly Fact[])[] | undefined
  open: Fact[]
  indirect: readonly Fact[] | undefined
  /** By subject; only of the list that is written to, a copy takes it along. */
  index: Map<string, Fact | readonly Fact[]> | undefined
  /** All blocks as one array, where someone has asked for that. */
  whole: readonly Fact[] | undefined
  epoch: number
}

export function relationList(name: string, epoch: number): RelationList {
  return { name, blocks: undefined, open: [], indirect: undefined, index: undefined, whole: undefined, epoch }
}

/** A list of its own for a write; what snapshots hold stays as it is. */
export function ownList(list: RelationList, epoch: number): RelationList {
  const copy = { ...list, open: list.open.slice(), epoch }
  list.index = undefined
  return copy
}

export function allFacts(list: RelationList): readonly Fact[] {
  if (list.blocks === undefined) return list.open
  list.whole ??= [...list.blocks, list.open].flat()
  return list.whole
}

export function isEmpty(list: RelationList): boolean {
  return list.open.length === 0 && list.blocks === undefined
}

export function withSubject(list: RelationList, subject: string): readonly Fact[] {
  if (list.index !== undefined) {
    const found = list.index.get(subject)
    return found === undefined ? noFacts : isList(found) ? found : [found]
  }
  let found: Fact[] | undefined
  for (const fact of allFacts(list)) {
    if (subjectKey(fact.subject) !== subject) continue
    if (found === undefined) found = [fact]
    else found.push(fact)
  }
  return found ?? noFacts
}

/** Adds a fact that is not there yet. */
export function append(list: RelationList, fact: Fact): void {
  if (fact.subject.kind !== 'entity') list.indirect = [...(list.indirect ?? []), fact]
  list.whole = undefined
  if (list.open.length < small) {
    // An array that grows by `push`, or is spread, reserves room for sixteen more, and most lists are short.
    list.open = list.open.concat(fact)
  } else list.open.push(fact)
  if (list.index !== undefined) putIntoIndex(list.index, fact)
  else if (list.open.length > small) {
    list.index = new Map()
    for (const each of allFacts(list)) putIntoIndex(list.index, each)
  }
  if (list.open.length < blockSize) return
  list.blocks = [...(list.blocks ?? []), list.open]
  list.open = []
}

/** Takes facts out, those of the list that are these objects. */
export function takeOut(list: RelationList, gone: readonly Fact[]): void {
  const out = new Set(gone)
  const stays = (fact: Fact) => !out.has(fact)
  for (const key of list.index === undefined ? [] : new Set(gone.map(({ subject }) => subjectKey(subject)))) {
    const left = withSubject(list, key).filter(stays)
    if (left.length === 0) list.index?.delete(key)
    else list.index?.set(key, left)
  }
  list.whole = undefined
  list.open = list.open.filter(stays)
  list.indirect = list.indirect?.filter(stays)
  const blocks = list.blocks?.map((block) => (block.every(stays) ? block : block.filter(stays)))
  list.blocks = blocks?.some((block) => block.length > 0) ? blocks.filter((block) => block.length > 0) : undefined
}

function putIntoIndex(index: Map<string, Fact | readonly Fact[]>, fact: Fact): void {
  const key = subjectKey(fact.subject)
  const found = index.get(key)
  index.set(key, found === undefined ? fact : isList(found) ? [...found, fact] : [found, fact])
}

function isList(found: Fact | readonly Fact[]): found is readonly Fact[] {
  return Array.isArray(found)
}

/** Of two facts of one subject: the same expiry and the same condition. */
export function sameTerms(a: Fact, b: Fact): boolean {
  return a.until === b.until && sameCondition(a, b)
}

export function sameCondition(a: Fact, b: Fact): boolean {
  if (a.when === undefined || b.when === undefined) return a.when === b.when
  return a.when.let === b.when.let && equal(recordOf(a.when.args), recordOf(b.when.args)) === true
}

function recordOf(args: ReadonlyMap<string, Value>): Value {
  return { kind: 'record', raw: args, type: { kind: 'json' } }
}
