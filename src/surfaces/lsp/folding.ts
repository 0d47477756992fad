import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver-protocol'
import type { Core } from './places.ts'

/** Blocks and brackets over several lines, runs of comments, and runs of imports; of any text, whether it parses or not. */
export function foldingRanges({ workspace }: Core, name: string): readonly FoldingRange[] {
  const text = workspace.text(name) ?? ''
  const lines = text.split(/\r\n|\n|\r/)
  return [
    ...brackets(lines),
    ...runs(lines, /^\s*\/\//, FoldingRangeKind.Comment),
    ...runs(lines, /^\s*import\b/, FoldingRangeKind.Imports),
  ]
}

/** Comments and texts, whose brackets are none, and brackets. */
const parts = /\/\/.*|"(?:[^"\\]|\\.)*"|[{}[\]()]/g

function brackets(lines: readonly string[]): readonly FoldingRange[] {
  const found: FoldingRange[] = []
  const open: number[] = []
  for (const [line, text] of lines.entries())
    for (const [part] of text.matchAll(parts)) {
      if ('{[('.includes(part)) open.push(line)
      else if ('}])'.includes(part)) {
        const start = open.pop()
        // The line of the closing bracket stays, so that it can be seen what was folded.
        if (start !== undefined && line - 1 > start) found.push({ startLine: start, endLine: line - 1 })
      }
    }
  return found
}

function runs(lines: readonly string[], of: RegExp, kind: FoldingRangeKind): readonly FoldingRange[] {
  const found: FoldingRange[] = []
  let start: number | undefined
  for (let line = 0; line <= lines.length; line++) {
    if (line < lines.length && of.test(lines[line] ?? '')) start ??= line
    else {
      if (start !== undefined && line - 1 > start) found.push({ startLine: start, endLine: line - 1, kind })
      start = undefined
    }
  }
  return found
}
