import type { Position, SignatureHelp } from 'vscode-languageserver-protocol'
import { signaturesAt } from '../../assist.ts'
import type { Core } from './places.ts'

/** How the function is called between whose parentheses a place lies. */
export function signatureHelpAt({ workspace }: Core, name: string, at: Position): SignatureHelp | null {
  const [program] = workspace.programsWith(name)
  const found = program && signaturesAt(program.analysis, name, workspace.lines(name).offsetAt(at))
  if (found === undefined) return null
  return {
    signatures: found.all.map(({ label, parameters, doc }) => ({
      label,
      parameters: parameters.map(([start, end]) => ({ label: [start, end] })),
      ...(doc === undefined ? {} : { documentation: { kind: 'markdown', value: doc } }),
    })),
    activeSignature: 0,
    activeParameter: found.parameter,
  }
}
