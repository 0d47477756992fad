/** Text from outside, fit for a terminal, a log or a message: characters that do not show, or that reorder others, are escaped. */
export function visibleText(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
