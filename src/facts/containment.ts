import type { Entity } from '../value/value.ts'
import { containment, type Facts } from './store.ts'

export interface Containers {
  /** The entity itself and everything that it is in, directly or not, by key. */
  readonly entities: ReadonlyMap<string, Entity>
  /** From when on it is no longer so: the first expiry of a fact that was used, in milliseconds since the epoch. */
  readonly validUntil?: number
}

/** The reflexive, transitive closure of containment, upwards from an entity, at a moment; cycles do no harm. */
export function containers(facts: Facts, entity: Entity, now: number): Containers {
  const found = new Map([[entity.key, entity]])
  let validUntil = Number.POSITIVE_INFINITY
  // A Map hands out what is added while it is walked, each key once.
  for (const key of found.keys()) {
    for (const { subject, until } of facts.facts(key, containment)) {
      if (subject.kind !== 'entity' || (until !== undefined && until <= now)) continue
      if (until !== undefined) validUntil = Math.min(validUntil, until)
      if (!found.has(subject.entity.key)) found.set(subject.entity.key, subject.entity)
    }
  }
  return validUntil === Number.POSITIVE_INFINITY ? { entities: found } : { entities: found, validUntil }
}
