import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { commands, type ExtensionContext, window, workspace } from 'vscode'
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node'
import { findLicet } from './find-licet.ts'

let client: LanguageClient | undefined

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(commands.registerCommand('licet.restart', restart))
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('licet.path')) void restart()
    }),
  )
  await start()
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}

async function restart(): Promise<void> {
  await client?.stop()
  await start()
}

async function start(): Promise<void> {
  client = new LanguageClient('licet', 'Licet', serverOptions(), {
    documentSelector: [{ language: 'licet' }],
    synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.{licet,json}') },
  })
  try {
    await client.start()
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
