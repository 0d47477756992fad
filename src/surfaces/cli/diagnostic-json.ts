import { type Diagnostic, lineStarts, type Position, positionAt, type SourceFile, type Span } from '../../index.ts'

/** Lines and columns from one on, columns in UTF-16 units; `end` is behind the last character. */
export interface Place {
  readonly file: string
  readonly start: Position
  readonly end: Position
}

/** Where spans are, for readers that count lines; each text is searched for its lines once. */
export function placesIn(sources: readonly SourceFile[]): (span: Span) => Place {
  const texts = new Map(sources.map(({ name, text }) => [name, text]))
  const starts = new Map<string, readonly number[]>()
  return ({ file, start, end }) => {
    const lines = starts.get(file) ?? lineStarts(texts.get(file) ?? '')
    starts.set(file, lines)
    return { file, start: positionAt(lines, start), end: positionAt(lines, end) }
  }
}

/** A diagnostic as `--json` prints it. */
export function diagnosticJson(
  { code, severity, message, span, help, related, fix }: Diagnostic,
  placeOf: (span: Span) => Place,
) {
  return {
    code,
    severity,
    message,
    ...placeOf(span),
    ...(help === undefined ? {} : { help }),
    ...(related === undefined
      ? {}
      : { related: related.map((one) => ({ message: one.message, ...placeOf(one.span) })) }),
    ...(fix === undefined
      ? {}
      : { fix: { edits: fix.edits.map((edit) => ({ ...placeOf(edit.span), text: edit.text })) } }),
  }
}
