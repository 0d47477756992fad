/** How large a policy text may be; past a limit the answer is a `too-large` diagnostic. */
export const limits = {
  /** UTF-8 bytes of one file. */
  textBytes: 16 * 1024 * 1024,
  /** Brackets, ternaries, types and prefix operators inside one another. */
  nesting: 64,
  /** Height of the tree of one expression: chained operators and member accesses count here, not as nesting. */
  expressionHeight: 1_000,
  /** Literals, names and calls in one expression. */
  expressionSize: 100_000,
  /** UTF-8 bytes of an entity's id. */
  idBytes: 1024,
  /** Diagnostics of one file; a text with more mistakes is hostile or no policy at all. */
  diagnostics: 5_000,
  /** Digits of an integer literal; what 64 bits hold is the checker's business. */
  intDigits: 100,
} as const

/** Whether the text takes more than `limit` bytes in UTF-8; cheap for short texts. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false
  if (text.length > limit) return true
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair counts two of the four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
    if (bytes > limit) return true
  }
  return false
}
