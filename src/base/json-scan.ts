/** What a JSON text may hold at most. */
export interface JsonLimits {
  /** Length of the text in UTF-16 units. */
  readonly size: number
  /** Arrays and objects inside one another. */
  readonly depth: number
  /** Values of any kind, the outermost included; keys are not counted. */
  readonly nodes: number
}

export type JsonReason = 'syntax' | 'duplicate-key' | 'depth' | 'nodes' | 'size' | 'surrogate' | 'number'

/** Thrown inside the reader and caught at its door: no caller of `parseJson` or `locate` sees it. */
export class JsonRefusal extends Error {
  readonly offset: number
  readonly reason: JsonReason
  constructor(offset: number, reason: JsonReason, message: string) {
    super(message)
    this.offset = offset
    this.reason = reason
  }
}

/** An integer that a double cannot hold for certain, and where in the value it stands. */
export interface WideInteger {
  readonly path: readonly (string | number)[]
  readonly offset: number
  readonly text: string
}

interface Frame {
  /** The keys met so far; absent in an array. */
  readonly keys: Set<string> | undefined
  key: string
  index: number
}

/**
 * Walks a JSON text once, in linear time and without recursion, and refuses what `JSON.parse` would accept or accept only
 * on some engines: duplicate keys, lone surrogates, infinities, and input past the limits. Builds no value.
 *
 * @returns the integers outside ±(2^53 - 1), which the caller has to refuse or to replace
 */
export function scanJson(text: string, limits: JsonLimits): readonly WideInteger[] {
  if (text.length > limits.size) throw new JsonRefusal(limits.size, 'size', `more than ${limits.size} characters`)
  const wide: WideInteger[] = []
  const frames: Frame[] = []
  let nodes = 0
  let at = skipSpace(text, 0)
  for (;;) {
    nodes++
    if (nodes > limits.nodes) throw new JsonRefusal(at, 'nodes', `more than ${limits.nodes} values`)
    const first = text.charCodeAt(at)
    if (first === 0x7b || first === 0x5b) {
      if (frames.length >= limits.depth) throw new JsonRefusal(at, 'depth', `nested deeper than ${limits.depth} levels`)
      at = skipSpace(text, at + 1)
      const isObject = first === 0x7b
      if (text.charCodeAt(at) !== (isObject ? 0x7d : 0x5d)) {
        const frame: Frame = { keys: isObject ? new Set() : undefined, key: '', index: 0 }
        frames.push(frame)
        if (frame.keys) at = readKey(text, at, frame, frame.keys)
        continue
      }
      at++
    } else if (first === 0x22) at = stringEnd(text, at)
    else if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
      const start = at
      at = numberEnd(text, at)
      if (at - start > 15 && isWide(text.slice(start, at), start)) {
        wide.push({ path: frames.map((f) => (f.keys ? f.key : f.index)), offset: start, text: text.slice(start, at) })
      } else if (at - start > 3) refuseInfinity(text, start, at)
    } else at = wordEnd(text, at)
    // A value has ended: close what it ends, up to the next value.
    for (;;) {
      at = skipSpace(text, at)
      const frame = frames[frames.length - 1]
      if (frame === undefined) {
        if (at < text.length) throw new JsonRefusal(at, 'syntax', 'text after the end of the value')
        return wide
      }
      const next = text.charCodeAt(at)
      at++
      if (next === 0x2c) {
        frame.index++
        at = skipSpace(text, at)
        if (frame.keys) at = readKey(text, at, frame, frame.keys)
        break
      }
      if (next !== (frame.keys ? 0x7d : 0x5d)) {
        throw new JsonRefusal(at - 1, 'syntax', `expected \`,\` or \`${frame.keys ? '}' : ']'}\``)
      }
      frames.pop()
    }
  }
}

/** Reads `"key":` and the space around it; returns where the value begins. */
function readKey(text: string, at: number, frame: Frame, keys: Set<string>): number {
  if (text.charCodeAt(at) !== 0x22) throw new JsonRefusal(at, 'syntax', 'expected a key in double quotes')
  const end = stringEnd(text, at)
  const key = unquote(text, at, end)
  if (keys.size === keys.add(key).size) throw new JsonRefusal(at, 'duplicate-key', `the key ${brief(key)} twice`)
  frame.key = key
  const colon = skipSpace(text, end)
  if (text.charCodeAt(colon) !== 0x3a) throw new JsonRefusal(colon, 'syntax', 'expected `:`')
  return skipSpace(text, colon + 1)
}

/** The string whose quotes are at `start` and before `end`. */
export function unquote(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1)
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
}

function brief(key: string): string {
  return `\`${key.length > 60 ? `${key.slice(0, 60)}…` : key}\``
}

export function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at++
  }
}

/** Where the string that opens at `start` ends, past its quote (RFC 8259, section 7). */
export function stringEnd(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (code === 0x5c) at = escapeEnd(text, at)
    else if (code >= 0xd800 && code <= 0xdfff) {
      const next = text.charCodeAt(at + 1)
      if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) throw new JsonRefusal(at, 'surrogate', loneSurrogate)
      at += 2
    } else if (code >= 0x20) at++
    else if (Number.isNaN(code)) throw new JsonRefusal(start, 'syntax', 'a string that never ends')
    else throw new JsonRefusal(at, 'syntax', 'a control character in a string')
  }
}

const loneSurrogate = 'half of a surrogate pair'

function escapeEnd(text: string, at: number): number {
  const letter = text[at + 1]
  if (letter !== 'u') {
    if (letter !== undefined && '"\\/bfnrt'.includes(letter)) return at + 2
    throw new JsonRefusal(at, 'syntax', 'an escape sequence that does not exist')
  }
  const code = unicodeEscape(text, at)
  if (code < 0xd800 || code > 0xdfff) return at + 6
  const isPair = code <= 0xdbff && text.startsWith('\\u', at + 6)
  const low = isPair ? unicodeEscape(text, at + 6) : 0
  if (low < 0xdc00 || low > 0xdfff) throw new JsonRefusal(at, 'surrogate', loneSurrogate)
  return at + 12
}

function unicodeEscape(text: string, at: number): number {
  const digits = text.slice(at + 2, at + 6)
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonRefusal(at, 'syntax', '`\\u` without four hexadecimal digits')
  return Number.parseInt(digits, 16)
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

function numberEnd(text: string, at: number): number {
  number.lastIndex = at
  if (!number.test(text)) throw new JsonRefusal(at, 'syntax', 'a number that is not written as in JSON')
  return number.lastIndex
}

function isWide(literal: string, offset: number): boolean {
  const value = Number(literal)
  if (!Number.isFinite(value)) throw new JsonRefusal(offset, 'number', 'a number too large for a double')
  return !Number.isSafeInteger(value) && !/[.eE]/.test(literal)
}

function refuseInfinity(text: string, start: number, end: number): void {
  if (!Number.isFinite(Number(text.slice(start, end)))) {
    throw new JsonRefusal(start, 'number', 'a number too large for a double')
  }
}

function wordEnd(text: string, at: number): number {
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length
  throw new JsonRefusal(at, 'syntax', at < text.length ? 'expected a value' : 'the text ends where a value is expected')
}
