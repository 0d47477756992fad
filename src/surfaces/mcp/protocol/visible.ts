const longest = 100

/**
 * A name from the wire, fit for a terminal, a log or a message: characters that do not show, or that reorder others, are
 * escaped, and the rest is cut.
 */
export function visible(name: string): string {
  return visibleWhole(name.length > longest ? `${name.slice(0, longest)}…` : name)
}

/** The same without a cut, for what somebody has to see all of. */
export function visibleWhole(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
