import type { Readable, Writable } from 'node:stream'
import { createEngine, type EngineOptions, render } from '../../../index.ts'
import { type AuditFile, auditFile } from '../audit/audit-file.ts'
import { type AuditedArguments, redactionOf } from '../audit/redaction.ts'
import { withTelemetry } from '../audit/telemetry.ts'
import { createEnforcement, type Enforced } from '../enforcement/enforcement.ts'
import type { Principal } from '../enforcement/principal.ts'
import { visible } from '../protocol/visible.ts'
import type { Stores } from '../stores/stores.ts'
import { bridge } from './bridge.ts'
import { type ServerCommand, startServer } from './child.ts'
import { type LoadedSource, type PolicySource, policyDigest } from './policy-source.ts'
import { serverLines } from './server-lines.ts'

export interface GatewayOptions extends ServerCommand {
  /** The name by which the policy knows the server. */
  readonly server: string
  readonly source: PolicySource
  /** Who is on the other end of `input`: stdio carries no credentials, so that it has to be said. */
  readonly principal: Principal
  /** The host functions that the policy declares. */
  readonly functions?: EngineOptions['functions']
  /** Path of the audit log, appended to; what it holds is digests of arguments, unless it is told otherwise. */
  readonly audit?: string | AuditOptions
  /** JSON-RPC error code of a denial; -32003 when left out. */
  readonly denialCode?: number
  /** Where limits, labels and approvals are kept. */
  readonly stores?: Stores
  /** Whether the client is trusted to ask its user for confirmation, and to say what the user has answered. */
  readonly carriesConsent?: boolean
  /** What the client writes and reads, and what the operator reads; the standard streams of this process when left out. */
  readonly input?: Readable
  readonly output?: Writable
  readonly errors?: Writable
  /** Colours in diagnostics. */
  readonly color?: boolean
  /** Ends the gateway, the server first. */
  readonly signal?: AbortSignal
  /** Milliseconds that requests wait at most for the server to tell what it offers; 10,000 when left out. */
  readonly patience?: number
}

export interface AuditOptions extends AuditedArguments {
  readonly file: string
}

/**
 * Guards an MCP server: starts it, and stands between it and the client on the standard streams. Every message is judged; what the
 * policy does not permit does not pass. The policy is loaded again when it changes; one with errors is reported, and the one before
 * it stays in force.
 *
 * @returns the status to exit with, once either side is gone: that of the server, 0 when the client left first, 1 when the
 *   policy cannot be used, 127 when the server could not be started. Problems are on `errors`; nothing else is written to `output`
 *   than messages
 */
export async function runGateway(options: GatewayOptions): Promise<number> {
  const { server, source, principal, functions, denialCode, command, args, signal, patience } = options
  const { stores, carriesConsent = false } = options
  const { input = process.stdin, output = process.stdout, errors = process.stderr, color = false } = options
  const audit = typeof options.audit === 'string' ? { file: options.audit } : options.audit
  const report = (problem: string): void => {
    errors.write(`licet: ${problem}\n`)
  }
  const show = ({ diagnostics, sources }: LoadedSource): void => {
    if (diagnostics.length > 0) errors.write(render(diagnostics, sources, { color }))
  }
  const enforced = (loaded: LoadedSource): Enforced | undefined => {
    show(loaded)
    const { policy, facts } = loaded
    if (policy === undefined) return undefined
    if (!policy.program.servers.some(({ name }) => name === server)) {
      report(`the policy has no block for the server ${visible(server)}: all that it offers is denied`)
    }
    try {
      const engine = createEngine(policy, { facts, ...(functions === undefined ? {} : { functions }) })
      const lock = policy.locks.get(server)
      const redaction = redactionOf(audit ?? {}, lock)
      return { engine, lock, digest: policyDigest(policy), ...(redaction && { redaction }) }
    } catch (thrown) {
      report(reasonOf(thrown))
      return undefined
    }
  }

  const policy = enforced(source.load())
  if (policy === undefined) return 1
  let log: AuditFile | undefined
  try {
    log = audit === undefined ? undefined : auditFile(audit.file, report)
  } catch (thrown) {
    report(`the audit log cannot be written: ${reasonOf(thrown)}`)
    return 1
  }
  const recorded = await withTelemetry(log?.audit)
  const enforcement = createEnforcement({
    server,
    policy,
    principal,
    reached: { command, args },
    report,
    carriesConsent: () => carriesConsent,
    ...(denialCode === undefined ? {} : { denialCode }),
    ...(stores === undefined ? {} : { stores }),
    ...(recorded === undefined ? {} : { audit: recorded }),
  })
  // Another command than the one that was locked is another server, which nobody has looked at: it is not even started.
  if (enforcement.definitions.isServerDrifted) {
    log?.close()
    return 1
  }

  const child = startServer(options)
  child.process.stdout.on('error', () => {})
  child.process.stderr.on('error', () => {})
  const told = serverLines(visible(server), (line) => errors.write(line))
  child.process.stderr.on('data', (chunk: Buffer) => told.take(chunk))
  child.process.stderr.on('end', () => told.end())
  const between = bridge({
    client: { input, output },
    server: { input: child.process.stdout, output: child.process.stdin },
    enforcement,
    report,
    ...(patience === undefined ? {} : { patience }),
  })
  const stopWatching = source.watch?.(() => {
    const next = enforced(source.load())
    if (next === undefined) {
      report('the policy that is in force stays: the new one cannot be used')
      return
    }
    enforcement.replace(next)
    between.policyChanged()
    report('the policy has changed, and is in force')
  })

  let isLeaving = false
  const leave = (): void => {
    if (isLeaving) return
    isLeaving = true
    void between.drained().then(() => child.stop())
  }
  // An input that ends has been read to its end: what waits is still judged.
  errors.on('error', () => {})
  input.once('error', leave)
  input.once('end', leave)
  input.once('close', leave)
  output.on('error', leave)
  output.once('close', leave)
  if (signal?.aborted === true) leave()
  signal?.addEventListener('abort', leave, { once: true })

  const { status, how } = await child.ended
  stopWatching?.()
  if (!isLeaving) {
    report(`the server ${how}`)
    between.serverGone()
  }
  input.pause()
  input.removeAllListeners('data')
  log?.close()
  await flushed(output)
  return isLeaving && status > 127 ? 0 : status
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

function flushed(output: Writable): Promise<void> {
  if (!output.writable) return Promise.resolve()
  return new Promise((resolve) => output.write('', () => resolve()))
}
