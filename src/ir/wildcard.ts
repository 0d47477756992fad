/**
 * Whether the whole text is of the pattern: `*` stands for any run of characters, also none, `\*` for the character itself, `\\` for a backslash.
 * Each piece between two stars is looked for once, from the end of the one before, so that nothing is ever tried again.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pieces(pattern)
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** The literal texts between the stars; one more than there are stars. */
export function pieces(pattern: string): string[] {
  const found: string[] = []
  let piece = ''
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '\\' && (pattern[i + 1] === '*' || pattern[i + 1] === '\\')) {
      piece += pattern[i + 1]
      i++
    } else if (pattern[i] === '*') {
      found.push(piece)
      piece = ''
    } else piece += pattern[i]
  }
  return [...found, piece]
}
