// Ends of the tokens that are scanned by hand; -1 where there is no such token at this offset. Each looks at no character
// more than a constant number of times, and none beyond its line except a block comment.

const newline = 0x0a
const carriageReturn = 0x0d
const backslash = 0x5c

function endsLine(code: number): boolean {
  return code === newline || code === carriageReturn || Number.isNaN(code)
}

/** A string in the quotes that stand at `from`. */
export function scanString(text: string, from: number): number {
  const quote = text.charCodeAt(from)
  if (quote !== 0x22 && quote !== 0x27) return -1
  for (let i = from + 1; ; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) return i + 1
    if (code === backslash) i++
    if (endsLine(code) || (code === backslash && endsLine(text.charCodeAt(i)))) return -1
  }
}

/** `/…/`, where a slash in a character class does not end it; an empty one would be a comment. */
export function scanRegex(text: string, from: number): number {
  if (text[from] !== '/') return -1
  let inClass = false
  for (let i = from + 1; ; i++) {
    const code = text.charCodeAt(i)
    if (endsLine(code)) return -1
    if (code === backslash) {
      i++
      if (endsLine(text.charCodeAt(i))) return -1
    } else if (code === 0x5b) inClass = true
    else if (code === 0x5d) inClass = false
    else if (code === 0x2f && !inClass) return i === from + 1 ? -1 : i + 1
  }
}

const entityType = /[A-Z]\w*:/y
const wordPart = /\w+/y

/** `Type:id` or `Type:"any id"`. */
export function scanEntity(text: string, from: number): number {
  entityType.lastIndex = from
  if (!entityType.test(text)) return -1
  let end = entityType.lastIndex
  if (text[end] === '"') return scanString(text, end)
  wordPart.lastIndex = end
  if (!wordPart.test(text)) return -1
  end = wordPart.lastIndex
  while (text[end] === '-') {
    wordPart.lastIndex = end + 1
    if (!wordPart.test(text)) break
    end = wordPart.lastIndex
  }
  return end
}

const unquotedRest = /[/@]\w(?:[\w./@-]*\w)?/y

/** `Type:an/id` or `Type:ann@acme.dev`, of which only the first part would be an id without quotes. */
export function scanUnquotedEntity(text: string, from: number): number {
  const end = scanEntity(text, from)
  if (end === -1 || text[end - 1] === '"') return -1
  unquotedRest.lastIndex = end
  return unquotedRest.test(text) ? unquotedRest.lastIndex : -1
}

/** A block comment of other languages, to the end of the text where it is not closed. */
export function scanBlockComment(text: string, from: number): number {
  if (text[from] !== '/' || text[from + 1] !== '*') return -1
  const close = text.indexOf('*/', from + 2)
  return close === -1 ? text.length : close + 2
}
