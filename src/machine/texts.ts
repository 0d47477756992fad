import type { Ent } from '../facts/table.ts'
import { instantIn, lengthIn } from '../value/instant-scan.ts'
import { hasLoneSurrogate } from '../value/text.ts'
import type { Registers } from './registers.ts'

/** Texts of a request, looked at as they are. */

/** Code points of a text that is well-formed. */
export function codePoints(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) count -= 1
  return count
}

/** The text begins and ends with the first and the last piece, and has the others between, one after the other. */
export function hasPieces(text: string, pieces: readonly string[]): boolean {
  const last = pieces.length - 1
  const [first = ''] = pieces
  const end = text.length - (pieces[last] ?? '').length
  if (!text.startsWith(first)) return false
  let at = first.length
  for (let i = 1; i < last; i++) {
    const piece = pieces[i] ?? ''
    const found = text.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return end >= at && text.endsWith(pieces[last] ?? '')
}

/** Milliseconds of a datetime, or NaN. */
export function instant(raw: unknown): number {
  try {
    return instantIn(raw)
  } catch {
    return Number.NaN
  }
}

/** Milliseconds of a duration, or NaN. */
export function duration(raw: unknown): number {
  return lengthIn(raw)
}

/** An id is at most so many units long for certain; longer ones are counted elsewhere. */
const shortId = 341

/** The entity of the type that a name from outside denotes, or undefined where that takes a closer look. */
export function entityNamed(r: Registers, name: unknown, type: number, prefix: string): Ent | undefined {
  if (typeof name !== 'string') return undefined
  const number = r.table.ids.get(name)
  if (number !== undefined) return number >>> r.table.localBits === type ? number : undefined
  const length = name.length - prefix.length
  if (length <= 0 || length > shortId || !name.startsWith(prefix)) return undefined
  return hasLoneSurrogate(name) ? undefined : name
}

/** The text, as it came with a request, is the name of an entity with this prefix; false: that takes a closer look. */
export function isNameOf(name: string, prefix: string): boolean {
  const length = name.length - prefix.length
  if (length <= 0 || length > shortId) return false
  for (let i = 0; i < prefix.length; i++) if (name.charCodeAt(i) !== prefix.charCodeAt(i)) return false
  return !hasLoneSurrogate(name)
}

/** A text that may be put into the id of an entity between these separators. */
export function isIdPart(text: string, separators: string): boolean {
  if (text === '' || text === '.' || text === '..') return false
  for (let i = 0; i < separators.length; i++) if (text.includes(separators.charAt(i))) return false
  return true
}

/** The entity of a key that is well-formed and has an id, or undefined where that is too long to be sure of. */
export function named(r: Registers, key: string, prefixLength: number): Ent | undefined {
  return key.length - prefixLength > shortId ? undefined : (r.table.ids.get(key) ?? key)
}
