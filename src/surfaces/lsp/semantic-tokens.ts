import type { Range, SemanticTokens, SemanticTokensLegend } from 'vscode-languageserver-protocol'
import { type Class, classesIn } from '../../assist.ts'
import type { Core } from './places.ts'

const types: readonly Class[] = [
  'keyword',
  'comment',
  'string',
  'number',
  'regexp',
  'operator',
  'type',
  'namespace',
  'property',
  'enumMember',
  'variable',
  'parameter',
  'function',
  'method',
  'event',
  'decorator',
]

export const legend: SemanticTokensLegend = {
  tokenTypes: [...types],
  tokenModifiers: ['declaration', 'defaultLibrary'],
}

/** What the parts of a text are, each told by its distance from the one before. */
export function semanticTokensOf({ workspace }: Core, name: string, range?: Range): SemanticTokens {
  const [program] = workspace.programsWith(name)
  if (program === undefined) return { data: [] }
  const lines = workspace.lines(name)
  const [from, to] = range === undefined ? [0, lines.length] : [lines.offsetAt(range.start), lines.offsetAt(range.end)]
  const data: number[] = []
  let [line, character] = [0, 0]
  for (const one of classesIn(program.analysis, name)) {
    if (one.end < from || one.start > to) continue
    const at = lines.positionAt(one.start)
    if (at.line !== line) character = 0
    const modifiers = (one.isDeclaration ? 1 : 0) | (one.isBuiltin ? 2 : 0)
    data.push(at.line - line, at.character - character, one.end - one.start, types.indexOf(one.class), modifiers)
    line = at.line
    character = at.character
  }
  return { data }
}
