import { type CodeAction, CodeActionKind, type TextEdit as Edit, type Range } from 'vscode-languageserver-protocol'
import { applyFixes, codes, type Diagnostic, type TextEdit } from '../../index.ts'
import { found } from './diagnostics.ts'
import { type Core, rangeOf } from './places.ts'

/** Mends everything in a file that can be mended without asking; for use on saving. */
export const fixAll = `${CodeActionKind.SourceFixAll}.licet`

/** What can be done about what is wrong within a range. `kinds`: those that are asked for, all of them where it is empty. */
export function codeActionsOf(core: Core, name: string, range: Range, kinds: readonly string[]): readonly CodeAction[] {
  const { workspace } = core
  const wanted = (kind: string) => kinds.length === 0 || kinds.some((one) => kind === one || kind.startsWith(`${one}.`))
  const lines = workspace.lines(name)
  const [from, to] = [lines.offsetAt(range.start), lines.offsetAt(range.end)]
  const all = found(core, name)
  const near = all.filter(({ span }) => span.start <= to && from <= span.end)
  return [
    ...(wanted(CodeActionKind.QuickFix)
      ? near.flatMap((one) => [...mended(core, name, one), ...allowed(core, name, one)])
      : []),
    ...(wanted(fixAll) && all.some(({ fix }) => fix !== undefined) ? allMended(core, name, all) : []),
  ]
}

function mended(core: Core, name: string, { fix, help, message }: Diagnostic): readonly CodeAction[] {
  if (fix === undefined) return []
  return [
    {
      title: titleOf(fix.edits, help ?? message),
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      ...changes(core, name, fix.edits),
    },
  ]
}

function titleOf(edits: readonly TextEdit[], help: string): string {
  const [only, ...others] = edits
  if (only === undefined || others.length > 0) return help
  return only.text === '' ? 'delete it' : `write \`${only.text}\``
}

/** Every mend of the file that goes with the others; those that it makes possible are for the next time. */
function allMended(core: Core, name: string, all: readonly Diagnostic[]): readonly CodeAction[] {
  const text = core.workspace.text(name) ?? ''
  const { files, applied } = applyFixes([{ name, text }], all)
  const [file] = files
  if (file === undefined) return []
  const whole = { start: { line: 0, character: 0 }, end: core.workspace.lines(name).positionAt(text.length) }
  const title = applied.length === 1 ? 'fix what can be fixed' : `fix all ${applied.length} that can be fixed`
  return [
    { title, kind: fixAll, edit: { changes: { [core.names.uriOf(name)]: [{ range: whole, newText: file.text }] } } },
  ]
}

const warnings: ReadonlySet<string> = new Set(
  codes.flatMap(({ code, severity }) => (severity === 'warning' ? [code] : [])),
)
const unsilenced: ReadonlySet<string> = new Set(['silences-nothing', 'denied-by-error'])

/** A comment that allows a warning, on a line of its own before the one where it is told. */
function allowed(core: Core, name: string, { code, span }: Diagnostic): readonly CodeAction[] {
  if (!warnings.has(code) || unsilenced.has(code)) return []
  const lines = core.workspace.lines(name)
  const text = core.workspace.text(name) ?? ''
  const { line } = lines.positionAt(span.start)
  const start = lines.offsetAt({ line, character: 0 })
  const end = lines.offsetAt({ line, character: Number.MAX_SAFE_INTEGER })
  // Behind the line: before it, a comment would be about all of the statement that begins there, or between it and its documentation.
  const put = `${/\s$/.test(text.slice(start, end)) ? '' : ' '}// licet-allow ${code}: why`
  const at = lines.positionAt(end)
  if (/\/\//.test(text.slice(start, end))) return []
  return [
    {
      title: `allow \`${code}\` here`,
      kind: CodeActionKind.QuickFix,
      edit: { changes: { [core.names.uriOf(name)]: [{ range: { start: at, end: at }, newText: put }] } },
    },
  ]
}

function changes(core: Core, name: string, edits: readonly TextEdit[]): Pick<CodeAction, 'edit'> {
  const all = edits.map(({ span, text }): Edit => ({ range: rangeOf(core, span), newText: text }))
  return { edit: { changes: { [core.names.uriOf(name)]: all } } }
}
