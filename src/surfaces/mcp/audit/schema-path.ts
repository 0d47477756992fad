import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { resolvePointer } from '../../../lock/json-pointer.ts'

/** Every member of an object, or element of an array. */
export const anyMember = Symbol('any member')

export type Path = readonly (string | typeof anyMember)[]

const mostSteps = 10_000

/**
 * Whether the arguments that a schema describes can have something at a path, as far as the schema tells. The first step is one of its
 * `properties`; further down, a member that an object with named properties does not name is not there, unless the schema says
 * what else there may be.
 */
export function schemaHas(root: JsonObject, path: Path): boolean {
  let steps = 0
  const visiting = new Set<string>()

  const has = (schema: JsonValue | undefined, at: number): boolean => {
    if (schema === true || at === path.length) return schema !== undefined && schema !== false
    if (!isJsonObject(schema) || ++steps > mostSteps) return false
    const inAny = (member: string): boolean => {
      const branches = own(schema, member)
      return isArray(branches) && branches.some((branch) => has(branch, at))
    }
    return refers(schema, at) || ['allOf', 'anyOf', 'oneOf'].some(inAny) || hasMember(schema, at)
  }
  const refers = (schema: JsonObject, at: number): boolean => {
    const ref = own(schema, '$ref')
    if (typeof ref !== 'string' || !ref.startsWith('#')) return false
    const key = JSON.stringify([ref, at])
    if (visiting.has(key)) return false
    visiting.add(key)
    const found = has(resolvePointer(root, ref), at)
    visiting.delete(key)
    return found
  }
  const hasMember = (schema: JsonObject, at: number): boolean => {
    const step = path[at]
    const properties = own(schema, 'properties')
    const named = isJsonObject(properties) ? properties : {}
    const others = [...valuesOf(own(schema, 'patternProperties')), own(schema, 'additionalProperties')]
    if (step !== anyMember) {
      if (Object.hasOwn(named, step ?? '')) return has(named[step ?? ''], at + 1)
      return others.some((other) => has(other, at + 1)) || isUntold(schema, ['object'])
    }
    const elements = own(schema, 'prefixItems') ?? []
    const members = [...Object.values(named), ...others, own(schema, 'items'), ...(isArray(elements) ? elements : [])]
    return members.some((member) => has(member, at + 1)) || isUntold(schema, ['object', 'array'])
  }
  const members = own(root, 'properties')
  if (!isJsonObject(members)) return false
  const [first] = path
  return Object.entries(members).some(([name, member]) => (first === anyMember || name === first) && has(member, 1))
}

/** What schemas that describe a value declare of a member, or of the element at a place: nothing where what comes there is left open. */
export type Declared = (schemas: readonly JsonValue[], member: string | number) => readonly JsonValue[]

/**
 * A member is declared by `properties`, or, where no other is, by an `additionalProperties` that says something; an element by `prefixItems` and
 * `items`. `$ref` and the branches of `allOf`, `anyOf` and `oneOf` are part of a schema.
 */
export function declarations(root: JsonObject): Declared {
  const partsOf = new Map<JsonObject, readonly JsonObject[]>()
  const parts = (schema: JsonValue): readonly JsonObject[] => {
    if (!isJsonObject(schema)) return []
    const known = partsOf.get(schema)
    if (known !== undefined) return known
    const found = new Set<JsonObject>()
    // A server may have written references as long as it likes: they are no depth of ours.
    const open: (JsonValue | undefined)[] = [schema]
    while (open.length > 0) {
      const part = open.pop()
      if (!isJsonObject(part) || found.has(part)) continue
      found.add(part)
      const ref = own(part, '$ref')
      if (typeof ref === 'string' && ref.startsWith('#')) open.push(resolvePointer(root, ref))
      for (const branches of ['allOf', 'anyOf', 'oneOf']) {
        const some = own(part, branches)
        if (isArray(some)) for (const one of some) open.push(one)
      }
    }
    partsOf.set(schema, [...found])
    return [...found]
  }
  const memberOf = (part: JsonObject, name: string): JsonValue | undefined => {
    const properties = own(part, 'properties')
    if (isJsonObject(properties) && Object.hasOwn(properties, name)) return properties[name]
    // Which names these are for is not looked at.
    return Object.hasOwn(part, 'patternProperties') ? undefined : telling(own(part, 'additionalProperties'))
  }
  const elementOf = (part: JsonObject, place: number): JsonValue | undefined => {
    const first = own(part, 'prefixItems')
    return isArray(first) && place < first.length ? first[place] : telling(own(part, 'items'))
  }
  return (schemas, member) => [
    ...new Set(
      schemas
        .flatMap(parts)
        .map((part) => (typeof member === 'string' ? memberOf(part, member) : elementOf(part, member)))
        .filter((schema) => schema !== undefined),
    ),
  ]
}

/** A schema of what nobody has named, if it says anything. */
function telling(schema: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(schema) && Object.keys(schema).length > 0 ? schema : undefined
}

/** The schema lets through objects (or arrays), and says nothing of what is in them. */
function isUntold(schema: JsonObject, types: readonly string[]): boolean {
  const telling = [
    'properties',
    'additionalProperties',
    'patternProperties',
    'items',
    'prefixItems',
    '$ref',
    'allOf',
    'anyOf',
    'oneOf',
    'enum',
    'const',
  ]
  if (telling.some((member) => Object.hasOwn(schema, member))) return false
  const type = own(schema, 'type')
  if (type === undefined) return true
  return (isArray(type) ? type : [type]).some((one) => types.includes(String(one)))
}

function valuesOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonObject(value) ? Object.values(value) : []
}

function own(object: JsonObject, member: string): JsonValue | undefined {
  return Object.hasOwn(object, member) ? object[member] : undefined
}
