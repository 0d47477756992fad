import type { IToken } from '../syntax/chevrotain.ts'
import { expectedAfter } from '../syntax/expected.ts'
import { endOf } from '../syntax/grammar/core.ts'
import { isA } from '../syntax/is-a.ts'
import { type Lexed, lex } from '../syntax/lexer.ts'
import { type Block, blockAt, matchBraces } from '../syntax/recovery/blocks.ts'
import { balanceBraces, isInserted } from '../syntax/recovery/braces.ts'
import { type Layout, layoutOf } from '../syntax/recovery/layout.ts'
import type { Place } from '../syntax/recovery/starts.ts'
import { splitByLayout } from '../syntax/recovery/windows.ts'
import * as t from '../syntax/tokens.ts'

/** A place in a text where somebody writes, whether the text is right or not. */
export interface Cursor {
  readonly text: string
  readonly offset: number
  readonly place: Place
  /** What a server, type or test is called in whose block it is, with what the block is about. */
  readonly block: { readonly keyword: string; readonly name: string | undefined } | undefined
  /** Tokens of the statement or member, as far as they are written before the word at the cursor. */
  readonly before: readonly IToken[]
  /** The word that is being written, up to the cursor. */
  readonly word: string
  /** Where it begins; what is written replaces it as a whole. */
  readonly start: number
  readonly end: number
  /** Where the statement or member ends. */
  readonly last: number
  readonly isFirstOnLine: boolean
  /** Within a text in quotes, that text. */
  readonly string: IToken | undefined
  readonly isComment: boolean
}

/** The cursor at an offset of a text. */
export function cursorAt(text: string, offset: number, lexed: Lexed = lex({ name: '', text })): Cursor {
  const { tokens } = balanceBraces(layoutOf(lexed.tokens, text), '')
  const layout = layoutOf(tokens, text)
  const touched = tokens.find(
    (token) => token.startOffset < offset && offset <= endOf(token) && isWritten(token, offset),
  )
  const begun = touched === undefined ? begunEntity(layout, text, offset) : undefined
  const start = touched?.startOffset ?? begun ?? offset
  const string = touched !== undefined && isText(touched) ? touched : undefined
  const { place, block, from, to } = surroundings(layout, text, start)
  const name = block === undefined ? undefined : tokens.slice(block.from, block.open).find(isBlockName)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  return {
    text,
    offset,
    place,
    block: block === undefined ? undefined : { keyword: block.keyword, name: name?.image },
    before: tokens.slice(from, to).filter((token) => token.startOffset < start && !isInserted(token)),
    word: text.slice(start, offset),
    start,
    end: touched === undefined ? offset : endOf(touched),
    last: Math.max(offset, ...tokens.slice(from, to).slice(-1).map(endOf)),
    isFirstOnLine: text.slice(lineStart, start).trim() === '',
    string,
    isComment: isInComment(text, lineStart, offset, tokens),
  }

  function isBlockName(token: IToken, i: number, head: readonly IToken[]): boolean {
    return i > 0 && isA(token, t.Name) && isA(head[i - 1], t.Name) && head[i - 1]?.image === block?.keyword
  }
}

/** Where an entity begins of which the id is not written yet, if one may stand there. */
function begunEntity(layout: Layout, text: string, offset: number): number | undefined {
  const begun = /\b[A-Z]\w*:$/.exec(text.slice(Math.max(0, offset - longestType), offset))?.[0]
  if (begun === undefined) return undefined
  const start = offset - begun.length
  const { place, from, to } = surroundings(layout, text, start)
  const before = layout.tokens.slice(from, to).filter((token) => token.startOffset < start && !isInserted(token))
  return expectedAfter(place, before).some(({ type }) => type === t.Entity) ? start : undefined
}

const longestType = 200

/** A word goes on where the cursor touches its end; a text in quotes has ended there. */
function isWritten(token: IToken, offset: number): boolean {
  if (isA(token, t.Word) || token.tokenType === t.Entity || token.tokenType === t.Int) return true
  return isText(token) && (offset < endOf(token) || token.image.length > endOf(token) - token.startOffset)
}

function isText(token: IToken): boolean {
  return token.tokenType === t.Str
}

function isInComment(text: string, lineStart: number, offset: number, tokens: readonly IToken[]): boolean {
  for (let at = text.indexOf('//', lineStart); at !== -1 && at < offset; at = text.indexOf('//', at + 1))
    if (!tokens.some((token) => token.startOffset <= at && at < endOf(token))) return true
  return false
}

interface Surroundings {
  readonly place: Place
  readonly block: (Block & { readonly from: number }) | undefined
  readonly from: number
  readonly to: number
}

/** The statement or member in which an offset lies, or after which, and the block around it. */
function surroundings(layout: Layout, text: string, offset: number): Surroundings {
  const { tokens, indent } = layout
  const match = matchBraces(tokens)
  let found: Surroundings = { place: 'file', block: undefined, from: 0, to: tokens.length }
  for (;;) {
    const windows = splitByLayout(layout, match, found.place, found.from, found.to)
    const [from, to] = windows.findLast(([at]) => (tokens[at]?.startOffset ?? 0) <= offset) ?? [found.from, found.from]
    const block = blockAt(tokens, match, from, to)
    const isInside = block !== undefined && found.block === undefined && contains(block, from)
    if (!isInside) {
      // What has a block has ended with it.
      const isOver = block !== undefined && (tokens[block.close]?.startOffset ?? 0) < offset
      return { ...found, from: isOver ? block.close + 1 : from, to }
    }
    found = { place: block.place, block: { ...block, from }, from: block.open + 1, to: block.close }
  }

  function contains({ open, close }: Block, from: number): boolean {
    const closing = tokens[close]
    if (closing === undefined || offset <= (tokens[open]?.startOffset ?? 0)) return false
    if (!isInserted(closing)) return offset <= closing.startOffset
    const lineStart = text.lastIndexOf('\n', offset - 1) + 1
    const isIndented = offset - lineStart > (indent[from] ?? 0) || text.slice(lineStart, offset).trim() !== ''
    return isIndented && offset <= (tokens[close + 1]?.startOffset ?? Number.POSITIVE_INFINITY)
  }
}
