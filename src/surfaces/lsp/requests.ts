import * as lsp from 'vscode-languageserver-protocol'
import { codeActionsOf } from './code-actions.ts'
import { completionsAt } from './completion.ts'
import { foldingRanges } from './folding.ts'
import { formattingOf } from './formatting.ts'
import { hoverOver } from './hover.ts'
import { inlayHintsOf, type TestResults } from './inlay-hints.ts'
import type { Core } from './places.ts'
import { definitionsOf, highlightsOf, referencesOf } from './references.ts'
import { prepareRename, renameAt } from './rename.ts'
import { semanticTokensOf } from './semantic-tokens.ts'
import { signatureHelpAt } from './signature-help.ts'
import { documentSymbols, workspaceSymbols } from './symbols.ts'

/** Answers what clients ask about texts. `snippets`: whether the client takes places to fill in. */
export function answerRequests(
  connection: lsp.ProtocolConnection,
  core: Core,
  resultsOf: TestResults,
  snippets: () => boolean,
): void {
  const { names } = core
  const nameOf = ({ textDocument }: { readonly textDocument: { readonly uri: string } }) =>
    names.nameOf(textDocument.uri)
  connection.onRequest(lsp.CompletionRequest.type, (asked) => [
    ...completionsAt(core, nameOf(asked), asked.position, snippets()),
  ])
  connection.onRequest(lsp.HoverRequest.type, (asked) => hoverOver(core, nameOf(asked), asked.position))
  connection.onRequest(lsp.SignatureHelpRequest.type, (asked) => signatureHelpAt(core, nameOf(asked), asked.position))
  connection.onRequest(lsp.DefinitionRequest.type, (asked) => [...definitionsOf(core, nameOf(asked), asked.position)])
  connection.onRequest(lsp.ReferencesRequest.type, (asked) => [
    ...referencesOf(core, nameOf(asked), asked.position, asked.context.includeDeclaration),
  ])
  connection.onRequest(lsp.DocumentHighlightRequest.type, (asked) => [
    ...highlightsOf(core, nameOf(asked), asked.position),
  ])
  connection.onRequest(lsp.DocumentSymbolRequest.type, (asked) => [...documentSymbols(core, nameOf(asked))])
  connection.onRequest(lsp.WorkspaceSymbolRequest.type, ({ query }) => [...workspaceSymbols(core, query)])
  connection.onRequest(lsp.FoldingRangeRequest.type, (asked) => [...foldingRanges(core, nameOf(asked))])
  connection.onRequest(lsp.DocumentFormattingRequest.type, (asked) => [...formattingOf(core, nameOf(asked))])
  connection.onRequest(lsp.PrepareRenameRequest.type, (asked) => prepareRename(core, nameOf(asked), asked.position))
  connection.onRequest(lsp.RenameRequest.type, (asked) => renameAt(core, nameOf(asked), asked.position, asked.newName))
  connection.onRequest(lsp.CodeActionRequest.type, (asked) => [
    ...codeActionsOf(core, nameOf(asked), asked.range, asked.context.only ?? []),
  ])
  connection.onRequest(lsp.SemanticTokensRequest.type, (asked) => semanticTokensOf(core, nameOf(asked)))
  connection.onRequest(lsp.SemanticTokensRangeRequest.type, (asked) =>
    semanticTokensOf(core, nameOf(asked), asked.range),
  )
  connection.onRequest(lsp.InlayHintRequest.type, (asked) => [
    ...inlayHintsOf(core, nameOf(asked), asked.range, resultsOf),
  ])
}
