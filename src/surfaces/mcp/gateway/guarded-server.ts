import type { Writable } from 'node:stream'
import type { JsonObject } from '../../../base/json.ts'
import { createEngine, type Engine, type EngineOptions, type Policy, render } from '../../../index.ts'
import type { Reached } from '../../../lock/format.ts'
import type { Audit } from '../audit/audit.ts'
import { redactionOf } from '../audit/redaction.ts'
import { createEnforcement, type Enforced, type Enforcement } from '../enforcement/enforcement.ts'
import type { Principal } from '../enforcement/principal.ts'
import { ownObject } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import type { Stores } from '../stores/stores.ts'
import { type AuditOptions, auditOptions } from './audit-files.ts'
import { bridge } from './bridge.ts'
import type { Ending } from './child.ts'
import { type LoadedSource, type PolicySource, policyDigest } from './policy-source.ts'
import type { Side } from './side.ts'
import { openUpstream, type ServerReach } from './upstream.ts'

/** A server, and the policy that it is guarded by. */
export type ServerOptions = ServerReach & {
  /** The name by which the policy knows the server. */
  readonly server: string
  readonly source: PolicySource
  /** The host functions that the policy declares. */
  readonly functions?: EngineOptions['functions']
  /** Path of the audit log, appended to; what it holds is digests of arguments, unless it is told otherwise. */
  readonly audit?: string | AuditOptions
  /** JSON-RPC error code of a denial; -32003 when left out. */
  readonly denialCode?: number
  /** Where limits, labels and approvals are kept; in memory, for as long as the gateway lives, when left out. */
  readonly stores?: Stores
  /** Whether the client of a principal is trusted to ask its user for confirmation, and to say what the user has answered. */
  readonly carriesConsent?: (principal: Principal) => boolean
  /** Milliseconds that requests wait at most for the server to tell what it offers; 10,000 when left out. */
  readonly patience?: number
}

/** The operator's side of a gateway. */
export interface Operator {
  readonly errors: Writable
  readonly color: boolean
  report(problem: string): void
}

/** A server with its policy in force, which is loaded again when it changes. */
export interface GuardedServer {
  /** Whether it is reached in another way than the one that was locked. */
  readonly isDrifted: boolean
  /** The one in force. */
  readonly policy: Policy
  /**
   * Reaches the server once more, for one client: no two of them share what it keeps. Undefined where it is drifted: it is another server, which
   * nobody has looked at, and is not even started.
   */
  connect(client: Side, principal: Principal): Connection | undefined
  /** The locked schema of a tool's arguments; undefined where none is locked. */
  inputSchema(tool: string): JsonObject | undefined
  close(): void
}

export interface Connection {
  /** Resolves when the server is gone, and whatever the client waited for has been answered. */
  readonly ended: Promise<Ending>
  /** The client is gone: what it has sent is still judged, then the server is ended. */
  leave(): void
}

/** What a server is guarded with besides its policy. */
export interface Guarding {
  readonly audit: Audit | undefined
  /** The clients can get another token, and are told which would help. */
  readonly stepUp: boolean
}

/** Undefined when the policy cannot be used, which the operator has been told. */
export function guardServer(
  options: ServerOptions,
  { audit, stepUp }: Guarding,
  operator: Operator,
): GuardedServer | undefined {
  const { server, source, functions, denialCode, patience, stores, carriesConsent } = options
  const { errors, report } = operator
  const connections = new Set<{ readonly enforcement: Enforcement; policyChanged(): void }>()
  let policy = loadPolicy()
  if (policy === undefined) return undefined
  let inForce = policy
  const stopWatching = source.watch?.(() => {
    policy = loadPolicy()
    if (policy === undefined) {
      report('the policy that is in force stays: the new one cannot be used')
      return
    }
    inForce = policy
    for (const { enforcement, policyChanged } of connections) {
      enforcement.replace(policy)
      policyChanged()
    }
    report('the policy has changed, and is in force')
  })

  function loadPolicy(): (Enforced & { readonly engine: Engine }) | undefined {
    const loaded: LoadedSource = source.load()
    const { policy, facts, diagnostics, sources } = loaded
    if (diagnostics.length > 0) errors.write(render(diagnostics, sources, { color: operator.color }))
    if (policy === undefined) return undefined
    if (!policy.program.servers.some(({ name }) => name === server)) {
      report(`the policy has no block for the server ${visible(server)}: all that it offers is denied`)
    }
    try {
      const engine = createEngine(policy, { facts, ...(functions === undefined ? {} : { functions }) })
      const lock = policy.locks.get(server)
      const redaction = redactionOf(auditOptions(options.audit) ?? {}, lock)
      return { engine, lock, digest: policyDigest(policy), ...(redaction && { redaction }) }
    } catch (thrown) {
      report(reasonOf(thrown))
      return undefined
    }
  }

  const enforce = (principal: Principal): Enforcement =>
    createEnforcement({
      server,
      policy: inForce,
      principal,
      reached: reachedOf(options),
      report,
      stepUp,
      ...(denialCode === undefined ? {} : { denialCode }),
      ...(stores === undefined ? {} : { stores }),
      ...(carriesConsent === undefined ? {} : { carriesConsent }),
      ...(audit === undefined ? {} : { audit }),
    })
  return {
    get policy() {
      return inForce.engine.policy
    },
    get isDrifted() {
      return enforce({ actor: null }).definitions.isServerDrifted
    },
    connect: (client, principal) => {
      const enforcement = enforce(principal)
      if (enforcement.definitions.isServerDrifted) return undefined
      const upstream = openUpstream(server, options, errors, report)
      const between = bridge({
        client,
        server: upstream.side,
        enforcement,
        report,
        ...(patience === undefined ? {} : { patience }),
      })
      const connection = { enforcement, policyChanged: between.policyChanged }
      connections.add(connection)
      let isLeaving = false
      const ended = upstream.ended.then((ending) => {
        connections.delete(connection)
        if (!isLeaving) {
          report(`the server ${ending.how}`)
          between.serverGone()
        }
        return ending
      })
      return {
        ended,
        leave: () => {
          if (isLeaving) return
          isLeaving = true
          void between.drained().then(() => upstream.stop())
        },
      }
    },
    inputSchema: (tool) => {
      const locked = inForce.lock?.tools.find(({ name }) => name === tool)
      return locked && ownObject(locked, 'inputSchema')
    },
    close: () => stopWatching?.(),
  }
}

function reachedOf(reach: ServerReach): Reached {
  return 'url' in reach
    ? { url: reach.url, origin: new URL(reach.url).origin }
    : { command: reach.command, args: reach.args }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
