import { lineStarts } from '../../base/source.ts'
import type { IToken } from '../chevrotain.ts'

/** How tokens lie on their lines. It is asked only of texts that do not parse, to tell where a mistake ends. */
export interface Layout {
  readonly tokens: readonly IToken[]
  /** Line of each token, from 0. */
  readonly line: Int32Array
  /** Column of the first token on the same line, from 0. */
  readonly indent: Int32Array
}

export function layoutOf(tokens: readonly IToken[], text: string): Layout {
  const starts = lineStarts(text)
  const line = new Int32Array(tokens.length)
  const indent = new Int32Array(tokens.length)
  let current = 0
  for (const [i, token] of tokens.entries()) {
    while ((starts[current + 1] ?? Number.POSITIVE_INFINITY) <= token.startOffset) current++
    line[i] = current
    const first = i === 0 || line[i - 1] !== current
    indent[i] = first ? token.startOffset - (starts[current] ?? 0) : (indent[i - 1] ?? 0)
  }
  return { tokens, line, indent }
}

export function isFirstOnLine(layout: Layout, i: number): boolean {
  return i === 0 || i >= layout.tokens.length || layout.line[i - 1] !== layout.line[i]
}
