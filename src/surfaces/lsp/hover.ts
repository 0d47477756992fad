import type { Hover, Position } from 'vscode-languageserver-protocol'
import { hoverAt } from '../../assist.ts'
import { type Core, rangeOf } from './places.ts'

/** What stands at a place: how it is declared, its type there, and what is said of it. */
export function hoverOver(core: Core, name: string, at: Position): Hover | null {
  const [program] = core.workspace.programsWith(name)
  if (program === undefined) return null
  const found = hoverAt(program.analysis, name, core.workspace.lines(name).offsetAt(at))
  if (found === undefined) return null
  const type = found.type === undefined ? '' : `${fenced(found.type)}\n\n`
  const value = found.about
    .map(({ code, doc }) => `${fenced(code)}${doc === undefined ? '' : `\n\n${doc}`}`)
    .join('\n\n---\n\n')
  const isSaid = found.type === undefined || found.about.some(({ code }) => code.endsWith(`: ${found.type}`))
  return {
    contents: { kind: 'markdown', value: isSaid ? value : `${value}\n\n---\n\nhere: ${type.trim()}` },
    range: rangeOf(core, found.span),
  }
}

/** As code, whatever it contains. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}licet\n${code}\n${fence}`
}
