import type { Diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile, Span } from '../../base/source.ts'
import { lineStarts, positionAt } from '../../base/source.ts'

export interface RenderOptions {
  /** ANSI colours; off when left out. */
  readonly color?: boolean
}

const widest = 160

/**
 * Diagnostics for a person: what is wrong, where, the line with a caret under it, and what was probably meant.
 *
 * @param sources the texts that the spans point into; one that is not among them is named without its line
 * @returns lines that end with a newline; empty without diagnostics
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceFile[],
  options: RenderOptions = {},
): string {
  const texts = new Map(sources.map(({ name, text }) => [name, text]))
  const starts = new Map<string, readonly number[]>()
  const excerpt = (span: Span, note?: string) => renderExcerpt(span, texts.get(span.file), note, options, starts)
  return diagnostics
    .map(({ code, severity, message, span, help, related = [] }) => {
      const hue = severity === 'error' ? 31 : 33
      const head = `${paint(`${severity}[${code}]`, hue, options)}${paint(`: ${visible(message)}`, 1, options)}\n`
      const helpLine = help === undefined ? '' : `  ${paint('help:', 36, options)} ${visible(help)}\n`
      const others = related.map((other) => excerpt(other.span, other.message)).join('')
      return `${head}${excerpt(span)}${others}${helpLine}`
    })
    .join('\n')
}

/** `file:line:column`, and the line with a caret under the span where the text is known. */
export function renderExcerpt(
  span: Span,
  text: string | undefined,
  note?: string,
  options: RenderOptions = {},
  known: Map<string, readonly number[]> = new Map(),
): string {
  const label = note === undefined ? '' : `: ${visible(note)}`
  // A file that could not be read has no line to show.
  if (text === undefined) return `  ${paint('-->', 34, options)} ${visible(span.file)}${label}\n`
  const starts = known.get(span.file) ?? lineStarts(text)
  known.set(span.file, starts)
  const { line, column } = positionAt(starts, span.start)
  const start = starts[line - 1] ?? 0
  const whole = text.slice(start, (starts[line] ?? text.length + 1) - 1).replace(/\r$/, '')
  const length = Math.max(1, Math.min(span.end, start + whole.length) - span.start)
  const cut = excerptOf(whole, column - 1)
  const gutter = String(line)
  const empty = ' '.repeat(gutter.length)
  const bar = paint('|', 34, options)
  const indent = cut.shown.slice(0, cut.at).replace(/[^\t]/g, ' ')
  const carets = '^'.repeat(Math.max(1, Math.min(length, cut.shown.length - cut.at)))
  return [
    `${empty} ${paint('-->', 34, options)} ${visible(span.file)}:${line}:${column}${label}`,
    `${empty} ${bar}`,
    `${paint(gutter, 34, options)} ${bar} ${cut.shown}`,
    `${empty} ${bar} ${indent}${paint(carets, 31, options)}`,
    '',
  ].join('\n')
}

/** The part of a long line around a column, and where the column is in it. */
function excerptOf(line: string, column: number): { readonly shown: string; readonly at: number } {
  if (line.length <= widest) return { shown: visible(line), at: column }
  const from = Math.max(0, Math.min(column - widest / 2, line.length - widest))
  const before = from === 0 ? '' : '…'
  const after = from + widest < line.length ? '…' : ''
  return { shown: `${before}${visible(line.slice(from, from + widest))}${after}`, at: column - from + before.length }
}

/** One character for one, so that carets stay where they belong: text from outside must not steer a terminal. */
export function visible(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}]/gu, '\ufffd')
}

function paint(text: string, code: number, { color }: RenderOptions): string {
  return color === true ? `\u001b[${code}m${text}\u001b[0m` : text
}
