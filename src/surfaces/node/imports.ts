/** Comments and strings, so that what is in them is passed over; then what names another file. */
const tokens =
  /\/\/[^\n]*|\bimport(?:\s|\/\/[^\n]*\n)*("(?:[^"\\\n]|\\.)*")|\bserver\s+(?:\*|\w+)\s+from\s*("(?:[^"\\\n]|\\.)*")|"(?:[^"\\\n]|\\.)*"/g

/**
 * The literals that probably name other files, with their quotes, found without parsing: a guess that saves compiling a
 * program twice to learn what it imports. The compiler has the last word.
 */
export function likelyImports(text: string): readonly string[] {
  const found: string[] = []
  for (const [, imported, lock] of text.matchAll(tokens)) {
    const literal = imported ?? lock
    if (literal !== undefined) found.push(literal)
  }
  return found
}

/** The path that a literal stands for; none where it has escapes that JSON does not have, as no path that anyone writes. */
export function pathIn(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
