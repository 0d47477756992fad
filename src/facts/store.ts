import type { Entity, EvaluationError, Value } from '../value/value.ts'

/** A relationship as the store keeps it, checked against the schema. */
export interface Fact {
  readonly subject: Subject
  /** Milliseconds since the epoch; absent from that instant on. */
  readonly until?: number
  readonly when?: { readonly let: string; readonly args: ReadonlyMap<string, Value> }
}

export type Subject =
  | { readonly kind: 'entity'; readonly entity: Entity }
  | { readonly kind: 'holders'; readonly entity: Entity; readonly role: string }
  | { readonly kind: 'any'; readonly type: string }

/** The relation under which containment is stored: reserved words are no names, so no role or field has it. */
export const containment = 'in'

/** Under which the facts of global roles are stored: no entity key is empty. */
export const globalObject = ''

/** One consistent view of facts, for one evaluation. Keys are `Entity.key`, or `globalObject`. */
export interface Facts {
  /**
   * A record or any fact mentions the entity, as object or subject. With a time, only facts that are in force then count; infinity
   * leaves those that never end.
   */
  known(key: string, now?: number): boolean
  /** Facts of a role, of a field of entity type, or of containment; expired ones included, the caller minds `now`. */
  facts(key: string, relation: string): readonly Fact[]
  /** Those of `facts(key, relation)` whose subject is exactly this entity, found without a visit to the others. */
  direct(key: string, relation: string, subject: string): readonly Fact[]
  /** Those of `facts(key, relation)` whose subject is no plain entity: `any T`, and the holders of a role. */
  indirect(key: string, relation: string): readonly Fact[]
  /**
   * The way from subjects to objects: every fact whose subject is the entity of this key or the holders of a role of it, or, of `*T`,
   * everyone of the type T. With a relation, only its facts; with a type, only those about objects of it, without a visit to the others.
   */
  mentions(subject: string, relation?: string, type?: string): Iterable<Mention>
  /** The value of a field that is no relation, undefined where it is not set; an error where it is of the wrong kind. */
  attribute(key: string, name: string): Value | EvaluationError | undefined
  /** Every entity of a type that a record or fact mentions, in no order. */
  entities(type: string): Iterable<Entity>
}

/** A fact with what it is stored under: an entity's key, or `globalObject`. */
export interface Mention {
  readonly object: string
  readonly relation: string
  readonly fact: Fact
}

/** Where facts live. `snapshot` is what evaluations read; a write is seen only by snapshots taken after it. */
export interface FactStore {
  snapshot(): Facts
  /** Grows with every change. */
  readonly revision: number
}
