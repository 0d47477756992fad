import type { Code } from './codes.ts'
import { severityOf } from './codes.ts'
import type { Span } from './source.ts'

export type Severity = 'error' | 'warning'

/** A change of one text: what stands there instead of the span. */
export interface TextEdit {
  readonly span: Span
  readonly text: string
}

/**
 * What can be done about a diagnostic without asking: of an error, the one thing that can have been meant; of a warning, something
 * that changes no decision. Its edits do not overlap.
 */
export interface Fix {
  readonly edits: readonly TextEdit[]
}

/** What else can be said of a mistake. */
export interface More {
  readonly help?: string | undefined
  readonly related?: Diagnostic['related']
  readonly fix?: Fix | undefined
}

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
  readonly fix?: Fix
}

export function diagnostic(code: Code, span: Span, message: string, more: More = {}): Diagnostic {
  return {
    code,
    severity: severityOf(code),
    message,
    span,
    ...(more.help === undefined ? {} : { help: more.help }),
    ...(more.related === undefined ? {} : { related: more.related }),
    ...(more.fix === undefined ? {} : { fix: more.fix }),
  }
}
