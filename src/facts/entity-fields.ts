import { didYouMean } from '../base/suggest.ts'
import type { Type } from '../ir/type.ts'
import { hasOwnField, isPlainObject } from '../value/plain-object.ts'
import type { Entity } from '../value/value.ts'
import { checkName, shown } from './entity-name.ts'
import { type Checked, type Reason, reason, refused } from './reason.ts'
import type { FactSchema, FieldSchema, TypeSchema } from './schema.ts'
import { containment } from './store.ts'

/** What an entity's input says, each part found in the schema but not yet read. */
export interface EntityFields {
  readonly entity: Entity
  readonly type: TypeSchema
  readonly parts: readonly EntityPart[]
}

export type EntityPart = { readonly name: string; readonly raw: unknown } & (
  | { readonly kind: 'attribute'; readonly type: Type }
  | { readonly kind: 'relation'; readonly field: FieldSchema }
  | { readonly kind: 'role' }
  | { readonly kind: 'containment' }
)

/** Names that JavaScript gives a meaning of its own: no type declares them, and no `open` type admits them. */
const undeclarable: readonly string[] = ['__proto__', 'constructor', 'prototype']

/** Takes an entity's input apart; each name beside `type`, `id` and `in`, or under `attributes`, is one of the schema's. */
export function entityFields(schema: FactSchema, input: unknown): Checked<EntityFields> {
  if (!isPlainObject(input)) return refused('bad-entity', 'an entity is an object with `type` and `id`')
  const entity = checkName(schema, input, '')
  if (entity.reasons !== undefined) return entity
  const type = schema.types.get(entity.value.type)
  const nested = (hasOwnField(input, 'attributes') ? input.attributes : undefined) ?? {}
  if (type === undefined || !isPlainObject(nested))
    return refused('bad-entity', '`attributes` is an object', 'attributes')
  const parts: EntityPart[] = []
  const reasons: Reason[] = []
  const add = (name: string, raw: unknown, path: string) => {
    const part = findPart(type, name, raw, path)
    if (part.reasons === undefined) parts.push(part.value)
    else reasons.push(...part.reasons)
  }
  for (const name of Object.keys(input)) {
    if (name === containment) parts.push({ kind: 'containment', name, raw: input[name] })
    else if (name !== 'type' && name !== 'id' && name !== 'attributes') add(name, input[name], name)
  }
  for (const name of Object.keys(nested)) {
    if (parts.some((part) => part.kind !== 'containment' && part.name === name)) {
      reasons.push(reason('conflicting-fact', `${shown(name)} is given twice`, `attributes.${name}`))
    } else add(name, nested[name], `attributes.${name}`)
  }
  return reasons.length === 0 ? { value: { entity: entity.value, type, parts } } : { reasons }
}

function findPart(type: TypeSchema, name: string, raw: unknown, path: string): Checked<EntityPart> {
  if (undeclarable.includes(name)) return refused('undeclarable-name', `no field is named ${shown(name)}`, path)
  const field = type.fields.get(name)
  if (field?.relation !== undefined) return { value: { kind: 'relation', name, raw, field } }
  if (field !== undefined) return { value: { kind: 'attribute', name, raw, type: field.type } }
  if (type.roles.has(name)) return { value: { kind: 'role', name, raw } }
  if (type.open !== undefined) return { value: { kind: 'attribute', name, raw, type: type.open } }
  const help = didYouMean(name.slice(0, 100), [...type.fields.keys(), ...type.roles.keys()])
  return refused('unknown-field', `\`${type.name}\` has no field ${shown(name)}`, path, help)
}
