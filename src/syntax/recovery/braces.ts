import type { Diagnostic } from '../../base/diagnostic.ts'
import { diagnostic } from '../../base/diagnostic.ts'
import type { IToken, TokenType } from '../chevrotain.ts'
import { endOf } from '../grammar/core.ts'
import { limits } from '../limits.ts'
import * as t from '../tokens.ts'
import { isFirstOnLine, type Layout } from './layout.ts'
import { surelyStarts, surelyStartsAtTop } from './starts.ts'

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

/**
 * The tokens with every `{` closed: a missing brace is put where the layout says that it belongs, one too many is left out,
 * and each gives its one diagnostic.
 */
export function balanceBraces(
  layout: Layout,
  file: string,
): { readonly tokens: readonly IToken[]; readonly diagnostics: readonly Diagnostic[] } {
  const { tokens, indent } = layout
  const diagnostics: Diagnostic[] = []
  const out: IToken[] = []
  const inserted: { readonly at: number; readonly token: IToken }[] = []
  const open: Open[] = []
  const unclosed = moreOpened(tokens)
  let header: Header | undefined

  const closeUnclosed = (): void => {
    const brace = tokens[open.pop()?.index ?? -1]
    if (brace === undefined) return
    diagnostics.push(
      diagnostic('unclosed-block', spanOf(brace, file), 'this `{` is never closed', { help: 'add a `}`' }),
    )
    out.push(virtual(t.RCurly, out.at(-1) ?? brace))
  }

  for (const [i, token] of tokens.entries()) {
    const column = indent[i] ?? 0
    if (isFirstOnLine(layout, i)) {
      const innermost = open.at(-1)
      if (innermost !== undefined) innermost.indented ??= column > innermost.indent
      for (let top = open.at(-1); top !== undefined && column <= top.indent; top = open.at(-1)) {
        if (!(top.indented === false ? surelyStartsAtTop(tokens, i) : surelyStarts(tokens, i))) break
        closeUnclosed()
      }
      if (header !== undefined && header.end === undefined) {
        if (column > header.indent) header.end = out.length
        else header = undefined
      }
      if (open.length === 0 && surelyStartsAtTop(tokens, i)) header = { index: i, indent: column, end: undefined }
    }
    if (token.tokenType === t.LCurly) {
      // What follows a `{` on its line shows that its block does not go on in the column where the line began.
      open.push({ index: i, indent: column, indented: isFirstOnLine(layout, i + 1) ? undefined : true })
      header = undefined
    } else if (token.tokenType === t.RCurly) {
      if (open.length === 0) {
        if (header?.end === undefined) {
          diagnostics.push(diagnostic('syntax', spanOf(token, file), 'this `}` closes nothing'))
          continue
        }
        const last = tokens[header.index] ?? token
        diagnostics.push(missingBrace(out[header.end - 1] ?? last, file))
        inserted.push({ at: header.end, token: virtual(t.LCurly, out[header.end - 1] ?? last) })
        header = undefined
      } else {
        if (unclosed && isFirstOnLine(layout, i)) {
          for (let inner = deeperThan(open, column); inner > 0; inner--) closeUnclosed()
        }
        open.pop()
      }
    }
    out.push(token)
  }
  while (open.length > 0) closeUnclosed()
  return { tokens: merged(out, inserted), diagnostics }
}

/** How many innermost blocks lie inside the one that begins at this column; none where no block begins there. */
function deeperThan(open: readonly Open[], column: number): number {
  for (let inner = 0; inner < Math.min(open.length, limits.nesting); inner++) {
    const indent = open[open.length - 1 - inner]?.indent ?? 0
    if (indent <= column) return indent === column ? inner : 0
  }
  return 0
}

function moreOpened(tokens: readonly IToken[]): boolean {
  let depth = 0
  for (const { tokenType } of tokens) depth += tokenType === t.LCurly ? 1 : tokenType === t.RCurly ? -1 : 0
  return depth > 0
}

function missingBrace(after: IToken, file: string): Diagnostic {
  return diagnostic('syntax', spanOf(after, file), 'a `{` is missing after this', {
    help: 'what follows is indented like a block, and a `}` closes it',
  })
}

function spanOf(token: IToken, file: string): Diagnostic['span'] {
  return { file, start: token.startOffset, end: endOf(token) }
}

/** A token without text, after another. */
function virtual(type: TokenType, after: IToken): IToken {
  const at = endOf(after)
  return { image: '', startOffset: at, endOffset: at - 1, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 }
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
