import type { Value } from './value.ts'

/** What two values must share to be compared: integers and doubles are one kind. */
export type Kind = 'string' | 'boolean' | 'number' | Extract<Value, { readonly kind: string }>['kind']

export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value as 'string' | 'boolean' | 'number'
    case 'bigint':
      return 'number'
    default:
      return value.kind
  }
}
