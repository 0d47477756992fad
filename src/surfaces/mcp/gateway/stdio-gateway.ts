import type { Readable, Writable } from 'node:stream'
import type { Principal } from '../enforcement/principal.ts'
import { auditOptions, openAudit } from './audit-files.ts'
import { guardServer, type Operator, type ServerOptions } from './guarded-server.ts'
import { stdioSide, unreadByClient } from './stdio-side.ts'

export interface StdioClient {
  /** Who is on the other end of `input`: stdio carries no credentials, so that it has to be said. */
  readonly principal: Principal
  /** What the client writes and reads; the standard streams of this process when left out. */
  readonly input?: Readable
  readonly output?: Writable
}

/** Serves the one client on the standard streams, until it or the server is gone. */
export async function serveStdio(
  options: ServerOptions & StdioClient,
  operator: Operator,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { input = process.stdin, output = process.stdout } = options
  const log = await openAudit(auditOptions(options.audit)?.file, operator)
  if (log === undefined) return 1
  const guarded = guardServer(options, { audit: log.audit, stepUp: false }, operator)
  const connection = guarded?.connect(stdioSide({ input, output }, unreadByClient), options.principal)
  if (guarded === undefined || connection === undefined) {
    guarded?.close()
    log.close()
    return 1
  }

  let isLeaving = false
  const leave = (): void => {
    isLeaving = true
    connection.leave()
  }
  // An input that ends has been read to its end: what waits is still judged.
  input.once('error', leave)
  input.once('end', leave)
  input.once('close', leave)
  output.on('error', leave)
  output.once('close', leave)
  if (signal?.aborted === true) leave()
  signal?.addEventListener('abort', leave, { once: true })

  const { status } = await connection.ended
  guarded.close()
  input.pause()
  input.removeAllListeners('data')
  log.close()
  await flushed(output)
  return isLeaving && status > 127 ? 0 : status
}

function flushed(output: Writable): Promise<void> {
  if (!output.writable) return Promise.resolve()
  return new Promise((resolve) => output.write('', () => resolve()))
}
