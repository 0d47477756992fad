import type { Path } from './value.ts'

const slash = 0x2f
const dot = 0x2e

/** A path that others may be within: its segments, its text, and between which texts those inside it are. */
export interface PathBase {
  readonly segments: readonly string[]
  readonly text: string
  readonly from: string
  readonly to: string
}

export function pathBase({ segments }: Path): PathBase {
  const text = `/${segments.join('/')}`
  // The character after the slash is a zero.
  return { segments, text, from: `${text}/`, to: `${text}0` }
}

/** ASCII, in the form that paths are brought to, but for segments that begin with a dot. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const plain = /^(?:\/[^./\\\x00-\x1f\x7f-\uffff][^/\\\x00-\x1f\x7f-\uffff]*)+$/

/**
 * Whether a text is a path within another, `parsePath` and `pathWithin` in one, without making anything; undefined where the text is
 * no path.
 */
export function isPathWithin(text: unknown, base: PathBase): boolean | undefined {
  if (typeof text !== 'string') return undefined
  if (!plain.test(text)) return isScannedWithin(text, base.segments)
  return base.segments.length === 0 || text === base.text || (text >= base.from && text < base.to)
}

function isScannedWithin(text: string, base: readonly string[]): boolean | undefined {
  if (text.charCodeAt(0) !== slash || text.charCodeAt(1) === slash) return undefined
  /** How many segments there are so far, and how many of them, from the first on, are those of the base. */
  let depth = 0
  let same = 0
  /** Of the segment that is being read: its length, whether it is all dots, and whether it is what the base has there. */
  let length = 0
  let isDots = true
  let isSame = true
  let wanted = base[0]
  for (let i = 1; i <= text.length; i++) {
    const unit = i === text.length ? slash : text.charCodeAt(i)
    if (unit !== slash) {
      if (isRefused(unit)) {
        // Whole pairs pass; half of one has no form in UTF-8.
        if (unit < 0xd800 || unit > 0xdbff || !isLow(text.charCodeAt(i + 1))) return undefined
        if (isSame) isSame = matches(wanted, length, unit) && matches(wanted, length + 1, text.charCodeAt(i + 1))
        isDots = false
        length += 2
        i += 1
        continue
      }
      if (isSame) isSame = matches(wanted, length, unit)
      if (unit !== dot) isDots = false
      length += 1
      continue
    }
    if (length > 0 && !(isDots && length <= 2)) {
      if (isSame && same === depth && wanted?.length === length) same += 1
      depth += 1
    } else if (length === 2) {
      if (depth > 0) depth -= 1
      if (same > depth) same = depth
    }
    length = 0
    isDots = true
    isSame = same === depth
    wanted = base[depth]
  }
  return same === base.length
}

function matches(wanted: string | undefined, at: number, unit: number): boolean {
  return wanted !== undefined && wanted.charCodeAt(at) === unit
}

/** Control characters, backslashes, and what may be half of a surrogate pair. */
function isRefused(unit: number): boolean {
  return unit < 0x20 || unit === 0x5c || (unit >= 0x7f && unit <= 0x9f) || (unit >= 0xd800 && unit <= 0xdfff)
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
