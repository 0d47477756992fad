import type { EntityInput, EntityName, FactInput } from '../../index.ts'

/** Entities by their type, each as `Type:id`: all that records and facts mention. */
export type Entities = ReadonlyMap<string, ReadonlySet<string>>

export function entitiesIn(facts: Iterable<FactInput | EntityInput>): Entities {
  const entities = new Map<string, Set<string>>()
  const mention = (name: EntityName) => {
    const key = keyOf(name)
    const type = typeOf(key)
    const ids = entities.get(type)
    if (ids === undefined) entities.set(type, new Set([key]))
    else ids.add(key)
  }
  for (const fact of facts) {
    if ('type' in fact) {
      mention(fact as EntityInput)
      continue
    }
    const { object, subject } = fact as FactInput
    if (object !== undefined) mention(object)
    if (typeof subject === 'string' || 'id' in subject) mention(subject)
    else if ('entity' in subject) mention(subject.entity)
  }
  return entities
}

function keyOf(name: EntityName): string {
  return typeof name === 'string' ? name : `${name.type}:${name.id}`
}

export function typeOf(entity: string): string {
  return entity.slice(0, entity.indexOf(':'))
}

/** An entity of the type that no fact mentions: what holds of it holds of everyone of the type. */
export function stranger(type: string, known: Entities): string {
  for (let n = 0; ; n++) {
    const entity = `${type}:stranger-${n}`
    if (known.get(type)?.has(entity) !== true) return entity
  }
}
