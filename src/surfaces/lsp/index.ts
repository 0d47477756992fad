/** The language server, which editors start as `licet lsp`. The subpath `licet/lsp`. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import {
  createProtocolConnection,
  LSPErrorCodes,
  type ResponseMessage,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node'
import { watchFiles } from '../node/watch.ts'
import { newDisk } from './disk.ts'
import { serve } from './server.ts'

export interface EditorStreams {
  readonly input: Readable
  readonly output: Writable
  /** Takes lines for a log, about what went wrong with messages. */
  readonly log: (line: string) => void
}

/**
 * Speaks the Language Server Protocol (3.17) with one client, until it leaves or its stream ends. Nothing that it sends ends the server.
 *
 * @returns the exit code that the protocol wants: 0 where the client has asked to shut down before
 */
export async function serveEditor({ input, output, log }: EditorStreams): Promise<number> {
  const manifest = createRequire(import.meta.url).resolve('licet/package.json')
  const { version } = createRequire(import.meta.url)('licet/package.json') as { readonly version: string }
  const logger = { error: log, warn: log, info: () => undefined, log: () => undefined }
  const connection = createProtocolConnection(new StreamMessageReader(input), new StreamMessageWriter(output), logger, {
    connectionStrategy: { cancelUndispatched: cancelled },
  })
  const wasShutDown = await serve({
    connection,
    diskIn: newDisk,
    watch: watchFiles,
    version,
    diagnosticsPages: pathToFileURL(`${dirname(manifest)}/docs/diagnostics`).href,
    log,
  })
  connection.dispose()
  return wasShutDown ? 0 : 1
}

/** The answer to a request that its client has taken back before its turn came. */
function cancelled(): ResponseMessage {
  return { jsonrpc: '2.0', id: null, error: { code: LSPErrorCodes.RequestCancelled, message: 'cancelled' } }
}
