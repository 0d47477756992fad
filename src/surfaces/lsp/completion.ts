import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  type Position,
  type Range,
} from 'vscode-languageserver-protocol'
import { type Completion, complete } from '../../assist.ts'
import { type Core, rangeOf } from './places.ts'

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  snippet: CompletionItemKind.Snippet,
  type: CompletionItemKind.Class,
  field: CompletionItemKind.Field,
  role: CompletionItemKind.EnumMember,
  action: CompletionItemKind.Event,
  variable: CompletionItemKind.Variable,
  let: CompletionItemKind.Constant,
  function: CompletionItemKind.Function,
  method: CompletionItemKind.Method,
  server: CompletionItemKind.Module,
  tool: CompletionItemKind.Function,
  prompt: CompletionItemKind.Function,
  resource: CompletionItemKind.File,
  argument: CompletionItemKind.Property,
  entity: CompletionItemKind.Value,
  file: CompletionItemKind.File,
  annotation: CompletionItemKind.Property,
  text: CompletionItemKind.Text,
}

/** What may be written at a place. `snippets`: the client takes places to fill in. */
export function completionsAt(core: Core, name: string, at: Position, snippets: boolean): readonly CompletionItem[] {
  const { workspace } = core
  const [program] = workspace.programsWith(name)
  if (program === undefined) return []
  const { span, items } = complete(program.analysis, name, workspace.lines(name).offsetAt(at))
  const range = rangeOf(core, span)
  return items.flatMap((item) => (item.kind === 'snippet' && !snippets ? [] : [shown(item, range, snippets)]))
}

function shown(item: Completion, range: Range, snippets: boolean): CompletionItem {
  const { label, kind, detail, doc, insert, isSnippet, rank } = item
  const takes = isSnippet === true && snippets
  return {
    label,
    kind: kinds[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(doc === undefined ? {} : { documentation: { kind: 'markdown', value: doc } }),
    sortText: `${rank}${label}`,
    filterText: label,
    insertTextFormat: takes ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: takes || isSnippet !== true ? (insert ?? label) : label },
  }
}
