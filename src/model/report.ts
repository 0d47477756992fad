import type { Code } from '../base/codes.ts'
import { type Diagnostic, diagnostic, type More } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { Notes } from './notes.ts'

/** Where diagnostics of one run are gathered. */
export interface Report {
  add(code: Code, span: Span, message: string, more?: More): void
  readonly diagnostics: readonly Diagnostic[]
  /** Where somebody wants to know more than what is wrong. */
  readonly notes: Notes | undefined
}

/** Says each thing once, however often a `let` is checked anew. */
export function report(notes?: Notes): Report {
  const diagnostics: Diagnostic[] = []
  const said = new Set<string>()
  return {
    diagnostics,
    notes,
    add(code, span, message, more) {
      const key = `${code} ${span.file} ${span.start} ${span.end} ${message}`
      if (said.has(key)) return
      said.add(key)
      diagnostics.push(diagnostic(code, span, message, more))
    },
  }
}
