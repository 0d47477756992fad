/** A text under its name: a path, or whatever the caller calls it. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/** Half-open range of UTF-16 offsets in one file. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** One-based line and column, columns in UTF-16 units, as editors and SARIF count them. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Offsets at which the lines of a text begin; made once for a file of which many positions are wanted. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return starts
}

/** Position of an offset, by binary search over `lineStarts`. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}
