import type { Diagnostic } from './diagnostic.ts'
import { cutAround, shownLine } from './shown-line.ts'
import { lineStarts, positionAt, type SourceFile, type Span } from './source.ts'

/** How wide a line of source may be before it is cut around the place that is meant. */
const widest = 120

/** The 16-colour codes of terminals. */
const styles = { error: '1;31', warning: '1;33', bold: '1', gutter: '1;34', help: '1;36', none: '' } as const

type Style = keyof typeof styles
type Paint = (style: Style, text: string) => string

interface Text extends SourceFile {
  readonly starts: readonly number[]
}

/**
 * Diagnostics for a terminal: code and message, `file:line:column`, the line with what is meant underlined, what was probably
 * meant, and the places that explain it. Text from files is shown without control characters. Ends in a newline, or is empty.
 */
export function render(
  diagnostics: readonly Diagnostic[],
  sources: Iterable<SourceFile>,
  { color }: { readonly color: boolean },
): string {
  const paint: Paint = (style, text) => (color && style !== 'none' ? `\u001b[${styles[style]}m${text}\u001b[0m` : text)
  const texts = new Map<string, Text>()
  for (const source of sources) texts.set(source.name, { ...source, starts: lineStarts(source.text) })
  return diagnostics.map((diagnostic) => `${renderOne(diagnostic, texts, paint)}\n`).join('\n')
}

function renderOne(diagnostic: Diagnostic, texts: ReadonlyMap<string, Text>, paint: Paint): string {
  const { severity, code, message, span, help, related = [] } = diagnostic
  const gutter = Math.max(...[span, ...related.map((one) => one.span)].map((one) => gutterOf(one, texts)))
  const lines = [
    `${paint(severity, `${severity}[${code}]`)}${paint('bold', `: ${clean(message)}`)}`,
    ...excerpt(span, texts, gutter, severity, paint),
  ]
  if (help !== undefined) {
    lines.push(`${' '.repeat(gutter + 1)}${paint('gutter', '=')} ${paint('help', 'help')}: ${clean(help)}`)
  }
  for (const { span: at, message: why } of related) {
    lines.push(`${paint('help', 'note')}: ${clean(why)}`, ...excerpt(at, texts, gutter, 'help', paint))
  }
  return lines.join('\n')
}

/** Digits of the line number. */
function gutterOf({ file, start }: Span, texts: ReadonlyMap<string, Text>): number {
  const text = texts.get(file)
  return text === undefined ? 1 : String(positionAt(text.starts, start).line).length
}

function excerpt(
  { file, start, end }: Span,
  texts: ReadonlyMap<string, Text>,
  gutter: number,
  style: Style,
  paint: Paint,
): readonly string[] {
  const margin = ' '.repeat(gutter)
  const text = texts.get(file)
  if (text === undefined) return [`${margin}${paint('gutter', '-->')} ${clean(file)}`]
  const { line, column } = positionAt(text.starts, start)
  const lineStart = text.starts[line - 1] ?? 0
  const lineEnd = text.starts[line] ?? text.text.length
  // Of a very long line, only the surroundings of the place: enough of them to be cut again, by columns.
  const cut = Math.max(lineStart, start - 8 * widest)
  const source = text.text.slice(cut, Math.min(lineEnd, cut + 32 * widest)).replace(/\r?\n$/, '')
  const from = Math.min(start - cut, source.length)
  // A span of several lines is underlined to the end of its first.
  const to = Math.max(from, Math.min(end - cut, source.length))
  const { shown, offset, length } = cutAround(shownLine(source, from, to), widest)
  const mark = style === 'help' ? '-' : '^'
  return [
    `${margin}${paint('gutter', '-->')} ${clean(file)}:${line}:${column}`,
    `${margin} ${paint('gutter', '|')}`,
    `${paint('gutter', `${String(line).padStart(gutter)} |`)} ${shown}`.trimEnd(),
    `${margin} ${paint('gutter', '|')} ${' '.repeat(offset)}${paint(style, mark.repeat(length))}`,
  ]
}

/** What a message or a file's name shows of itself: nothing that could steer a terminal. */
function clean(text: string): string {
  return shownLine(text, 0, 0).shown
}
