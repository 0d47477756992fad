import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver-protocol'
import { type Outline, outlineOf } from '../../assist.ts'
import { type Core, locationOf, rangeOf } from './places.ts'

const kinds: Readonly<Record<Outline['kind'], SymbolKind>> = {
  type: SymbolKind.Class,
  field: SymbolKind.Field,
  role: SymbolKind.EnumMember,
  rule: SymbolKind.Event,
  let: SymbolKind.Constant,
  function: SymbolKind.Function,
  server: SymbolKind.Module,
  test: SymbolKind.Method,
  inputs: SymbolKind.Object,
  action: SymbolKind.Enum,
  scope: SymbolKind.Key,
}

export function documentSymbols(core: Core, name: string): readonly DocumentSymbol[] {
  return outlines(core, name).map((one) => symbol(core, one))
}

function outlines({ workspace }: Core, name: string): readonly Outline[] {
  const [program] = workspace.programsWith(name)
  const policy = program?.analysis.policies.find(({ file }) => file === name)
  return policy === undefined ? [] : outlineOf(policy)
}

function symbol(core: Core, { name, kind, detail, span, selection, children }: Outline): DocumentSymbol {
  return {
    name,
    kind: kinds[kind],
    ...(detail === undefined ? {} : { detail }),
    range: rangeOf(core, span),
    selectionRange: rangeOf(core, selection),
    children: children.map((one) => symbol(core, one)),
  }
}

const most = 1000

/** What is declared anywhere, rules left out, whose name has the letters of a query in their order. */
export function workspaceSymbols(core: Core, query: string): readonly WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = []
  const files = new Set(core.workspace.programs().flatMap(({ names }) => names))
  for (const file of files) {
    const open = outlines(core, file).map((one) => ({ one, within: undefined as string | undefined }))
    for (let next = open.shift(); next !== undefined && found.length < most; next = open.shift()) {
      const { one, within } = next
      open.push(...one.children.map((child) => ({ one: child, within: one.name })))
      if (one.kind === 'rule' || !matches(one.name, query)) continue
      const location = locationOf(core, one.selection)
      found.push({
        name: one.name,
        kind: kinds[one.kind],
        location,
        ...(within === undefined ? {} : { containerName: within }),
      })
    }
  }
  return found
}

function matches(name: string, query: string): boolean {
  const lower = name.toLowerCase()
  let at = 0
  for (const letter of query.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}
