import type { JsonObject, JsonValue } from '../base/json.ts'
import { isArray, isJsonObject } from '../base/json.ts'
import { resolvePointer } from './json-pointer.ts'
import type { Budget, Field, Member, Shape } from './shape.ts'
import { anyShape, intersect, nothing, onlyNull, shapeOf, unite } from './shape.ts'

/** Why a part of a schema does not refine the type; `path` is a JSON Pointer into the schema (RFC 6901). */
export interface SchemaReason {
  readonly path: string
  readonly reason: string
}

interface Reading {
  readonly root: JsonValue
  /** The `$ref`s that are being followed. */
  readonly following: readonly string[]
  readonly path: string
  readonly depth: number
  readonly budget: Budget
  readonly reasons: SchemaReason[]
}

const deepest = 64
const maxSteps = 20_000
const maxLiterals = 500
const undeclarable: readonly string[] = ['__proto__', 'constructor', 'prototype']

/** The shape of the values that a schema accepts, never narrower than the schema. */
export function shapeOfSchema(schema: JsonValue): { shape: Shape; reasons: readonly SchemaReason[] } {
  const reasons: SchemaReason[] = []
  const budget = { left: maxSteps }
  const shape = read(schema, { root: schema, following: ['#'], path: '', depth: 0, budget, reasons })
  if (budget.left < 0) reasons.push({ path: '', reason: 'the schema is too large to be read in full' })
  return { shape, reasons }
}

function read(schema: JsonValue, at: Reading): Shape {
  if (schema === false) return nothing
  if (!isJsonObject(schema)) return anyShape
  if (--at.budget.left < 0) return anyShape
  if (at.depth > deepest) return giveUp(at, 'nested deeper than 64 levels')
  // Keywords are conjuncts, `$ref` included (2020-12, section 8.2.3.1).
  let shape = ofTypes(schema, at)
  const narrow = (other: Shape) => {
    shape = intersect(shape, other, at.budget)
  }
  if (Object.hasOwn(schema, 'const')) narrow(ofValue(schema.const ?? null))
  const { $ref, enum: values, allOf, anyOf, oneOf } = own(schema)
  if (isArray(values)) narrow(ofEnum(values))
  if ($ref !== undefined) narrow(follow($ref, at))
  if (isArray(allOf)) for (const [i, part] of allOf.entries()) narrow(read(part, below(at, 'allOf', i)))
  if (isArray(anyOf)) narrow(unite(anyOf.map((part, i) => read(part, below(at, 'anyOf', i)))))
  if (isArray(oneOf)) narrow(unite(oneOf.map((part, i) => read(part, below(at, 'oneOf', i)))))
  return shape
}

/** The same members without a prototype, so that a missing keyword is missing. */
function own(schema: JsonObject): Partial<JsonObject> {
  return Object.assign(Object.create(null), schema)
}

function below(at: Reading, ...steps: readonly (string | number)[]): Reading {
  const escaped = steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
  return { ...at, path: at.path + escaped.join(''), depth: at.depth + 1 }
}

function giveUp(at: Reading, reason: string): Shape {
  at.reasons.push({ path: at.path, reason })
  return anyShape
}

function follow($ref: JsonValue, at: Reading): Shape {
  if (typeof $ref !== 'string') return giveUp(at, 'a `$ref` that is no string')
  if (!$ref.startsWith('#')) return giveUp(at, `the remote \`$ref\` \`${$ref.slice(0, 100)}\` is not followed`)
  if (at.following.includes($ref)) return giveUp(at, `recursion through \`${$ref.slice(0, 100)}\``)
  const target = resolvePointer(at.root, $ref)
  if (target === undefined) return giveUp(at, `\`${$ref.slice(0, 100)}\` leads nowhere in this schema`)
  const inside = { ...at, following: [...at.following, $ref], path: $ref.slice(1), depth: at.depth + 1 }
  return read(target, inside)
}

function ofTypes(schema: JsonObject, at: Reading): Shape {
  const { type, nullable } = own(schema)
  const names = isArray(type) ? type : type === undefined ? [] : [type]
  // No `type` at all: a schema with `properties` still lets a string through.
  if (names.length === 0) return anyShape
  const shape = unite(names.map((name) => ofType(name, schema, at)))
  // OpenAPI 3.0; validators read it as one more type.
  return nullable === true ? unite([shape, onlyNull]) : shape
}

function ofType(name: JsonValue, schema: JsonObject, at: Reading): Shape {
  switch (name) {
    case 'string':
    case 'boolean':
    case 'number':
      return shapeOf({ kind: name })
    case 'integer':
      return shapeOf({ kind: 'int' })
    case 'null':
      return onlyNull
    case 'array':
      return shapeOf({ kind: 'array', of: ofItems(own(schema), at) })
    case 'object':
      return shapeOf(ofProperties(own(schema), at))
    default:
      return giveUp(at, `\`${String(name).slice(0, 100)}\` is no type of JSON Schema`)
  }
}

function ofItems({ prefixItems, items, additionalItems, maxItems }: Partial<JsonObject>, at: Reading): Shape {
  const isOld = isArray(items)
  const tuple = isOld ? items : isArray(prefixItems) ? prefixItems : []
  const beyond = isOld ? additionalItems : items
  const keyword = isOld ? 'items' : 'prefixItems'
  const shapes = tuple.map((item, i) => read(item, below(at, keyword, i)))
  const isClosed = tuple.length > 0 && typeof maxItems === 'number' && maxItems <= tuple.length
  if (!isClosed) shapes.push(read(beyond ?? true, below(at, isOld ? 'additionalItems' : 'items')))
  return unite(shapes)
}

function ofProperties(schema: Partial<JsonObject>, at: Reading): Member {
  const { properties, required, additionalProperties, patternProperties } = schema
  const fields = new Map<string, Field>()
  const needed = isArray(required) ? new Set(required) : new Set()
  // A name that a pattern covers follows the pattern instead, which does not refine.
  const isOpen = additionalProperties === undefined || patternProperties !== undefined
  const rest = isOpen ? anyShape : read(additionalProperties, below(at, 'additionalProperties'))
  for (const [name, property] of isJsonObject(properties) ? Object.entries(properties) : []) {
    if (undeclarable.includes(name)) {
      giveUp(below(at, 'properties', name), `\`${name}\` cannot be the name of a field`)
    } else {
      fields.set(name, { shape: read(property, below(at, 'properties', name)), required: needed.has(name) })
    }
  }
  for (const name of needed) {
    if (typeof name !== 'string' || fields.has(name) || undeclarable.includes(name)) continue
    fields.set(name, { shape: rest, required: true })
  }
  return { kind: 'object', fields, rest }
}

function ofEnum(values: readonly JsonValue[]): Shape {
  const strings = values.filter((value) => typeof value === 'string')
  if (strings.length <= maxLiterals) return unite(values.map(ofValue))
  return unite([shapeOf({ kind: 'string' }), ...values.filter((value) => typeof value !== 'string').map(ofValue)])
}

function ofValue(value: JsonValue): Shape {
  switch (typeof value) {
    case 'string':
      return shapeOf({ kind: 'literal', value })
    case 'boolean':
      return shapeOf({ kind: 'boolean' })
    case 'bigint':
      return shapeOf({ kind: 'int' })
    case 'number':
      return shapeOf({ kind: Number.isSafeInteger(value) ? 'int' : 'number' })
    default:
      return value === null ? onlyNull : anyShape
  }
}
