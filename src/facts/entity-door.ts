import { isError } from '../value/evaluation-error.ts'
import { materialise } from '../value/materialise.ts'
import { absent, type Entity, type Value } from '../value/value.ts'
import { entityFields } from './entity-fields.ts'
import { type Checked, type Reason, reason, refused } from './reason.ts'
import { relationFacts } from './relation-value.ts'
import type { FactSchema } from './schema.ts'
import type { Fact } from './store.ts'

/** An entity's record that the schema allows. What the input gives as null is there, and empty. */
export interface CheckedEntity {
  readonly entity: Entity
  readonly attributes: ReadonlyMap<string, Value | undefined>
  /** Fields of entity type, and containment. */
  readonly relations: ReadonlyMap<string, readonly Fact[]>
}

/**
 * Lets an entity's record in that the schema allows: its attributes, its fields of entity type and what contains it.
 * Roles are facts, not fields, and refused. A required field may be missing: reading it is the error.
 */
export function checkEntity(schema: FactSchema, input: unknown): Checked<CheckedEntity> {
  try {
    return checkParts(schema, input)
  } catch {
    return refused('bad-entity', 'an entity that cannot be read')
  }
}

function checkParts(schema: FactSchema, input: unknown): Checked<CheckedEntity> {
  const fields = entityFields(schema, input)
  if (fields.reasons !== undefined) return fields
  const { entity, type, parts } = fields.value
  const attributes = new Map<string, Value | undefined>()
  const relations = new Map<string, readonly Fact[]>()
  const reasons: Reason[] = []
  for (const part of parts) {
    if (part.kind === 'role') {
      const help = `add a fact: { object: 'Type:id', relation: '${part.name}', subject: … }`
      reasons.push(reason('bad-fact', `\`${part.name}\` of \`${type.name}\` is a role, not a field`, part.name, help))
    } else if (part.kind === 'attribute') {
      const value = materialise(part.raw, part.type)
      if (isError(value)) reasons.push(reason('type-mismatch', `\`${part.name}\`: ${value.message}`, part.name))
      else attributes.set(part.name, value === absent ? undefined : value)
    } else {
      const facts = relationFacts(schema, type, part)
      if (facts.reasons === undefined) relations.set(part.name, facts.value)
      else reasons.push(...facts.reasons)
    }
  }
  return reasons.length === 0 ? { value: { entity, attributes, relations } } : { reasons }
}
