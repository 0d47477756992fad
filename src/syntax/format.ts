import type { Diagnostic } from '../base/diagnostic.ts'
import { lex } from './lexer.ts'
import { parse } from './parse.ts'
import { token } from './printing/document.ts'
import { document } from './printing/policy.ts'
import { render } from './printing/render.ts'
import { writtenAround } from './printing/written.ts'

export interface Formatted {
  /** Undefined where the text does not parse, which the diagnostics say. */
  readonly text?: string
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A policy text in the one style, with the same meaning and every comment at its place. Formatting it again changes nothing. Never
 * throws.
 */
export function format(text: string, name = 'policy.licet'): Formatted {
  const source = { name, text }
  const { policy, diagnostics } = parse(source)
  if (diagnostics.length > 0) return { diagnostics }
  const end = token('')
  const doc = document(policy, end)
  const result = render(doc, writtenAround(doc, end, text, lex(source).tokens))
  // Parentheses for readers can pass the limit of nesting: such a text stays as it is.
  return { text: parse({ name, text: result }).diagnostics.length === 0 ? result : text, diagnostics }
}
