import type { Type } from '../ir/type.ts'

/**
 * What the checker knows of an expression. `unknown` is the shape of what has been reported: it fits everywhere, so that one
 * mistake gives one diagnostic. `actors` is a role or permission: a set that can only be asked for membership.
 */
export type Shape = Type | { readonly kind: 'unknown' } | { readonly kind: 'actors'; readonly name: string }

export const unknown: Shape = { kind: 'unknown' }
export const string: Type = { kind: 'string' }
export const boolean: Type = { kind: 'boolean' }
export const int: Type = { kind: 'int' }
export const number: Type = { kind: 'number' }
export const datetime: Type = { kind: 'datetime' }
export const duration: Type = { kind: 'duration' }
export const json: Type = { kind: 'json' }
export const dynamic: Type = { kind: 'dynamic' }
/** The type of no value: the elements of `[]`. */
export const never: Type = { kind: 'union', of: [] }

export function set(of: Type): Type {
  return { kind: 'set', of }
}

export function entityType(name: string): Type {
  return { kind: 'entity', name }
}

/** The alternatives of a type; itself where it is no union. */
export function alternatives(type: Type): readonly Type[] {
  return type.kind === 'union' ? type.of : [type]
}

/** A union without nesting, duplicates and literals beside `string`; a single alternative is itself. */
export function union(types: readonly Type[]): Type {
  const [first] = types
  if (types.length === 1 && first !== undefined && first.kind !== 'union') return first
  const seen = new Map<string, Type>()
  for (const type of types) for (const one of alternatives(type)) seen.set(typeKey(one), one)
  const all = [...seen.values()]
  if (all.some((t) => t.kind === 'dynamic')) return dynamic
  if (all.some((t) => t.kind === 'json')) return json
  const kept = all.some((t) => t.kind === 'string') ? all.filter((t) => t.kind !== 'literal') : all
  const [only] = kept
  return kept.length === 1 && only !== undefined ? only : { kind: 'union', of: kept }
}

/** What is one or the other: of two sets one set. */
export function either(a: Shape, b: Shape): Shape {
  if (a.kind === 'unknown' || a.kind === 'actors' || b.kind === 'unknown' || b.kind === 'actors') return unknown
  return a.kind === 'set' && b.kind === 'set' ? set(union([a.of, b.of])) : union([a, b])
}

/** What the members of a set are; of whatever is not known to be a set, anything. */
export function elementOf(shape: Shape): Type {
  return shape.kind === 'set' ? shape.of : shape.kind === 'dynamic' ? dynamic : json
}

/** Equal types have equal keys. */
function typeKey(type: Type): string {
  switch (type.kind) {
    case 'literal':
      return JSON.stringify(type.value)
    case 'set':
      return `[${typeKey(type.of)}]`
    case 'map':
      return `{[]${typeKey(type.of)}}`
    case 'entity':
      return `@${type.name}`
    case 'record':
      return `{${[...type.fields]
        .map((f) => `${JSON.stringify(f.name)}${f.optional ? '?' : ''}:${typeKey(f.type)}`)
        .sort()
        .join()}}`
    case 'union':
      return `(${type.of.map(typeKey).sort().join('|')})`
    default:
      return type.kind
  }
}

/** A type as the language writes it, cut where it is long. */
export function showShape(shape: Shape): string {
  if (shape.kind === 'unknown') return 'unknown'
  if (shape.kind === 'actors') return `the actors of \`${shape.name}\``
  const text = showType(shape)
  return `\`${text.length > 80 ? `${text.slice(0, 77)}…` : text}\``
}

export function showType(type: Type): string {
  switch (type.kind) {
    case 'literal':
      return JSON.stringify(type.value)
    case 'set':
      return type.of.kind === 'union' && type.of.of.length > 1 ? `(${showType(type.of)})[]` : `${showType(type.of)}[]`
    case 'map':
      return `{ [string]: ${showType(type.of)} }`
    case 'entity':
      return type.name
    case 'record':
      return `{ ${type.fields.map((f) => `${f.name}${f.optional ? '?' : ''}: ${showType(f.type)}`).join(', ')} }`
    case 'union':
      return type.of.length === 0 ? 'nothing' : type.of.map(showType).join(' | ')
    default:
      return type.kind
  }
}

/** What alone distinguishes the alternatives that a union may have thousands of: two of them have a value in common if it is the same. */
function nameOf(type: Type): string | undefined {
  if (type.kind === 'literal') return `"${type.value}`
  return type.kind === 'entity' ? `@${type.name}` : undefined
}

function namesIn(union: Type & { readonly kind: 'union' }): ReadonlySet<string | undefined> {
  const names = new Set(union.of.map(nameOf))
  names.delete(undefined)
  return names
}

function unnamed(union: Type & { readonly kind: 'union' }): readonly Type[] {
  return union.of.filter((type) => nameOf(type) === undefined)
}

/** A value of the first type can be used where the second is expected; `json` and `dynamic` meet their check when they are read. */
export function fits(from: Shape, to: Shape): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown') return true
  if (from.kind === 'actors' || to.kind === 'actors') return false
  if (from.kind === 'union' && to.kind === 'union') {
    const names = namesIn(to)
    const others = unnamed(to)
    return from.of.every((one) => names.has(nameOf(one)) || others.some((other) => fits(one, other)))
  }
  if (from.kind === 'union') return from.of.every((one) => fits(one, to))
  if (isOpen(from) || isOpen(to)) return true
  if (to.kind === 'union') return to.of.some((one) => fits(from, one))
  switch (to.kind) {
    case 'string':
      return from.kind === 'string' || from.kind === 'literal'
    case 'number':
      return from.kind === 'number' || from.kind === 'int'
    case 'literal':
      return from.kind === 'literal' && from.value === to.value
    case 'entity':
      return from.kind === 'entity' && from.name === to.name
    case 'set':
      return from.kind === 'set' && fits(from.of, to.of)
    case 'map':
      return (
        (from.kind === 'map' && fits(from.of, to.of)) ||
        (from.kind === 'record' && from.fields.every((f) => fits(f.type, to.of)))
      )
    case 'record':
      return (
        from.kind === 'record' &&
        to.fields.every((wanted) => {
          const got = from.fields.find((f) => f.name === wanted.name)
          return got === undefined ? wanted.optional : fits(got.type, wanted.type) && (wanted.optional || !got.optional)
        })
      )
    default:
      return from.kind === to.kind
  }
}

/** Some value could be of both types: what `==` and `in` ask for. */
export function overlaps(a: Shape, b: Shape): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true
  if (a.kind === 'actors' || b.kind === 'actors') return false
  if (a.kind === 'union' && b.kind === 'union') {
    const names = namesIn(a)
    return (
      b.of.some((one) => names.has(nameOf(one))) ||
      unnamed(a).some((other) => overlaps(other, b)) ||
      unnamed(b).some((other) => overlaps(a, other))
    )
  }
  if (a.kind === 'union') return a.of.some((one) => overlaps(one, b))
  if (b.kind === 'union') return b.of.some((one) => overlaps(a, one))
  if (a.kind === 'set' && b.kind === 'set') return true
  if ((a.kind === 'record' || a.kind === 'map') && (b.kind === 'record' || b.kind === 'map')) return true
  return fits(a, b) || fits(b, a)
}

/** Of which only the value tells what it is. */
export function isOpen({ kind }: Shape): boolean {
  return kind === 'json' || kind === 'dynamic'
}

/** Some part of its values may be of any kind, so that values of different kinds are compared as such. */
export function hasDynamic(shape: Shape): boolean {
  switch (shape.kind) {
    case 'dynamic':
      return true
    case 'set':
    case 'map':
      return hasDynamic(shape.of)
    case 'union':
      return shape.of.some(hasDynamic)
    case 'record':
      return shape.fields.some(({ type }) => hasDynamic(type))
    default:
      return false
  }
}

/** Every alternative of the shape is of one of these kinds; `json`, `dynamic` and `unknown` always are. */
export function isAll(shape: Shape, ...kinds: readonly Type['kind'][]): boolean {
  if (shape.kind === 'unknown' || isOpen(shape)) return true
  if (shape.kind === 'actors') return false
  if (shape.kind === 'union') return shape.of.length > 0 && shape.of.every((one) => isAll(one, ...kinds))
  return kinds.includes(shape.kind) || (shape.kind === 'literal' && kinds.includes('string'))
}

/** The names of the entity types that a shape consists of, undefined where it has anything else. */
export function entityNames(shape: Shape): readonly string[] | undefined {
  if (shape.kind === 'entity') return [shape.name]
  if (shape.kind !== 'union') return undefined
  const names: string[] = []
  for (const one of shape.of) {
    if (one.kind !== 'entity') return undefined
    names.push(one.name)
  }
  return names.length === 0 ? undefined : names
}

/** As `entityNames`, of one entity or a set of them. */
export function entityNamesOf(shape: Shape): readonly string[] | undefined {
  return shape.kind === 'set' ? entityNames(shape.of) : entityNames(shape)
}
