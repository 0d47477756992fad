import type { Writable } from 'node:stream'
import { visibleText } from '../../../base/visible.ts'
import type { Operator, ServerOptions } from './guarded-server.ts'
import { type HttpClients, serveHttp } from './http-gateway.ts'
import { type StdioClient, serveStdio } from './stdio-gateway.ts'

export interface OperatorOptions {
  /** What the operator reads; the standard error of this process when left out. */
  readonly errors?: Writable
  /** Colours in diagnostics. */
  readonly color?: boolean
  /** Ends the gateway, the servers first. */
  readonly signal?: AbortSignal
}

/** One client on standard streams in front of one server. */
export type StdioGatewayOptions = ServerOptions & StdioClient & OperatorOptions & { readonly listen?: undefined }

/** Any number of clients over HTTP in front of any number of servers. */
export type HttpGatewayOptions = HttpClients & OperatorOptions

export type GatewayOptions = StdioGatewayOptions | HttpGatewayOptions

/**
 * Guards MCP servers: stands between them and their clients, on the standard streams or, with `listen`, over HTTP. Every message is judged; what
 * the policy does not permit does not pass. The policy is loaded again when it changes; one with errors is reported, and the one before it
 * stays in force.
 *
 * @returns the status to exit with. On standard streams, once either side is gone: that of the server, 0 when the client left first, 1 when
 *   the policy cannot be used, 127 when the server could not be started. Over HTTP, once `signal` is aborted: 0, or 1 at once when
 *   it cannot be served as asked. Problems are on `errors`; nothing else is written to `output` than messages
 */
export async function runGateway(options: GatewayOptions): Promise<number> {
  const { errors = process.stderr, color = false, signal } = options
  const operator: Operator = {
    errors,
    color,
    // What was thrown may quote what has come: it begins no line of its own.
    report: (problem) => {
      errors.write(`licet: ${visibleText(problem)}\n`)
    },
  }
  errors.on('error', () => {})
  return options.listen === undefined ? serveStdio(options, operator, signal) : serveHttp(options, operator, signal)
}
