import type { Span } from '../base/source.ts'
import type { Notes, Referent } from '../model/notes.ts'
import type { Expr, Policy } from '../syntax/ast.ts'
import type { IToken } from '../syntax/chevrotain.ts'
import { isA } from '../syntax/is-a.ts'
import { lex } from '../syntax/lexer.ts'
import { printExpression } from '../syntax/print.ts'
import * as t from '../syntax/tokens.ts'
import { walk } from '../syntax/walk.ts'
import type { Occurrences } from './occurrences.ts'

/**
 * `missing approvedBy(…)` has the words of conditions, and is compared with them as a text. So a name in it stands for what it stands
 * for in every condition that says the same.
 */
export function noteApprovers(
  files: ReadonlyMap<string, string>,
  policies: readonly Policy[],
  notes: Notes,
  occurrences: Occurrences,
): void {
  const repeated = new Map<string, Expr[]>()
  for (const test of policies.flatMap(({ statements }) => statements.filter(({ kind }) => kind === 'test')))
    walk(test, {
      expect: ({ expectation }) => {
        if (expectation.kind !== 'decision') return
        for (const expr of expectation.missing ?? [])
          for (const by of approversIn(expr)) {
            const text = printExpression(by)
            const same = repeated.get(text)
            if (same === undefined) repeated.set(text, [by])
            else same.push(by)
          }
        return false
      },
    })
  if (repeated.size === 0) return
  const named = new Map<string, NameIn>()
  for (const policy of policies)
    walk(policy, {
      test: () => false,
      call: (expr) => {
        for (const by of approversIn(expr)) {
          const text = printExpression(by)
          if (!repeated.has(text)) continue
          for (const one of namesIn(by, text)) named.set(JSON.stringify(one), one)
        }
      },
    })
  for (const { text, token, from, length, referent } of named.values())
    for (const { span } of repeated.get(text) ?? []) {
      const start = (tokensOf(span)[token]?.startOffset ?? 0) + from
      notes.refer({ file: span.file, start, end: start + length }, referent)
    }

  function namesIn({ span: { file, start, end } }: Expr, text: string): readonly NameIn[] {
    const tokens = tokensOf({ file, start, end })
    return occurrences
      .in(file)
      .filter(({ span }) => start <= span.start && span.end <= end)
      .map(({ span, referent }) => {
        const token = tokens.findLastIndex(({ startOffset }) => startOffset <= span.start)
        const from = span.start - (tokens[token]?.startOffset ?? 0)
        return { text, token, from, length: span.end - span.start, referent }
      })
  }

  /** At their places in the text; parentheses may be more than are printed. */
  function tokensOf({ file, start, end }: Span): readonly IToken[] {
    const text = files.get(file)?.slice(start, end) ?? ''
    return lex({ name: '', text })
      .tokens.filter((token) => !isA(token, t.LParen) && !isA(token, t.RParen))
      .map((token) => ({ ...token, startOffset: token.startOffset + start }))
  }
}

/** A name in an expression that is printed so: in which of its tokens, and where in that. */
interface NameIn {
  readonly text: string
  readonly token: number
  readonly from: number
  readonly length: number
  readonly referent: Referent
}

function approversIn(expr: Expr): readonly Expr[] {
  return expr.kind === 'call' && expr.function.text === 'approvedBy' ? expr.args.slice(0, 1) : []
}
