import * as lsp from 'vscode-languageserver-protocol'
import { capabilities } from './capabilities.ts'
import { diagnosticsOf } from './diagnostics.ts'
import { newNames } from './names.ts'
import type { Core } from './places.ts'
import { answerRequests } from './requests.ts'
import { newTestRuns } from './test-runs.ts'
import { changed } from './text.ts'
import { type Disk, newWorkspace } from './workspace.ts'

export interface ServerOptions {
  readonly connection: lsp.ProtocolConnection
  /** Texts that are not open, of these folders among others. */
  readonly diskIn: (folders: () => readonly string[]) => Disk
  /** Tells of changes to files, for a client that does not; what it returns ends that. */
  readonly watch: (files: () => readonly string[], onChange: () => void) => () => void
  readonly version: string
  /** Where each code has a page. */
  readonly diagnosticsPages: string
  /** What went wrong inside, for a log. */
  readonly log: (message: string) => void
}

/** Milliseconds without a message that are waited for. */
const settle = 5

/**
 * Answers a client until it leaves.
 *
 * @returns when it has: whether it has asked to shut down before, as the protocol wants
 */
export function serve({ connection, diskIn, watch, version, diagnosticsPages, log }: ServerOptions): Promise<boolean> {
  let folders: readonly string[] = []
  let client: lsp.ClientCapabilities = {}
  let isShutDown = false
  let turn: NodeJS.Immediate | undefined
  let timer: NodeJS.Timeout | undefined
  let unwatch: (() => void) | undefined
  const names = newNames()
  const workspace = newWorkspace(diskIn(() => folders))
  const core: Core = { workspace, names }
  const versions = new Map<string, number>()
  /** What the client has been told of each text. */
  const told = new Map<string, string>()
  const runs = newTestRuns(() => {
    if (client.workspace?.inlayHint?.refreshSupport !== true) return
    connection.sendRequest(lsp.InlayHintRefreshRequest.type).catch(() => undefined)
  })

  /** The programs of the texts that are open. */
  const programs = () => {
    const all = workspace.opened().flatMap((name) => workspace.programsWith(name).slice(0, 1))
    return [...new Map(all.map((one) => [one.analysis, one])).values()]
  }

  /** Tells what is wrong with every file of those programs. */
  const publish = (): void => {
    const all = programs()
    const files = new Set(
      all.flatMap(({ analysis, guest }) => (guest === undefined ? [...analysis.files.keys()] : [guest])),
    )
    for (const name of new Set([...told.keys(), ...files])) {
      const own = versions.get(name)
      const diagnostics = files.has(name) ? [...diagnosticsOf(core, name, all, diagnosticsPages)] : []
      const now = JSON.stringify([diagnostics, own])
      const before = told.get(name) ?? (own === undefined ? '[[],null]' : undefined)
      if (files.has(name)) told.set(name, now)
      else told.delete(name)
      if (now === before) continue
      const shown = { uri: names.uriOf(name), diagnostics, ...(own === undefined ? {} : { version: own }) }
      void connection.sendNotification(lsp.PublishDiagnosticsNotification.type, shown)
    }
    runs.schedule(all)
  }

  const toldLater = (): void => {
    try {
      publish()
    } catch (error) {
      log(`cannot tell what is wrong: ${String(error)}`)
    }
  }

  /**
   * Once nothing more comes. Messages that have arrived are taken one in each turn of the loop, and time that one of them took
   * must not pass for silence: so it is counted from the next turn on.
   */
  const soon = (): void => {
    quiet()
    if (isShutDown) return
    turn = setImmediate(() => {
      timer = setTimeout(toldLater, settle)
    })
  }
  const quiet = (): void => {
    clearImmediate(turn)
    clearTimeout(timer)
  }

  connection.onRequest(lsp.InitializeRequest.type, (params) => {
    client = params.capabilities
    const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri === null ? [] : [params.rootUri])
    folders = uris.map(folderOf)
    workspace.touched()
    return { capabilities, serverInfo: { name: 'licet', version } }
  })
  connection.onNotification(lsp.InitializedNotification.type, () => {
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) {
      unwatch = watch(
        () => programs().flatMap(({ analysis }) => [...analysis.files.keys()]),
        () => {
          workspace.touched()
          soon()
        },
      )
      return
    }
    const watchers = ['**/*.licet', '**/*.json'].map((globPattern) => ({ globPattern }))
    const { method } = lsp.DidChangeWatchedFilesNotification.type
    const registrations = [{ id: 'files', method, registerOptions: { watchers } }]
    connection.sendRequest(lsp.RegistrationRequest.type, { registrations }).catch(() => undefined)
  })
  connection.onNotification(lsp.DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
    const removed = new Set(event.removed.map(({ uri }) => folderOf(uri)))
    folders = [...folders.filter((one) => !removed.has(one)), ...event.added.map(({ uri }) => folderOf(uri))]
    workspace.touched()
    soon()
  })
  connection.onNotification(lsp.DidChangeWatchedFilesNotification.type, ({ changes }) => {
    workspace.touched(changes.map(({ uri }) => names.nameOf(uri)))
    soon()
  })
  connection.onNotification(lsp.DidOpenTextDocumentNotification.type, ({ textDocument: { uri, text, version } }) => {
    const name = names.nameOf(uri)
    if (typeof text !== 'string') return
    versions.set(name, version)
    workspace.open(name, text)
    soon()
  })
  connection.onNotification(lsp.DidChangeTextDocumentNotification.type, ({ textDocument, contentChanges }) => {
    const name = names.nameOf(textDocument.uri)
    // Never opened: there is nothing that could have changed.
    if (!versions.has(name) || !areChanges(contentChanges)) return
    versions.set(name, textDocument.version)
    workspace.open(name, changed(workspace.text(name) ?? '', contentChanges))
    soon()
  })
  connection.onNotification(lsp.DidCloseTextDocumentNotification.type, ({ textDocument: { uri } }) => {
    const name = names.nameOf(uri)
    versions.delete(name)
    workspace.close(name)
    soon()
  })
  answerRequests(connection, core, runs.resultsOf, () => {
    return client.textDocument?.completion?.completionItem?.snippetSupport === true
  })
  connection.onRequest(lsp.ShutdownRequest.type, () => {
    isShutDown = true
    quiet()
    runs.stop()
  })
  connection.onUnhandledNotification(() => undefined)
  connection.onError(([error]) => log(error.message))

  return new Promise((resolve) => {
    const end = (): void => {
      quiet()
      runs.stop()
      unwatch?.()
      resolve(isShutDown)
    }
    connection.onNotification(lsp.ExitNotification.type, end)
    connection.onClose(end)
    connection.listen()
  })

  /** A client may send anything. */
  function areChanges(changes: unknown): boolean {
    return Array.isArray(changes) && changes.every((one) => typeof one?.text === 'string')
  }

  function folderOf(uri: string): string {
    return names.nameOf(uri).replace(/\/+$/, '')
  }
}
