import type { Writable } from 'node:stream'
import { visible } from '../protocol/visible.ts'
import { type Ending, type ServerCommand, startServer } from './child.ts'
import type { HttpServer } from './http-requests.ts'
import { httpUpstream } from './http-upstream.ts'
import { serverLines } from './server-lines.ts'
import type { Side } from './side.ts'
import { stdioSide, unreadByServer } from './stdio-side.ts'

/** How a server is reached. */
export type ServerReach = ServerCommand | HttpServer

/** A server that has been reached, for one client. */
export interface Upstream {
  readonly side: Side
  /** Resolves once the server is gone, by itself or because it was stopped. */
  readonly ended: Promise<Ending>
  stop(): Promise<Ending>
}

/** @param errors where what the server writes on its standard error is passed on, after its name */
export function openUpstream(
  name: string,
  reach: ServerReach,
  errors: Writable,
  report: (problem: string) => void,
): Upstream {
  if ('url' in reach) return httpUpstream(reach, report)
  const child = startServer(reach)
  child.process.stdout.on('error', () => {})
  child.process.stderr.on('error', () => {})
  const told = serverLines(visible(name), (line) => errors.write(line))
  child.process.stderr.on('data', (chunk: Buffer) => told.take(chunk))
  child.process.stderr.on('end', () => told.end())
  const side = stdioSide({ input: child.process.stdout, output: child.process.stdin }, unreadByServer)
  return { side, ended: child.ended, stop: child.stop }
}
