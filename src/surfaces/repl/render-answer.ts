import { visibleText } from '../../base/visible.ts'
import { render } from '../../index.ts'
import type { Answer, Line, Style } from './answer.ts'

/** The 16-colour codes of terminals. */
const codes: Readonly<Record<Style, string>> = { good: '32', bad: '31', doubtful: '33', faint: '2', strong: '1' }

/** An answer on a terminal or in a file. The only control characters in it are the colours. */
export function renderLines(lines: readonly Line[], color: boolean): string {
  return lines.map((line) => `${line.map((piece) => renderPiece(piece, color)).join('')}\n`).join('')
}

export function renderProblems({ diagnostics, sources }: Answer, color: boolean): string {
  return render(diagnostics, sources, { color })
}

function renderPiece(piece: Line[number], color: boolean): string {
  if (typeof piece === 'string') return visibleText(piece)
  if ('plain' in piece) return color ? piece.colored : piece.plain
  const text = visibleText(piece.text)
  return color && text !== '' ? `\u001b[${codes[piece.style]}m${text}\u001b[0m` : text
}
