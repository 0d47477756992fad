import type { Principal } from '../enforcement/principal.ts'
import { metadataUrl, type ResourceMetadata } from '../http/resource-metadata.ts'
import { visible } from '../protocol/visible.ts'
import { memoryLabels } from '../stores/labels.ts'
import { memoryLimits } from '../stores/limits.ts'
import type { Stores } from '../stores/stores.ts'
import { auditOptions, type OpenAudit, openAudit } from './audit-files.ts'
import { type GuardedServer, guardServer, type Operator, type ServerOptions } from './guarded-server.ts'
import { type Connections, createConnections } from './listener/connections.ts'
import { createEndpoint } from './listener/endpoint.ts'
import { isLoopback } from './listener/hosts.ts'
import { type Authenticate, listen, type Served } from './listener/listener.ts'

/** A server behind a listener, served at `/NAME`. */
export type ListedServer = ServerOptions & {
  /** On whose behalf everybody speaks who can reach the listener, which is then on loopback only; instead of `authenticate`. */
  readonly principal?: Principal
  /**
   * Protected resource metadata of this server (RFC 9728), which challenges point to: `protectedResourceMetadata` of `licet/claims`, served by
   * the listener, or the URL of what is served elsewhere.
   */
  readonly metadata?: string | ResourceMetadata
}

export interface HttpClients {
  readonly listen: {
    /** A name or address to listen on; 127.0.0.1 when left out. */
    readonly host?: string
    /** 0 for any that is free. */
    readonly port: number
    /** Other names by which clients know the listener, such as that of a proxy before it. */
    readonly names?: readonly string[]
    /** Told the URL, without the path of a server, as soon as requests are taken. */
    readonly onListening?: (url: string) => void
  }
  readonly servers: readonly ListedServer[]
  /** Says on whose behalf a request is made, for each server without a `principal`. */
  readonly authenticate?: Authenticate
  /** How many sessions, and how many principals without one, each server has at most; 64 when left out. A principal has a quarter of them. */
  readonly connections?: number
  /** Milliseconds after which a session that nobody uses is ended; 30 minutes when left out. */
  readonly idle?: number
}

/** Serves clients over HTTP, until `signal` is aborted. */
export async function serveHttp(
  options: HttpClients,
  operator: Operator,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { report } = operator
  const { host = '127.0.0.1', port, names = [], onListening } = options.listen
  const problem = problemOf(options, host)
  if (problem !== undefined) {
    report(problem)
    return 1
  }
  const audits = new Map<string | undefined, OpenAudit>()
  const guarded: GuardedServer[] = []
  const connections: Connections[] = []
  const end = async (status: number): Promise<number> => {
    await Promise.all(connections.map((each) => each.close()))
    for (const each of guarded) each.close()
    for (const { close } of audits.values()) close()
    return status
  }
  // A person carries labels from one server, and one connection, to the next.
  const shared: Stores = { limits: memoryLimits(), labels: memoryLabels() }
  const servers = new Map<string, Served>()
  for (const server of options.servers) {
    // Two servers may write one log: each line is written whole, by one writer.
    const file = auditOptions(server.audit)?.file
    const log = audits.get(file) ?? (await openAudit(file, operator))
    if (log === undefined) return end(1)
    audits.set(file, log)
    const stores = { ...shared, ...server.stores }
    // Where there is but one principal, no other token makes a difference.
    const each = guardServer(
      { ...server, stores },
      { audit: log.audit, stepUp: server.principal === undefined },
      operator,
    )
    if (each === undefined) return end(1)
    guarded.push(each)
    if (each.isDrifted) return end(1)
    const opened = connectionsOf(each, server, options)
    connections.push(opened)
    servers.set(server.server, servedBy(each, opened, server, options))
  }
  let listener: Awaited<ReturnType<typeof listen>>
  try {
    listener = await listen({ host, port, hosts: names, servers, report })
  } catch (thrown) {
    report(`cannot listen on ${visible(host)}:${port}: ${thrown instanceof Error ? thrown.message : ''}`)
    return end(1)
  }
  for (const name of servers.keys()) report(`${name} is served at ${listener.url}/${name}`)
  onListening?.(listener.url)
  await aborted(signal)
  const left = listener.close()
  await end(0)
  await left
  return 0
}

/** Why it cannot be served as asked. */
function problemOf({ servers, authenticate }: HttpClients, host: string): string | undefined {
  const seen = new Set<string>()
  for (const { server, principal } of servers) {
    const name = visible(server)
    if (seen.has(server)) return `two servers are called ${name}`
    seen.add(server)
    if (principal === undefined && authenticate === undefined) {
      return `nobody is said to speak to ${name}: a listener needs a principal or a way to authenticate`
    }
    if (principal !== undefined && !isLoopback(host)) {
      return `everybody who reaches ${visible(host)} would speak to ${name} for one principal: that is for loopback only`
    }
  }
  return undefined
}

function connectionsOf(
  guarded: GuardedServer,
  { principal, metadata }: ListedServer,
  { connections: most = 64, idle = 30 * 60_000 }: HttpClients,
): Connections {
  // Where there is but one principal, no other can be kept out, and no other token makes a difference.
  const isAlone = principal !== undefined
  return createConnections(guarded, {
    most,
    mostOfOne: isAlone ? most : Math.ceil(most / 4),
    idle,
    challenges: isAlone ? undefined : { metadata: metadataUrl(metadata) },
  })
}

function servedBy(
  guarded: GuardedServer,
  connections: Connections,
  { principal, metadata }: ListedServer,
  { authenticate = () => undefined }: HttpClients,
): Served {
  return {
    endpoint: createEndpoint(connections, guarded.inputSchema),
    authenticate: principal === undefined ? authenticate : () => principal,
    metadata,
    policy: () => guarded.policy,
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}
