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
