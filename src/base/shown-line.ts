/** A line as a terminal shows it, and where a part of it lies, in columns. */
export interface ShownLine {
  readonly shown: string
  readonly offset: number
  /** At least 1. */
  readonly length: number
}

const tabWidth = 4

/** Control and formatting characters, those that reorder text among them; they would steer the terminal. */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const joiner = '\u200d'
const combining = /\p{M}/u
/** What terminals show two columns wide: East Asian wide and fullwidth forms, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u

/** A line without its end, and the part of it from one UTF-16 offset to another. */
export function shownLine(line: string, from: number, to: number): ShownLine {
  let shown = ''
  let columns = 0
  let start = 0
  let end = 0
  let at = 0
  for (const character of line) {
    if (at <= from) start = columns
    const piece = pieceOf(character, columns)
    shown += piece.text
    columns += piece.columns
    at += character.length
    if (at <= to) end = columns
  }
  if (from >= at) start = columns
  return { shown, offset: start, length: Math.max(1, end - start) }
}

function pieceOf(character: string, column: number): { readonly text: string; readonly columns: number } {
  if (character === '\t') {
    const spaces = tabWidth - (column % tabWidth)
    return { text: ' '.repeat(spaces), columns: spaces }
  }
  if (combining.test(character)) return { text: character, columns: 0 }
  if (character === joiner || steering.test(character)) return { text: '\ufffd', columns: 1 }
  return { text: character, columns: wide.test(character) ? 2 : 1 }
}

/** The same, cut to so many columns where it is longer, with an ellipsis where something is left out. */
export function cutAround(line: ShownLine, columns: number): ShownLine {
  const total = columnsOf(line.shown)
  if (total <= columns) return line
  const room = columns - 2
  const wanted = line.offset - Math.max(0, Math.floor((room - Math.min(line.length, room)) / 2))
  const from = Math.max(0, Math.min(wanted, total - room))
  let text = ''
  let column = 0
  let first: number | undefined
  for (const character of line.shown) {
    const next = column + columnsOf(character)
    if (column >= from && next <= from + room) {
      first ??= column
      text += character
    }
    column = next
  }
  const before = from > 0 ? '…' : ''
  const after = from + room < total ? '…' : ''
  const offset = line.offset - (first ?? from) + before.length
  return { shown: `${before}${text}${after}`, offset, length: Math.max(1, Math.min(line.length, columns - offset)) }
}

function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += pieceOf(character, columns).columns
  return columns
}
