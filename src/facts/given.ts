import type { Entity, EvaluationError, Value } from '../value/value.ts'
import type { Layer } from './layers.ts'
import type { Fact } from './store.ts'

/** What a request brings, checked, for a store to lay over what it has. */
export interface Given {
  readonly records: readonly GivenRecord[]
  readonly facts: readonly GivenFact[]
}

/** Of an entity, what stands in place of what is stored; undefined: nothing does. */
export interface GivenRecord {
  readonly entity: Entity
  readonly attributes: readonly (readonly [name: string, value: Value | EvaluationError | undefined])[]
  /** Names of fields of entity type, or `in`; what they hold is among the facts. */
  readonly relations: readonly string[]
}

/** Without an object: of a global role. */
export interface GivenFact {
  readonly object: Entity | undefined
  readonly relation: string
  readonly fact: Fact
}

/** Facts of one request, as a layer over others and as what was given. */
export interface GivenLayer extends Layer {
  /** Reads the attributes, which may call what the caller made: getters and proxies. */
  given(): Given
}
