import type { IToken } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import { meantKeyword } from '../mistakes/keywords.ts'
import * as t from '../tokens.ts'
import { afterAnnotations, isModifier, isStatementWord, type Place } from './starts.ts'

/** The index of the `}` for each `{`, and of itself for every other token; the braces are balanced. */
export function matchBraces(tokens: readonly IToken[]): Int32Array {
  const match = new Int32Array(tokens.length)
  const open: number[] = []
  for (const [i, { tokenType }] of tokens.entries()) {
    match[i] = i
    if (tokenType === t.LCurly) open.push(i)
    else if (tokenType === t.RCurly) match[open.pop() ?? i] = i
  }
  return match
}

export interface Block {
  /** The keyword that the statement begins with, or was meant to. */
  readonly keyword: string
  /** What stands in the block. */
  readonly place: Place
  /** Indices of the braces. */
  readonly open: number
  readonly close: number
}

const placeInside: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['actor', 'entity'],
  ['resource', 'entity'],
  ['server', 'server'],
  ['test', 'test'],
  ['context', 'fields'],
  ['token', 'fields'],
])

/** The block of the statement in [from, to), where it is one that has members. */
export function blockAt(tokens: readonly IToken[], match: Int32Array, from: number, to: number): Block | undefined {
  let at = afterAnnotations(tokens, from)
  while (isModifier(tokens[at])) at++
  const word = tokens[at]
  if (word === undefined || at >= to || !isA(word, t.Name)) return undefined
  const keyword = isStatementWord(word) ? word.image : meantKeyword(word.image, placeInside.keys())
  const place = placeInside.get(keyword ?? '')
  if (keyword === undefined || place === undefined) return undefined
  if (place === 'fields' && !isA(tokens[at + 1], t.LCurly)) return undefined
  for (let open = at + 1; open < to; open++) {
    if (isA(tokens[open], t.LCurly)) return { keyword, place, open, close: match[open] ?? open }
  }
  return undefined
}
