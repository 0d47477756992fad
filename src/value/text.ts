/** `String.prototype.isWellFormed` (ES2024), where the engine has it. */
const native = (String.prototype as { readonly isWellFormed?: (this: string) => boolean }).isWellFormed

/** Half of a surrogate pair on its own: UTF-8 has no form for it, so that it would not survive being sent. */
export function hasLoneSurrogate(text: string): boolean {
  return native === undefined ? findsLoneSurrogate(text) : !native.call(text)
}

function findsLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = text.charCodeAt(i + 1)
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true
    i += 1
  }
  return false
}

/** Length in UTF-8, of well-formed text. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    // A surrogate pair is two units and four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** A text as a literal of the language: quoted, with control and invisible formatting characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
