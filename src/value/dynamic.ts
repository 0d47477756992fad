import type { Type } from '../ir/type.ts'
import { isPlainObject } from './plain-object.ts'
import type { Value } from './value.ts'

/**
 * How JSON has what it has no form of its own for, where no declared type tells: an object with one of these keys and no other, its
 * value the text. `{ "$entity": "User:ann" }` is the entity, `"User:ann"` a text.
 */
const tags: ReadonlyMap<string, TagType> = new Map<string, TagType>([
  ['$entity', 'entity'],
  ['$datetime', 'datetime'],
  ['$duration', 'duration'],
  ['$decimal', 'decimal'],
  ['$ipaddr', 'ipaddr'],
  ['$ip', 'ip'],
  ['$cidr', 'cidr'],
  ['$path', 'path'],
  ['$url', 'url'],
])

export type TagType = Exclude<
  Type['kind'],
  'string' | 'boolean' | 'int' | 'number' | 'json' | 'dynamic' | 'literal' | 'set' | 'record' | 'map' | 'union'
>

/** What a value from outside says it is; undefined where it is what it looks like. May throw where a proxy does. */
export function tagged(raw: unknown): { readonly kind: TagType; readonly text: unknown } | undefined {
  if (!isPlainObject(raw)) return undefined
  const keys = Object.keys(raw)
  const [key] = keys
  const kind = keys.length === 1 && key !== undefined ? tags.get(key) : undefined
  return kind === undefined || key === undefined ? undefined : { kind, text: raw[key] }
}

/** The key that marks the text of a value, undefined where none is needed. */
export function tagOf(value: Value): string | undefined {
  if (typeof value !== 'object') return undefined
  const key = `$${value.kind}`
  return tags.has(key) ? key : undefined
}
