import type { Code } from './codes.ts'
import { severityOf } from './codes.ts'
import type { Span } from './source.ts'

export type Severity = 'error' | 'warning'

/**
 * What is wrong with a text, for the person who wrote it. `message` is lowercase, without a final period, user input in
 * backticks; `help` says what was probably meant.
 */
export interface Diagnostic {
  readonly code: Code
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  readonly help?: string
  /** Other places that explain this one, such as the first of two declarations. */
  readonly related?: readonly { readonly span: Span; readonly message: string }[]
}

export function diagnostic(
  code: Code,
  span: Span,
  message: string,
  more: { readonly help?: string | undefined; readonly related?: Diagnostic['related'] } = {},
): Diagnostic {
  return {
    code,
    severity: severityOf(code),
    message,
    span,
    ...(more.help === undefined ? {} : { help: more.help }),
    ...(more.related === undefined ? {} : { related: more.related }),
  }
}
