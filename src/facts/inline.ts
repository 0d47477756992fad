import type { Type } from '../ir/type.ts'
import { decode } from '../value/decode.ts'
import { maxNodes } from '../value/limits.ts'
import { absent, type Entity, type EvaluationError, type Value } from '../value/value.ts'
import { type EntityPart, entityFields } from './entity-fields.ts'
import type { Layer } from './layers.ts'
import { type Graph, newGraph } from './memory-graph.ts'
import { type Checked, type Reason, reason, refused } from './reason.ts'
import { relationFacts } from './relation-value.ts'
import type { FactSchema, TypeSchema } from './schema.ts'

/** What a request says of one entity, by name; an attribute is read when it is asked for, with its declared type. */
type Given = Map<string, { readonly raw: unknown; readonly type: Type | undefined; value?: Attribute }>

type Attribute = Value | EvaluationError | undefined

/**
 * Entities as a request brings them: a layer over the stored facts. A given field, or `in`, stands in place of the stored
 * one; roles are added to the stored ones and have to be declared contextual. An attribute of the wrong kind is an error
 * when it is read; a name that the type does not have is a reason against the request, which fails with the first one.
 */
export function inlineFacts(schema: FactSchema, inputs: Iterable<unknown>): Checked<Layer> {
  const graph = newGraph()
  const entities = new Map<string, Given>()
  let left = maxNodes
  try {
    for (const input of inputs) {
      left -= 1
      if (left < 0) return refused('too-large', `more than ${maxNodes} entities with one request`)
      const { value, reasons } = entityFields(schema, input)
      if (value === undefined) return { reasons }
      for (const part of value.parts) {
        const problems = take(value.entity, value.type, part)
        if (problems.length > 0) return { reasons: problems }
      }
    }
  } catch {
    return refused('bad-entity', 'an entity that cannot be read')
  }

  function take(entity: Entity, type: TypeSchema, part: EntityPart): readonly Reason[] {
    const given = entities.get(entity.key) ?? new Map()
    const other = part.kind === 'role' ? undefined : given.get(part.name)
    if (other !== undefined && other.raw !== part.raw) {
      return [reason('conflicting-fact', `\`${part.name}\` is given twice`, part.name)]
    }
    entities.set(entity.key, given)
    graph.setAttributes(entity, new Map())
    if (part.kind === 'attribute') given.set(part.name, { raw: part.raw, type: part.field?.type ?? { kind: 'json' } })
    else return takeFacts(schema, graph, entity, type, part, given)
    return []
  }

  function attribute(key: string, name: string): Attribute {
    const found = entities.get(key)?.get(name)
    if (found?.type === undefined) return undefined
    if (!('value' in found)) {
      const value = decode(found.raw, found.type)
      found.value = value === absent ? undefined : value
    }
    return found.value
  }

  return { value: { ...graph.snapshot(), attribute, masks: (key, name) => entities.get(key)?.has(name) === true } }
}

function takeFacts(
  schema: FactSchema,
  graph: Graph,
  entity: Entity,
  type: TypeSchema,
  part: Exclude<EntityPart, { readonly kind: 'attribute' }>,
  given: Given,
): readonly Reason[] {
  if (part.kind === 'role' && type.roles.get(part.name)?.contextual !== true) {
    return [reason('bad-fact', `\`${part.name}\` takes no facts with a request`, part.name, 'declare it `contextual`')]
  }
  const facts = relationFacts(schema, type, part)
  if (facts.reasons !== undefined) return facts.reasons
  if (part.kind !== 'role') given.set(part.name, { raw: part.raw, type: undefined })
  for (const fact of facts.value) graph.add(entity, part.name, fact)
  return []
}
