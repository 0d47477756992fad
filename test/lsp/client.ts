import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as lsp from 'vscode-languageserver-protocol'
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node'

const bin = fileURLToPath(new URL('../../dist/surfaces/cli/main.js', import.meta.url))

/** An editor, as far as the protocol goes, that has started `licet lsp`. */
export interface Client {
  readonly connection: lsp.ProtocolConnection
  readonly process: ChildProcess
  readonly uri: (name: string) => string
  readonly open: (name: string, text: string) => void
  /** Replaces a range of a text. */
  readonly edit: (name: string, range: lsp.Range, text: string) => void
  /** The next that is said of a text at its present version. */
  readonly diagnostics: (name: string) => Promise<readonly lsp.Diagnostic[]>
  readonly ask: <R>(type: { readonly method: string }, params: unknown) => Promise<R>
  /** The next request of the server of this kind. */
  readonly asked: (method: string) => Promise<void>
  readonly exit: () => Promise<number | null>
}

export async function startClient(folder: string, capabilities: lsp.ClientCapabilities = {}): Promise<Client> {
  const child = spawn(process.execPath, [bin, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  const versions = new Map<string, number>()
  const said = new Map<string, lsp.PublishDiagnosticsParams>()
  const waiting: {
    readonly uri: string
    readonly version: number | undefined
    readonly tell: (all: readonly lsp.Diagnostic[]) => void
  }[] = []
  const requests: { readonly method: string; readonly tell: () => void }[] = []
  const uri = (name: string) => pathToFileURL(`${folder}/${name}`).href
  connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
    said.set(params.uri, params)
    for (const one of waiting.filter((each) => each.uri === params.uri && each.version === params.version)) {
      waiting.splice(waiting.indexOf(one), 1)
      one.tell(params.diagnostics)
    }
  })
  for (const method of [lsp.RegistrationRequest.method, lsp.InlayHintRefreshRequest.method])
    connection.onRequest(method, () => {
      for (const one of requests.filter((each) => each.method === method)) one.tell()
      return null
    })
  connection.listen()
  await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'work' }],
    capabilities,
  })
  await connection.sendNotification(lsp.InitializedNotification.type, {})
  return {
    connection,
    process: child,
    uri,
    open: (name, text) => {
      versions.set(uri(name), 1)
      void connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
        textDocument: { uri: uri(name), languageId: 'licet', version: 1, text },
      })
    },
    edit: (name, range, text) => {
      const version = (versions.get(uri(name)) ?? 0) + 1
      versions.set(uri(name), version)
      void connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
        textDocument: { uri: uri(name), version },
        contentChanges: [{ range, text }],
      })
    },
    diagnostics: (name) => {
      const known = said.get(uri(name))
      const version = versions.get(uri(name))
      if (known !== undefined && known.version === version) return Promise.resolve(known.diagnostics)
      return new Promise((tell) => waiting.push({ uri: uri(name), version, tell }))
    },
    ask: ({ method }, params) => connection.sendRequest(method, params),
    asked: (method) => new Promise((tell) => requests.push({ method, tell })),
    exit: async () => {
      await connection.sendRequest(lsp.ShutdownRequest.type)
      await connection.sendNotification(lsp.ExitNotification.type)
      return exitOf(child)
    },
  }
}

export async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit')
  return child.exitCode
}
