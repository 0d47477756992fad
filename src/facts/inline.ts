import type { Type } from '../ir/type.ts'
import { decode } from '../value/decode.ts'
import { maxNodes } from '../value/limits.ts'
import { absent, type Entity, type EvaluationError, type Value } from '../value/value.ts'
import { type EntityPart, entityFields } from './entity-fields.ts'
import type { Given, GivenLayer, GivenRecord } from './given.ts'
import { type Checked, type Reason, reason, refused } from './reason.ts'
import { relationFacts } from './relation-value.ts'
import { type RequestFacts, requestFacts } from './request-facts.ts'
import type { FactSchema, TypeSchema } from './schema.ts'

/** What a request says of one entity, by name; an attribute is read when it is asked for, with its declared type. */
interface Said {
  readonly entity: Entity
  readonly names: Map<string, { readonly raw: unknown; readonly type: Type | undefined; value?: Attribute }>
}

type Attribute = Value | EvaluationError | undefined

/**
 * Entities as a request brings them: a layer over the stored facts. A given field, or `in`, stands in place of the stored
 * one; roles are added to the stored ones and have to be declared contextual. An attribute of the wrong kind is an error
 * when it is read; a name that the type does not have is a reason against the request, which fails with the first one.
 */
export function inlineFacts(schema: FactSchema, inputs: Iterable<unknown>): Checked<GivenLayer> {
  const request = requestFacts()
  const entities = new Map<string, Said>()
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
    const said: Said = entities.get(entity.key) ?? { entity, names: new Map() }
    const other = part.kind === 'role' ? undefined : said.names.get(part.name)
    if (other !== undefined && other.raw !== part.raw) {
      return [reason('conflicting-fact', `\`${part.name}\` is given twice`, part.name)]
    }
    entities.set(entity.key, said)
    request.record(entity)
    if (part.kind !== 'attribute') return takeFacts(schema, request, said, type, part)
    said.names.set(part.name, { raw: part.raw, type: part.type })
    return []
  }

  function attribute(key: string, name: string): Attribute {
    const found = entities.get(key)?.names.get(name)
    if (found?.type === undefined) return undefined
    if (!('value' in found)) {
      const value = decode(found.raw, found.type)
      found.value = value === absent ? undefined : value
    }
    return found.value
  }

  function given(): Given {
    const records = [...entities.values()].map(({ entity, names }): GivenRecord => {
      const attributes = [...names].filter(([, { type }]) => type !== undefined)
      return {
        entity,
        attributes: attributes.map(([name]) => [name, attribute(entity.key, name)]),
        relations: [...names].flatMap(([name, { type }]) => (type === undefined ? [name] : [])),
      }
    })
    return { records, facts: request.given }
  }

  const masks = (key: string, name: string) => entities.get(key)?.names.has(name) === true
  return { value: { ...request.facts, attribute, masks, given } }
}

function takeFacts(
  schema: FactSchema,
  request: RequestFacts,
  { entity, names }: Said,
  type: TypeSchema,
  part: Exclude<EntityPart, { readonly kind: 'attribute' }>,
): readonly Reason[] {
  if (part.kind === 'role' && type.roles.get(part.name)?.contextual !== true) {
    return [reason('bad-fact', `\`${part.name}\` takes no facts with a request`, part.name, 'declare it `contextual`')]
  }
  const facts = relationFacts(schema, type, part)
  if (facts.reasons !== undefined) return facts.reasons
  if (part.kind !== 'role') names.set(part.name, { raw: part.raw, type: undefined })
  for (const fact of facts.value) request.add(entity, part.name, fact)
  return []
}
