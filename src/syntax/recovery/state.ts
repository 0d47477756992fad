import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import type { Broken, Member, Statement } from '../ast.ts'
import type { IToken } from '../chevrotain.ts'
import { endOf } from '../grammar/core.ts'
import type { PolicyParser, ServerMember, TestMember } from '../grammar/policy.ts'
import type { Lexed, Problem } from '../lexer.ts'
import { limits } from '../limits.ts'
import { isInserted } from './braces.ts'
import type { Layout } from './layout.ts'
import type { Remembered } from './remembered.ts'

export type Item = Statement | Member | ServerMember | TestMember

/** A part of a text that does not parse: it is cut into windows, each of which gives at most one diagnostic of the parser. */
export interface Recovery {
  readonly source: SourceFile
  readonly parser: PolicyParser
  readonly docs: Lexed['docs']
  readonly memory: Remembered | undefined
  readonly layout: Layout
  readonly match: Int32Array
  readonly problems: readonly Problem[]
  readonly diagnostics: Diagnostic[]
  /** How many problems of the lexer have been attributed to a window; windows are visited in the order of the text. */
  attributed: number
}

export function limited(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = diagnostics[limits.diagnostics]
  if (next === undefined) return diagnostics
  const message = `more than ${limits.diagnostics} mistakes; the rest of the file is not reported`
  return [...diagnostics.slice(0, limits.diagnostics), diagnostic('too-large', next.span, message)]
}

/** Whether the lexer found something before token `to` that is not yet attributed. */
export function hasProblems(r: Recovery, to: number): boolean {
  const next = r.problems[r.attributed]
  return next !== undefined && next.diagnostic.span.start < startOf(r, to)
}

/** Reports what the lexer found before token `to`; a habit once. True where there was anything. */
export function attribute(r: Recovery, to: number): boolean {
  const before = r.attributed
  let habits = 0
  for (; hasProblems(r, to); r.attributed++) {
    const problem = r.problems[r.attributed]
    if (problem !== undefined && (!problem.habit || habits++ === 0)) r.diagnostics.push(problem.diagnostic)
  }
  return r.attributed > before
}

/** Adds many, one by one: there may be more than a call can take as arguments. */
export function append<T>(to: T[], items: readonly T[]): void {
  for (const item of items) to.push(item)
}

function startOf(r: Recovery, i: number): number {
  return r.layout.tokens[i]?.startOffset ?? Number.POSITIVE_INFINITY
}

export function spanOf(r: Recovery, from: number, to: number): Broken['span'] {
  const [first, last] = [r.layout.tokens[from], r.layout.tokens[to - 1]]
  const start = first?.startOffset ?? 0
  return { file: r.source.name, start, end: last === undefined ? start : Math.max(start, endOf(last)) }
}

/** The token of [from, to) that begins at an offset. */
export function indexOf(tokens: readonly IToken[], offset: number, from: number, to: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tokens[middle]?.startOffset ?? 0) < offset) low = middle + 1
    else high = middle
  }
  // A token without text may have been put where this one begins.
  while (low < to - 1 && isInserted(tokens[low])) low++
  return low
}
