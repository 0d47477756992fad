/**
 * The types of values, JSON-serialisable: the checker's own types and, in the IR, what a typed read expects of an input.
 * Roles and permissions are no values and have no type here.
 */
export type Type =
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  /** 64-bit signed. */
  | { readonly kind: 'int' }
  /** A finite double. */
  | { readonly kind: 'number' }
  | { readonly kind: 'datetime' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'ip' }
  | { readonly kind: 'cidr' }
  | { readonly kind: 'path' }
  | { readonly kind: 'url' }
  /** Ten to the power of minus four, 64-bit signed: of imported policies. */
  | { readonly kind: 'decimal' }
  /** An address, with the length of a network's prefix: of imported policies. */
  | { readonly kind: 'ipaddr' }
  /** What JSON holds: operators check the kind of its values when they meet them. */
  | { readonly kind: 'json' }
  /** Any value, entities included; values of different kinds are not equal, which is no error. Of imported policies. */
  | { readonly kind: 'dynamic' }
  /** A string of which the value is known. */
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'set'; readonly of: Type }
  | { readonly kind: 'record'; readonly fields: readonly RecordField[] }
  /** String keys. */
  | { readonly kind: 'map'; readonly of: Type }
  | { readonly kind: 'entity'; readonly name: string }
  | { readonly kind: 'union'; readonly of: readonly Type[] }

export interface RecordField {
  readonly name: string
  readonly type: Type
  readonly optional: boolean
}
