import type { EvaluationError, Value } from '../value/value.ts'
import type { Fact } from './store.ts'

/**
 * An entity in a decision: its number where the table has one, else its key `Type:id`; '' is the anonymous actor. Ids from
 * requests never get numbers that outlive the request.
 */
export type Ent = number | string

/**
 * The facts of a store as integers: live, mutable, read directly by emitted code, and only within `deciding`, `at` or `with` of the
 * store, which put in order what was written before. All arrays of a type are always at least as long as the type has entities, so
 * that an index of a numbered entity is in bounds. Arrays are replaced when they grow: read them through the object each time.
 */
export interface Table {
  /** A number is `type << localBits | local`: an integer of 31 bits, never negative. Type 0 is that of the global object and the anonymous actor; the others are numbered from 1 in the order of the program. */
  readonly localBits: number
  readonly localMask: number
  /** By key `Type:id`; without the anonymous actor. */
  readonly ids: Numbers
  /** Those of them that no request has brought: quicker to ask, and while `few` is true in `map` still more so. */
  readonly lasting: Pick<Numbers, 'get'> & { readonly few: boolean; readonly map: ReadonlyMap<string, number> }
  keyOf(entity: number): string
  typeNumber(name: string): number | undefined
  /**
   * A number for an entity that the policy's text names: it stays for good, whether anything is known of it or not.
   *
   * @throws RangeError for a type that the policy does not declare, or when its numbers are used up
   */
  pin(key: string): number
  /** Facts of a role, of a field of entity type, or of containment (`in`): the same object for ever. */
  relation(type: number, name: string): Relation
  /** Of a global role; its one object is local 0. */
  globalRelation(name: string): Relation
  /** The same object for ever. */
  attribute(type: number, name: string): Attribute
  /** By type number. */
  readonly types: readonly TypeTable[]
  /** How many facts end some day. 0: no need to look at the time. */
  readonly expiring: number
  /** A record, or a fact in force at `now`, mentions the entity. */
  known(entity: number, now: number): boolean
  /** Reflexive and transitive containment at a moment. No allocation once the entity's containers are remembered. */
  isWithin(entity: number, container: number, now: number): boolean
  /** One of `sorted[from]` up to `sorted[to - 1]`, entities in ascending order, is the entity or contains it. */
  isWithinAny(entity: number, sorted: Int32Array, from: number, to: number, now: number): boolean
  /** Everything that the entity is in, itself included. */
  containers(entity: number, now: number): Containers
}

/** Numbers by key. */
export interface Numbers extends Iterable<readonly [key: string, number: number]> {
  get(key: string): number | undefined
}

/** `list[from]` up to `list[to - 1]`, sorted ascending. One object for all answers, good until the next question. */
export interface Containers {
  readonly list: Int32Array
  readonly from: number
  readonly to: number
}

export interface TypeTable {
  readonly name: string
  /** 1: a record, or a fact that never ends, mentions it. By local, like everything below. */
  readonly certain: Uint8Array
}

export interface Attribute {
  /** Only a value that came with a request can be an error. */
  readonly values: readonly (Value | EvaluationError | undefined)[]
}

/** Lists of codes by entity. */
export interface Adjacency {
  /** 0: none; negative: `~code`, exactly one entity without terms; positive: where its block begins in `pool`. */
  readonly head: Int32Array
  /** Blocks: a length n, then n codes, ascending. A negative code is `~index` into `terms`, any other the number of an entity. */
  readonly pool: Int32Array
}

/** From objects to subjects, by local of the object. */
export interface Relation extends Adjacency {
  readonly name: string
  /** The facts that are more than a plain entity: those with an end or a condition, `any T`, and holders. */
  readonly terms: readonly (TermFact | undefined)[]
  /**
   * From subjects to objects: by the subject's type number, then by its local. While an entity of a request masks a stored field,
   * what is masked still stands here, so that a subject found this way has to be looked for in the object's own list.
   */
  readonly reverse: ReadonlyMap<number, Adjacency>
}

export interface TermFact {
  readonly kind: 'entity' | 'holders' | 'any'
  readonly object: number
  /** -1 for `any`. */
  readonly entity: number
  /** Of holders, else ''. */
  readonly role: string
  /** Of `any`, else -1. */
  readonly type: number
  /** Infinity: never ends. */
  readonly until: number
  readonly when: Fact['when']
}
