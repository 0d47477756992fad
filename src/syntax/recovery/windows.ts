import type { IToken } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import * as t from '../tokens.ts'
import { isFirstOnLine, type Layout } from './layout.ts'
import { afterAnnotations, canEnd, isJoiner, type Place, probablyStarts, surelyStarts } from './starts.ts'

/** Half-open range of token indices. */
export type Window = readonly [from: number, to: number]

/** Cuts [from, to) before each line that begins a statement or member, blocks left whole. */
export function splitByLayout(
  layout: Layout,
  match: Int32Array,
  place: Place,
  from: number,
  to: number,
): readonly Window[] {
  const { tokens, indent } = layout
  let parentheses = 0
  let startIndent = indent[from] ?? 0
  return split(tokens, match, from, to, (i) => {
    const token = tokens[i]
    if (isFirstOnLine(layout, i)) {
      const outdented = (indent[i] ?? 0) <= startIndent
      // A `(` that is never closed must not hide the statements after it from the sure signs.
      if (surelyStarts(tokens, i) || (parentheses === 0 && probablyStarts(tokens, i, place, outdented))) {
        parentheses = 0
        startIndent = indent[i] ?? 0
        return true
      }
    }
    if (isA(token, t.LParen) || isA(token, t.LSquare)) parentheses++
    else if (isA(token, t.RParen) || isA(token, t.RSquare)) parentheses = Math.max(0, parentheses - 1)
    return false
  })
}

/** Cuts [from, to) wherever a statement or member surely begins, be it in the middle of a line. */
export function splitInLine(
  tokens: readonly IToken[],
  match: Int32Array,
  place: Place,
  from: number,
  to: number,
): readonly Window[] {
  return split(tokens, match, from, to, (i) => {
    const before = tokens[i - 1]
    if (place !== 'file' && (isA(tokens[i], t.Context) || isA(tokens[i], t.Token))) return false
    const isMember = isA(tokens[i], t.Expect) || isA(tokens[i], t.Given)
    return canEnd(before) && (isMember || !isJoiner(before)) && surelyStarts(tokens, i)
  })
}

function split(
  tokens: readonly IToken[],
  match: Int32Array,
  from: number,
  to: number,
  startsAt: (i: number) => boolean,
): readonly Window[] {
  if (from >= to) return []
  const windows: Window[] = []
  let start = from
  for (let i = afterFirst(tokens, from); i < to; i++) {
    if (startsAt(i)) {
      windows.push([start, i])
      start = i
      i = afterFirst(tokens, i) - 1
    } else {
      i = match[i] ?? i
    }
  }
  windows.push([start, to])
  return windows
}

/** What follows the first token of a statement; its annotations do not begin another one. */
function afterFirst(tokens: readonly IToken[], i: number): number {
  return afterAnnotations(tokens, i) + 1
}
