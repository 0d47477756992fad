import type { Diagnostic, TextEdit } from './base/diagnostic.ts'
import type { SourceFile } from './base/source.ts'
import { parse } from './syntax/parse.ts'

export interface FixesApplied {
  /** The files that changed, with their new texts. */
  readonly files: readonly SourceFile[]
  readonly applied: readonly Diagnostic[]
}

/**
 * Applies the fixes of diagnostics to the texts that they are about. Of fixes that overlap the first is taken: compile the result and
 * apply again until nothing is left to apply. A file that would parse worse than before stays as it is. A line that an edit leaves
 * empty goes with it.
 */
export function applyFixes(sources: readonly SourceFile[], diagnostics: readonly Diagnostic[]): FixesApplied {
  const texts = new Map(sources.map((source) => [source.name, source.text]))
  let accepted = accept(diagnostics, texts)
  let files = edited(accepted, texts)
  const worse = new Set(files.filter((file) => parsesWorse(file, texts.get(file.name) ?? '')).map(({ name }) => name))
  if (worse.size > 0) {
    accepted = accepted.filter(({ fix }) => fix?.edits.every(({ span }) => !worse.has(span.file)) === true)
    files = edited(accepted, texts)
  }
  return { files, applied: accepted }
}

/** The diagnostics whose fixes can be applied together. */
function accept(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const taken = new Map<string, TextEdit[]>()
  return diagnostics.filter(({ fix }) => {
    if (fix === undefined || !fix.edits.every(({ span }) => texts.has(span.file) && !span.file.endsWith('.json')))
      return false
    if (fix.edits.some((edit) => (taken.get(edit.span.file) ?? []).some((other) => overlap(edit, other)))) return false
    for (const edit of fix.edits) taken.set(edit.span.file, [...(taken.get(edit.span.file) ?? []), edit])
    return true
  })
}

function overlap({ span: a }: TextEdit, { span: b }: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end
}

function edited(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): readonly SourceFile[] {
  const byFile = new Map<string, TextEdit[]>()
  for (const { fix } of diagnostics)
    for (const edit of fix?.edits ?? []) byFile.set(edit.span.file, [...(byFile.get(edit.span.file) ?? []), edit])
  return [...byFile].flatMap(([name, edits]) => {
    const before = texts.get(name) ?? ''
    // From the end on, so that the places before it stay where they are.
    const text = edits.sort((a, b) => b.span.start - a.span.start).reduce(withEdit, before)
    return text === before ? [] : [{ name, text }]
  })
}

function withEdit(text: string, { span, text: instead }: TextEdit): string {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1
  const newline = text.indexOf('\n', span.end)
  const lineEnd = newline === -1 ? text.length : newline
  const left = text.slice(lineStart, span.start) + instead + text.slice(span.end, lineEnd)
  if (instead === '' && left.trim() === '')
    return text.slice(0, lineStart) + text.slice(newline === -1 ? lineEnd : newline + 1)
  return text.slice(0, span.start) + instead + text.slice(span.end)
}

function parsesWorse({ name, text }: SourceFile, before: string): boolean {
  return parse({ name, text }).diagnostics.length > parse({ name, text: before }).diagnostics.length
}
