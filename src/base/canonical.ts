import { isArray } from './json.ts'

/** Far past what any reader here accepts; keeps a cyclic or hostile value from exhausting the stack. */
const deepest = 512

/**
 * The canonical form of a JSON value, after RFC 8785: keys sorted by UTF-16 units, no space, numbers as ECMAScript writes
 * them. Two values have the same form if and only if they are the same JSON value; this is what digests are taken of.
 *
 * A `bigint` is written as its digits. RFC 8785 knows doubles only (section 3.2.2.3), so this is an extension; it agrees with
 * the RFC on every integer that a double holds exactly and that is below 10^21.
 *
 * A member that is undefined is left out, as it would be on the wire.
 *
 * @returns undefined for what is no I-JSON value: NaN, infinities, lone surrogates, functions, class instances, cycles,
 *   nesting deeper than 512
 */
export function canonicalJson(value: unknown): string | undefined {
  return write(value, 0)
}

function write(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : undefined
    case 'string':
      return writeString(value)
    case 'object':
      if (value === null) return 'null'
      if (depth === deepest) return undefined
      return isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1)
    default:
      return undefined
  }
}

const loneSurrogate = /\p{Surrogate}/u
/** What most texts are: they stand for themselves. */
const plain = /^[ !#-[\]-~]*$/

function writeString(text: string): string | undefined {
  if (plain.test(text)) return `"${text}"`
  return loneSurrogate.test(text) ? undefined : JSON.stringify(text)
}

function writeArray(items: readonly unknown[], depth: number): string | undefined {
  const written: string[] = []
  for (let i = 0; i < items.length; i++) {
    const item = write(items[i], depth)
    if (item === undefined) return undefined
    written.push(item)
  }
  return `[${written.join(',')}]`
}

function writeObject(object: object, depth: number): string | undefined {
  const prototype = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const members: string[] = []
  // The default order of `sort` is that of UTF-16 units, as section 3.2.3 asks.
  for (const key of Object.keys(object).sort()) {
    const value = (object as Record<string, unknown>)[key]
    if (value === undefined) continue
    const name = writeString(key)
    const member = write(value, depth)
    if (name === undefined || member === undefined) return undefined
    members.push(`${name}:${member}`)
  }
  return `{${members.join(',')}}`
}
