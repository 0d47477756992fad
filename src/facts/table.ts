import type { EvaluationError, Value } from '../value/value.ts'
import type { Fact } from './store.ts'

/**
 * An entity in a decision: its number where the table has one, else its key `Type:id`; '' is the anonymous actor. Ids from
 * requests never get numbers that outlive the request.
 */
export type Ent = number | string

/**
 * Live, mutable, read directly by emitted code. All arrays of a type are always at least as long as the type has entities, so that an
 * index of a numbered entity is in bounds. Arrays are replaced when they grow: read them through the object each time.
 */
export interface Table {
  readonly localBits: number
  readonly localMask: number
  readonly ids: ReadonlyMap<string, number>
  keyOf(entity: number): string
  typeNumber(name: string): number | undefined
  pin(key: string): number
  relation(type: number, name: string): Relation
  globalRelation(name: string): Relation
  attribute(type: number, name: string): Attribute
  readonly types: readonly TypeTable[]
  readonly expiring: number
  known(entity: number, now: number): boolean
  isWithin(entity: number, container: number, now: number): boolean
}

export interface TypeTable {
  readonly name: string
  readonly certain: Uint8Array
}

export interface Attribute {
  readonly values: readonly (Value | EvaluationError | undefined)[]
}

export interface Relation {
  readonly head: Int32Array
  readonly pool: Int32Array
  readonly terms: readonly (TermFact | undefined)[]
}

export interface TermFact {
  readonly kind: 'entity' | 'holders' | 'any'
  readonly entity: number
  readonly role: string
  readonly type: number
  readonly until: number
  readonly when: Fact['when']
}
