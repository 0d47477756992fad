import type { JsonLimits, JsonReason, WideInteger } from './json-scan.ts'
import { JsonRefusal, scanJson } from './json-scan.ts'

/** A JSON value. `bigint` occurs only where the reader was asked for it; a number is finite. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject

export interface JsonObject {
  readonly [key: string]: JsonValue
}

export interface JsonOptions extends Partial<JsonLimits> {
  /** Integers outside ±(2^53 - 1) become `bigint` where they fit in 64 bits, signed, instead of being refused. */
  readonly bigints?: boolean
}

export interface JsonError {
  /** UTF-16 offset of what is wrong. */
  readonly offset: number
  readonly message: string
  readonly reason: JsonReason
}

export type JsonResult =
  | { readonly value: JsonValue; readonly error?: undefined }
  | { readonly error: JsonError; readonly value?: undefined }

const defaultLimits: JsonLimits = { size: 4 * 1024 * 1024, depth: 64, nodes: 100_000 }

/**
 * Reads a JSON text (RFC 8259) that is I-JSON (RFC 7493): no duplicate keys, no lone surrogates, no number that a double
 * cannot hold. Never throws; linear time.
 *
 * Objects are ordinary ones, as `JSON.parse` makes them: a key `__proto__` is an own data property and sets no prototype,
 * and ajv, `JSON.stringify` and test equality treat them as usual. Read them with `Object.hasOwn`, and never copy them with
 * `Object.assign` or `target[key] = …`, which would call the setter of `__proto__`.
 *
 * @param options limits, `defaultLimits` where left out; `bigints`
 */
export function parseJson(text: string, options: JsonOptions = {}): JsonResult {
  const { size, depth, nodes } = { ...defaultLimits, ...options }
  try {
    const wide = scanJson(text, { size, depth, nodes })
    const bigints = wide.map((integer) => wideInteger(integer, options.bigints === true))
    // The scanner has checked the grammar and the depth; the native reader is the fast way to the value.
    let value = JSON.parse(text) as JsonValue
    for (const [i, { path }] of wide.entries()) value = replaceAt(value, path, bigints[i] ?? 0n)
    return { value }
  } catch (error) {
    if (error instanceof JsonRefusal) {
      return { error: { offset: error.offset, message: error.message, reason: error.reason } }
    }
    throw error
  }
}

function wideInteger({ text, offset }: WideInteger, allowed: boolean): bigint {
  if (!allowed) throw new JsonRefusal(offset, 'number', 'an integer beyond 2^53, which a double cannot hold exactly')
  // Twenty characters are enough for every 64-bit integer, and keep `BigInt` from reading a megabyte of digits.
  const value = text.length <= 20 ? BigInt(text) : undefined
  if (value === undefined || BigInt.asIntN(64, value) !== value) {
    throw new JsonRefusal(offset, 'number', 'an integer of more than 64 bits')
  }
  return value
}

/** The fresh tree that `JSON.parse` made is still nobody else's: it is changed in place. */
function replaceAt(root: JsonValue, path: readonly (string | number)[], value: bigint): JsonValue {
  const last = path.at(-1)
  if (last === undefined) return value
  let parent = root as Record<string | number, JsonValue>
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, JsonValue>
  // Not an assignment: the key may be `__proto__`, which is an own property here and stays one.
  Object.defineProperty(parent, last, { value, writable: true, enumerable: true, configurable: true })
  return root
}

/** Whether a value is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Writes a JSON value, keys in their order; a `bigint` as a number literal. What it writes, `parseJson` with `bigints` reads
 * back to the same value: integral doubles beyond 2^53 keep an exponent, so that they are not taken for exact integers
 * (only -0 comes back as 0).
 *
 * @param indent spaces per level; everything on one line when left out
 */
export function stringifyJson(value: JsonValue, indent = 0): string {
  return write(value, indent === 0 ? '' : ' '.repeat(indent), indent === 0 ? '' : '\n')
}

function write(value: JsonValue, indent: string, newline: string): string {
  if (typeof value === 'number') return writeNumber(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = newline + indent
  if (isArray(value)) {
    if (value.length === 0) return '[]'
    return `[${inner}${value.map((item) => write(item, indent, inner)).join(`,${inner}`)}${newline}]`
  }
  const colon = newline === '' ? ':' : ': '
  const members = Object.keys(value).map((key) => {
    return JSON.stringify(key) + colon + write(value[key] as JsonValue, indent, inner)
  })
  return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${newline}}`
}

function writeNumber(value: number): string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : JSON.stringify(value)
}

/** `Array.isArray` does not narrow a readonly array. */
export function isArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value)
}
