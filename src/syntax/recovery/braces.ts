import type { Diagnostic } from '../../base/diagnostic.ts'
import { diagnostic } from '../../base/diagnostic.ts'
import type { IToken, TokenType } from '../chevrotain.ts'
import { endOf } from '../grammar/core.ts'
import { isA } from '../is-a.ts'
import type { Problem } from '../lexer.ts'
import { limits } from '../limits.ts'
import * as t from '../tokens.ts'
import { isFirstOnLine, type Layout } from './layout.ts'
import { surelyStarts, surelyStartsAtTop } from './starts.ts'

const closesNothing = 'this `}` closes nothing'

interface Open {
  readonly index: number
  readonly indent: number
  /** Whether what stands on the lines inside is indented; undefined until the first such line. */
  indented: boolean | undefined
}

interface Header {
  readonly index: number
  readonly indent: number
  /** Where in the output its line ends, and whether the next line is indented below it. */
  end: number | undefined
}

export interface Balanced {
  readonly tokens: readonly IToken[]
  readonly diagnostics: readonly Diagnostic[]
  /** What is wrong with one statement, of which nothing more need be said. */
  readonly problems: readonly Problem[]
}

/**
 * The tokens with every `{` closed: a missing brace is put where the layout says that it belongs, one too many is left out,
 * and each gives its one diagnostic.
 */
export function balanceBraces(layout: Layout, file: string): Balanced {
  const { tokens, indent } = layout
  const problems: Problem[] = []
  const diagnostics: Diagnostic[] = []
  const out: IToken[] = []
  const inserted: { readonly at: number; readonly token: IToken }[] = []
  const open: Open[] = []
  const surplus = moreOpened(tokens)
  const nextLine = surplus < 0 ? nextLines(layout) : undefined
  let header: Header | undefined

  const closeUnclosed = (): void => {
    const index = open.pop()?.index ?? -1
    const brace = tokens[index]
    if (brace === undefined) return
    const found = diagnostic('unclosed-block', spanOf(brace, file), 'this `{` is never closed', { help: 'add a `}`' })
    // Where something follows on its line, that may well not parse any more.
    if (isFirstOnLine(layout, index + 1)) diagnostics.push(found)
    else problems.push({ diagnostic: found, habit: false })
    out.push(virtual(t.RCurly, out.at(-1) ?? brace))
  }

  for (const [i, token] of tokens.entries()) {
    const column = indent[i] ?? 0
    if (isFirstOnLine(layout, i)) {
      const innermost = open.at(-1)
      if (innermost !== undefined) innermost.indented ??= column > innermost.indent
      for (let top = open.at(-1); top !== undefined && column <= top.indent; top = open.at(-1)) {
        // Where all braces match, the layout must be sure to know better.
        if (!(top.indented === false || surplus === 0 ? surelyStartsAtTop(tokens, i) : surelyStarts(tokens, i))) break
        closeUnclosed()
      }
      if (header !== undefined && header.end === undefined) {
        if (column > header.indent) header.end = out.length
        else header = undefined
      }
      if (open.length === 0 && mayHaveBlock(tokens, i)) header = { index: i, indent: column, end: undefined }
    }
    if (token.tokenType === t.LCurly) {
      if (tokens[i - 1]?.tokenType === t.LCurly) {
        diagnostics.push(diagnostic('syntax', spanOf(token, file), 'a second `{`'))
        continue
      }
      // What follows a `{` on its line shows that its block does not go on in the column where the line began.
      open.push({ index: i, indent: column, indented: isFirstOnLine(layout, i + 1) ? undefined : true })
      if (header?.end === undefined) header = undefined
    } else if (token.tokenType === t.RCurly) {
      const inLine = !isFirstOnLine(layout, i)
      const isSurplus = nextLine !== undefined && inLine && goesOn(layout, nextLine, open.at(-1), i)
      if (isSurplus || (open.length === 0 && inLine)) {
        const help = 'leave it out, or add the `{` that it closes'
        problems.push({ diagnostic: diagnostic('syntax', spanOf(token, file), closesNothing, { help }), habit: false })
        continue
      }
      if (open.length === 0) {
        if (header?.end === undefined) {
          diagnostics.push(diagnostic('syntax', spanOf(token, file), closesNothing))
          continue
        }
        const last = tokens[header.index] ?? token
        diagnostics.push(missingBrace(out[header.end - 1] ?? last, file))
        inserted.push({ at: header.end, token: virtual(t.LCurly, out[header.end - 1] ?? last) })
        header = undefined
      } else {
        if (surplus > 0 && isFirstOnLine(layout, i)) {
          for (let inner = deeperThan(open, column); inner > 0; inner--) closeUnclosed()
        }
        open.pop()
      }
    }
    out.push(token)
  }
  while (open.length > 0) closeUnclosed()
  return { tokens: merged(out, inserted), diagnostics, problems }
}

/** How many innermost blocks lie inside the one that begins at this column; none where no block begins there. */
function deeperThan(open: readonly Open[], column: number): number {
  for (let inner = 0; inner < Math.min(open.length, limits.nesting); inner++) {
    const indent = open[open.length - 1 - inner]?.indent ?? 0
    if (indent <= column) return indent === column ? inner : 0
  }
  return 0
}

/** Whether a `}` in the middle of its line would close a block of earlier lines that goes on in the next line. */
function goesOn(layout: Layout, nextLine: Int32Array, block: Open | undefined, i: number): boolean {
  const { line, indent, tokens } = layout
  if (block?.indented !== true || line[block.index] === line[i]) return false
  const next = nextLine[i] ?? tokens.length
  const column = indent[next] ?? 0
  return column > block.indent || (column === block.indent && tokens[next]?.tokenType === t.RCurly)
}

/** For each token, the first one of the next line. */
function nextLines(layout: Layout): Int32Array {
  const next = new Int32Array(layout.tokens.length)
  let first = layout.tokens.length
  for (let i = layout.tokens.length - 1; i >= 0; i--) {
    next[i] = first
    if (isFirstOnLine(layout, i)) first = i
  }
  return next
}

/** Whether the statement at `i` is one that can have a block with members. */
function mayHaveBlock(tokens: readonly IToken[], i: number): boolean {
  const [word, next] = [tokens[i], tokens[i + 1]]
  if (isA(word, t.Server)) return isA(next, t.Name) || isA(next, t.Star)
  const isBlockWord = [t.Open, t.Virtual, t.Dynamic, t.Actor, t.Resource, t.Test].some((type) => isA(word, type))
  return isBlockWord && surelyStarts(tokens, i)
}

/** How many more braces are opened than closed. */
function moreOpened(tokens: readonly IToken[]): number {
  let depth = 0
  for (const { tokenType } of tokens) depth += tokenType === t.LCurly ? 1 : tokenType === t.RCurly ? -1 : 0
  return depth
}

function missingBrace(after: IToken, file: string): Diagnostic {
  return diagnostic('syntax', spanOf(after, file), 'a `{` is missing after this', {
    help: 'what follows is indented like a block, and a `}` closes it',
  })
}

function spanOf(token: IToken, file: string): Diagnostic['span'] {
  return { file, start: token.startOffset, end: endOf(token) }
}

/** A brace that takes no place in the text, after another token. */
function virtual(type: TokenType, after: IToken): IToken {
  const at = endOf(after)
  const image = type === t.LCurly ? '{' : '}'
  return { image, startOffset: at, endOffset: at - 1, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 }
}

export function isInserted(token: IToken | undefined): boolean {
  return token !== undefined && endOf(token) === token.startOffset
}

function merged(
  tokens: readonly IToken[],
  inserted: readonly { readonly at: number; readonly token: IToken }[],
): readonly IToken[] {
  if (inserted.length === 0) return tokens
  const all: IToken[] = []
  let next = 0
  for (const [i, token] of tokens.entries()) {
    const insertion = inserted[next]
    if (insertion?.at === i) {
      all.push(insertion.token)
      next++
    }
    all.push(token)
  }
  return all
}
