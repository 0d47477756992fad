import type { CedarType } from './schema.ts'

/** What is known of a value: `dynamic` where nothing is. As the checker will see the expression that it has become. */
export type Shape =
  | { readonly kind: 'boolean' | 'long' | 'string' | 'decimal' | 'ipaddr' | 'datetime' | 'duration' | 'dynamic' }
  | { readonly kind: 'entity'; readonly types: readonly string[] }
  /** `entities`: it has nothing else in it, whatever the type says. */
  | { readonly kind: 'set'; readonly of: Shape; readonly entities?: true }
  | {
      readonly kind: 'record'
      readonly fields: ReadonlyMap<string, { readonly shape: Shape; readonly required: boolean }>
    }

export const dynamic: Shape = { kind: 'dynamic' }

export function shapeOf(type: CedarType): Shape {
  switch (type.kind) {
    case 'entity':
      return { kind: 'entity', types: [type.name] }
    case 'set': {
      const of = shapeOf(type.of)
      // A set of entities that is a relationship could not tell whether it is there and empty.
      if (of.kind === 'entity') return { kind: 'set', of: dynamic, entities: true }
      return { kind: 'set', of: of.kind === 'set' ? dynamic : of }
    }
    case 'record':
      return {
        kind: 'record',
        fields: new Map(
          [...type.fields].map(([name, field]) => [name, { shape: shapeOf(field.type), required: field.required }]),
        ),
      }
    default:
      return { kind: type.kind }
  }
}

/** Nothing in it is dynamic, and every value of it can be compared with every one of the other. */
export function comparable(a: Shape, b: Shape): boolean {
  if (a.kind === 'dynamic' || b.kind === 'dynamic') return true
  if (a.kind === 'entity' && b.kind === 'entity') return a.types.some((type) => b.types.includes(type))
  if (a.kind === 'set' && b.kind === 'set') return comparable(a.of, b.of)
  if (a.kind === 'record' && b.kind === 'record') {
    if (a.fields.size !== b.fields.size) return false
    return [...a.fields].every(([name, field]) => {
      const other = b.fields.get(name)
      return other !== undefined && field.required === other.required && comparable(field.shape, other.shape)
    })
  }
  return a.kind === b.kind
}

/** One shape for values of either, undefined where there is none but `dynamic`. */
export function merged(a: Shape, b: Shape): Shape | undefined {
  if (a.kind === 'entity' && b.kind === 'entity')
    return { kind: 'entity', types: [...new Set([...a.types, ...b.types])] }
  if (a.kind === 'set' && b.kind === 'set') {
    const of = merged(a.of, b.of)
    return of === undefined ? undefined : { kind: 'set', of }
  }
  if (a.kind === 'record' || b.kind === 'record') return a.kind === b.kind && comparable(a, b) ? a : undefined
  return a.kind === b.kind ? a : undefined
}
