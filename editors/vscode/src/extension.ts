import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { commands, type ExtensionContext, window, workspace } from 'vscode'
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node'
import { findLicet } from './find-licet.ts'

/** The one that runs, if one does. */
let client: LanguageClient | undefined
/** Starts and stops, one after the other, whatever is asked meanwhile; never fails. */
let work: Promise<void> = Promise.resolve()

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(commands.registerCommand('licet.restart', restart))
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('licet.path')) void restart()
    }),
  )
  await restart()
}

export async function deactivate(): Promise<void> {
  await work.then(stop)
}

function restart(): Promise<void> {
  work = work.then(stop).then(start)
  return work
}

async function stop(): Promise<void> {
  const running = client
  client = undefined
  // One that does not answer, or has ended by itself, is in nobody's way.
  await running?.stop().catch(() => undefined)
}

async function start(): Promise<void> {
  try {
    const started = new LanguageClient('licet', 'Licet', serverOptions(), {
      documentSelector: [{ language: 'licet' }],
      synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.{licet,json}') },
    })
    await started.start()
    client = started
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    void window.showErrorMessage(
      `Licet: the language server did not start: ${reason}. Install it in the workspace: npm install --save-dev licet`,
    )
  }
}

/** The one of the settings, else the workspace's own, which knows the language as the project has it, else the one on the `PATH`. */
function serverOptions(): ServerOptions {
  const path = workspace.getConfiguration('licet').get<string>('path', '').trim()
  if (path !== '')
    return path.endsWith('.js') ? nodeModule(path) : { command: path, args: ['lsp'], transport: TransportKind.stdio }
  const folders = (workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? [uri.fsPath] : []))
  const open = window.activeTextEditor?.document.uri
  const found = findLicet([...folders, ...(open?.scheme === 'file' ? [dirname(open.fsPath)] : [])], existsSync)
  return found === undefined
    ? {
        command: 'licet',
        args: ['lsp'],
        transport: TransportKind.stdio,
        options: { shell: process.platform === 'win32' },
      }
    : nodeModule(found)
}

/** Run by the editor's own Node. */
function nodeModule(module: string): ServerOptions {
  return { module, args: ['lsp'], transport: TransportKind.stdio }
}
