import type { TextEdit } from 'vscode-languageserver-protocol'
import { format } from '../../index.ts'
import type { Core } from './places.ts'

/** The edit that brings a text into the one style; none for a text that does not parse. Line ends stay what they were. */
export function formattingOf({ workspace }: Core, name: string): readonly TextEdit[] {
  const text = workspace.text(name)
  if (text === undefined) return []
  const formatted = format(text, name).text
  if (formatted === undefined) return []
  const put = /\r\n/.test(text) ? formatted.replace(/\r?\n/g, '\r\n') : formatted
  if (put === text) return []
  const lines = workspace.lines(name)
  // Only what differs, so that the cursor and marks elsewhere stay where they are.
  let start = 0
  while (start < text.length && text[start] === put[start]) start += 1
  let end = 0
  while (end < Math.min(text.length, put.length) - start && text.at(-1 - end) === put.at(-1 - end)) end += 1
  const [from, to] = [lines.positionAt(start), lines.positionAt(text.length - end)]
  // Whole lines: an edit must not begin in the middle of a line end or a character.
  const range = { start: { line: from.line, character: 0 }, end: { line: to.line + 1, character: 0 } }
  const [first, last] = [lines.offsetAt(range.start), lines.offsetAt(range.end)]
  return [
    {
      range: { start: range.start, end: lines.positionAt(last) },
      newText: put.slice(first, put.length - (text.length - last)),
    },
  ]
}
