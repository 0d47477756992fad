import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { RecordField, Type } from '../ir/type.ts'
import type { SchemaReason } from './schema-shape.ts'
import { shapeOfSchema } from './schema-shape.ts'
import type { Member, Shape } from './shape.ts'
import { isNothing } from './shape.ts'

export interface SchemaType {
  readonly type: Type
  /** Where the type is `json`: `''` for the whole, `a.b`, `a[]` for the members of a set, `a{}` for the values of a map. */
  readonly dynamic: readonly string[]
  /** What could not be read, and why: a remote `$ref`, recursion, a name that no field may have, a limit. */
  readonly reasons: readonly SchemaReason[]
}

/**
 * The type of the values that a JSON Schema accepts (2020-12, and the draft-07 and draft-04 forms that servers still send).
 * Never narrower than the schema: every valid value has the type, where null counts as absent and integers fit 64 bits.
 *
 * Null is *absent* in Licet, so a property that may be null is optional; in a set, where nothing can be absent, it makes the
 * members `json`. `pattern`, `format`, ranges, `if`, `not`, `patternProperties` and the like do not refine. A `default` does
 * not make a value present. Never throws.
 *
 * @param schema undefined for a missing schema, which is `json`
 */
export function schemaType(schema: JsonValue | undefined): SchemaType {
  return render(schema ?? true, false)
}

/**
 * The type of a tool's arguments. They are always an object (MCP, `CallToolRequest`), whatever the schema says, and a schema
 * without properties means a tool without arguments, unless it says that it takes others.
 */
export function argumentsType(inputSchema: JsonValue | undefined): SchemaType {
  if (!isJsonObject(inputSchema) || Object.keys(inputSchema).length === 0) return render(inputSchema ?? true, true)
  const schema = Object.hasOwn(inputSchema, 'type') ? inputSchema : { ...inputSchema, type: 'object' }
  return render(schema, !Object.hasOwn(schema, 'additionalProperties'))
}

/** `isClosedWhenEmpty`: an object of which nothing is known is taken for one without fields. */
function render(schema: JsonValue, isClosedWhenEmpty: boolean): SchemaType {
  const { shape, reasons } = shapeOfSchema(schema)
  const dynamic = new Set<string>()
  const [only, ...others] = shape.members
  const isEmpty = only?.kind === 'object' && others.length === 0 && only.fields.size === 0
  const type: Type = isClosedWhenEmpty && isEmpty ? { kind: 'record', fields: [] } : typeOf(shape, '', dynamic)
  return { type, dynamic: [...dynamic], reasons }
}

/** Null has been dealt with by whoever can say *absent*; here it needs `json`. */
function typeOf(shape: Shape, path: string, dynamic: Set<string>): Type {
  if (shape.isAny || shape.hasNull || shape.members.length === 0) {
    dynamic.add(path)
    return { kind: 'json' }
  }
  const [only, ...others] = shape.members.map((member) => typeOfMember(member, path, dynamic))
  return only !== undefined && others.length === 0 ? only : { kind: 'union', of: only ? [only, ...others] : [] }
}

function typeOfMember(member: Member, path: string, dynamic: Set<string>): Type {
  switch (member.kind) {
    case 'array':
      return { kind: 'set', of: typeOf(member.of, `${path}[]`, dynamic) }
    case 'object':
      return typeOfObject(member, path, dynamic)
    case 'literal':
      return { kind: 'literal', value: member.value }
    default:
      return { kind: member.kind }
  }
}

function typeOfObject(object: Extract<Member, { kind: 'object' }>, path: string, dynamic: Set<string>): Type {
  const fields: RecordField[] = []
  for (const [name, { shape, required }] of object.fields) {
    // Nothing is valid there, so no valid value has the field.
    if (isNothing(shape) && !required) continue
    const type = typeOf(present(shape), path === '' ? name : `${path}.${name}`, dynamic)
    fields.push({ name, type, optional: !required || (shape.hasNull && !shape.isAny) })
  }
  if (fields.length > 0 || isNothing(object.rest)) return { kind: 'record', fields }
  return { kind: 'map', of: typeOf(present(object.rest), `${path}{}`, dynamic) }
}

function present(shape: Shape): Shape {
  return shape.isAny ? shape : { ...shape, hasNull: false }
}
