import {
  type TextEdit as Edit,
  type Position,
  type Range,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol'
import { type Analysis, type Referent, rename, renameableAt } from '../../assist.ts'
import type { TextEdit } from '../../index.ts'
import { type Core, rangeOf } from './places.ts'
import { analysesWith } from './references.ts'

/** LSP: what was asked for cannot be done, and the message is for the user. */
const requestFailed = -32803

/** @throws ResponseError, with the reason, for what cannot be renamed */
export function prepareRename(
  core: Core,
  name: string,
  at: Position,
): { readonly range: Range; readonly placeholder: string } | null {
  const found = renamedAt(core, name, at)
  return found === undefined ? null : { range: rangeOf(core, found.span), placeholder: found.name }
}

/**
 * In all programs that have it.
 *
 * @throws ResponseError, with the reason, where it cannot have that name
 */
export function renameAt(core: Core, name: string, at: Position, to: string): WorkspaceEdit | null {
  const found = renamedAt(core, name, at)
  if (found === undefined) return null
  const edits = analysesWith(core, found.analysis, found.referent).flatMap((analysis) =>
    editsIn(analysis, found.referent, to),
  )
  const once = new Map(edits.map((edit) => [`${edit.span.file} ${edit.span.start}`, edit]))
  const changes: Record<string, Edit[]> = {}
  for (const { span, text } of once.values()) {
    const uri = core.names.uriOf(span.file)
    changes[uri] ??= []
    changes[uri].push({ range: rangeOf(core, span), newText: text })
  }
  return { changes }
}

function editsIn(analysis: Analysis, referent: Referent, to: string): readonly TextEdit[] {
  const { edits, refusal } = rename(analysis, referent, to)
  if (refusal !== undefined) throw new ResponseError(requestFailed, refusal)
  return edits
}

function renamedAt({ workspace }: Core, name: string, at: Position) {
  const [program] = workspace.programsWith(name)
  if (program === undefined) return undefined
  const found = renameableAt(program.analysis, name, workspace.lines(name).offsetAt(at))
  if (found === undefined) return undefined
  if (found.refusal !== undefined) throw new ResponseError(requestFailed, found.refusal)
  return { ...found, analysis: program.analysis }
}
