import type { Diagnostic, TextEdit } from './base/diagnostic.ts'
import type { SourceFile, Span } from './base/source.ts'
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

/** The diagnostics whose fixes can be applied together, in the order of the text. */
function accept(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const start = ({ fix }: Diagnostic) => fix?.edits[0]?.span.start ?? 0
  /** Where the last change of each file ends. */
  const ends = new Map<string, number>()
  return diagnostics
    .filter(({ fix }) => fix?.edits.every(({ span: { file } }) => texts.has(file) && !file.endsWith('.json')) === true)
    .sort((a, b) => start(a) - start(b))
    .filter(({ fix }) => {
      const edits = fix?.edits ?? []
      if (edits.some(({ span }) => span.start <= (ends.get(span.file) ?? -1))) return false
      for (const { span } of edits) ends.set(span.file, Math.max(span.end, ends.get(span.file) ?? -1))
      return true
    })
}

function edited(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): readonly SourceFile[] {
  const byFile = new Map<string, TextEdit[]>()
  for (const { fix } of diagnostics)
    for (const edit of fix?.edits ?? []) {
      const known = byFile.get(edit.span.file)
      if (known === undefined) byFile.set(edit.span.file, [edit])
      else known.push(edit)
    }
  return [...byFile].flatMap(([name, edits]) => {
    const before = texts.get(name) ?? ''
    const text = withEdits(before, edits)
    return text === before ? [] : [{ name, text }]
  })
}

function withEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = []
  let at = 0
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    const { start, end } = edit.text === '' ? wholeLine(text, edit.span) : edit.span
    parts.push(text.slice(at, Math.max(at, start)), edit.text)
    at = end
  }
  return parts.join('') + text.slice(at)
}

/** What is taken away, with its line where nothing else is on it. */
function wholeLine(text: string, { start, end }: Span): { readonly start: number; readonly end: number } {
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', end)
  const lineEnd = newline === -1 ? text.length : newline
  const isAlone = text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === ''
  return isAlone ? { start: lineStart, end: newline === -1 ? lineEnd : newline + 1 } : { start, end }
}

function parsesWorse({ name, text }: SourceFile, before: string): boolean {
  return parse({ name, text }).diagnostics.length > parse({ name, text: before }).diagnostics.length
}
