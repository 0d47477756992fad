import type { Location, Range } from 'vscode-languageserver-protocol'
import type { Span } from '../../index.ts'
import type { Names } from './names.ts'
import type { Workspace } from './workspace.ts'

/** What the features answer from: texts and what is known of them, and how the client calls them. */
export interface Core {
  readonly workspace: Workspace
  readonly names: Names
}

export function rangeOf({ workspace }: Core, { file, start, end }: Span): Range {
  const lines = workspace.lines(file)
  return { start: lines.positionAt(start), end: lines.positionAt(end) }
}

export function locationOf(core: Core, span: Span): Location {
  return { uri: core.names.uriOf(span.file), range: rangeOf(core, span) }
}
