/** A place as the protocol counts: lines from 0, characters in UTF-16 units, as the texts are held. */
export interface Position {
  readonly line: number
  readonly character: number
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

/** A text in which places are looked up both ways. Lines end as the protocol says: with LF, CR LF or CR. */
export interface LineIndex {
  readonly length: number
  /** A place outside of the text is the nearest one in it. */
  offsetAt(position: Position): number
  positionAt(offset: number): Position
}

export function lineIndex(text: string): LineIndex {
  const starts = [0]
  const ends: number[] = []
  for (const { 0: end, index } of text.matchAll(/\r\n|\n|\r/g)) {
    ends.push(index)
    starts.push(index + end.length)
  }
  ends.push(text.length)
  return {
    length: text.length,
    offsetAt: ({ line, character }) => {
      if (!(line >= 0)) return 0
      const start = starts[Math.floor(line)]
      const end = ends[Math.floor(line)]
      if (start === undefined || end === undefined) return text.length
      return character >= 0 ? Math.min(end, start + Math.floor(character)) : start
    },
    positionAt: (offset) => {
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= offset) low = middle
        else high = middle - 1
      }
      const start = starts[low] ?? 0
      return { line: low, character: Math.max(0, Math.min(offset, text.length) - start) }
    },
  }
}

/** A change as the protocol sends it: of a range, or of the whole text. */
export interface Change {
  readonly range?: Range
  readonly text: string
}

/** The text after changes, each of which is about what the one before it has left. */
export function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, { range, text: put }) => {
    if (range === undefined) return put
    const lines = lineIndex(before)
    const [from, to] = [lines.offsetAt(range.start), lines.offsetAt(range.end)]
    return before.slice(0, Math.min(from, to)) + put + before.slice(Math.max(from, to))
  }, text)
}
