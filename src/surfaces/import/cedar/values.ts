import type { Expr } from './cedar.ts'
import { isCall, isUid, uidOf } from './read-policies.ts'
import type { CedarType, RecordType } from './schema.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * A value of Cedar's JSON as the literal that a policy would have for it. Where the schema gives a type, entities and extension values
 * need no mark: `"0.8"` may be a decimal.
 */
export function literalOf(json: unknown, type?: CedarType): Expr {
  switch (typeof json) {
    case 'boolean':
      return { kind: 'boolean', value: json }
    case 'number':
    case 'bigint':
      return { kind: 'long', value: BigInt(json) }
    case 'string':
      return constructorOf(type) === undefined
        ? { kind: 'string', value: json }
        : { kind: 'call', name: constructorOf(type) ?? '', args: [{ kind: 'string', value: json }] }
    default:
      return partedValueOf(json, type)
  }
}

function partedValueOf(json: unknown, type: CedarType | undefined): Expr {
  if (Array.isArray(json)) {
    return { kind: 'set', elements: json.map((one) => literalOf(one, type?.kind === 'set' ? type.of : undefined)) }
  }
  const object = json as Json
  const { __entity: entity, __extn: extension } = object
  // Anything else under these keys is a record that has them.
  if (isUid(entity)) return { kind: 'entity', uid: uidOf(entity) }
  if (isCall(extension)) return extensionOf(extension)
  if (type?.kind === 'entity' && isUid(object)) return { kind: 'entity', uid: uidOf(object) }
  if (constructorOf(type) !== undefined && isCall(object)) return extensionOf(object)
  return { kind: 'record', entries: entriesOf(object, type?.kind === 'record' ? type : undefined) }
}

export function entriesOf(object: Json, type: RecordType | undefined): readonly (readonly [string, Expr])[] {
  return Object.entries(object).map(([key, value]) => [key, literalOf(value, type?.fields.get(key)?.type)])
}

function extensionOf({ fn, arg, args }: Json & { readonly fn: string }): Expr {
  return { kind: 'call', name: fn, args: [args ?? arg ?? []].flat().map((one) => literalOf(one)) }
}

function constructorOf(type: CedarType | undefined): string | undefined {
  switch (type?.kind) {
    case 'decimal':
    case 'datetime':
    case 'duration':
      return type.kind
    case 'ipaddr':
      return 'ip'
    default:
      return undefined
  }
}
