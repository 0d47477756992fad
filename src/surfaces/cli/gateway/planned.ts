import type { AuditOptions, ListedServer, LoadedSource, PolicySource, Principal, ServerReach } from 'licet/mcp'
import type { Policy } from '../../../index.ts'
import { functionsIn } from '../functions.ts'
import type { Io } from '../io.ts'
import { checkActor, checkAgent, checkServer } from '../request.ts'
import type { KnownCallers } from './callers.ts'

/** A server as the command line or a configuration describes it. */
export interface PlannedServer {
  readonly name: string
  readonly reach: ServerReach
  readonly policies: readonly string[]
  readonly facts: readonly string[]
  readonly functions: string | undefined
  readonly audit: AuditOptions | undefined
  /** The clients are trusted to ask their users for confirmation. */
  readonly clientConfirms: boolean
  readonly principal: (Principal & { readonly actor: string | null }) | undefined
  /** What its files are relative to. */
  readonly cwd: string
}

/** Who calls a server, under its policy; undefined where one principal does. */
export type Callers = (server: string, policy: Policy) => Promise<KnownCallers | undefined>

/** A server as the gateway takes it. Its policy is loaded once, and the names that the plan has are held against it. */
export async function guardedBy(planned: PlannedServer, io: Io, callers: Callers): Promise<ListedServer> {
  const { name, reach, policies, facts, audit, principal, clientConfirms, cwd } = planned
  const { policyFiles } = await import('licet/mcp')
  const source = policyFiles({ policies, facts, cwd })
  const first = source.load()
  if (first.policy !== undefined) checkNames(first.policy, planned)
  const known = first.policy && principal === undefined ? await callers(name, first.policy) : undefined
  return {
    ...reach,
    server: name,
    source: withFirst(first, known === undefined ? source : fitting(source, known, io)),
    functions: await functionsIn(planned.functions, { ...io, cwd }),
    carriesConsent: () => clientConfirms,
    ...(audit === undefined ? {} : { audit }),
    ...(known?.metadata === undefined ? {} : { metadata: known.metadata }),
    ...(principal === undefined ? {} : { principal }),
  }
}

/** A name that does not exist would be denied everything. */
function checkNames(policy: Policy, { name, principal }: PlannedServer): void {
  checkServer(policy, name)
  if (principal !== undefined) checkActor(policy, principal.actor ?? 'anonymous')
  for (const agent of principal?.agents ?? []) checkAgent(policy, agent)
}

function withFirst(first: LoadedSource, source: PolicySource): PolicySource {
  let loads = 0
  return { ...source, load: () => (loads++ === 0 ? first : source.load()) }
}

/** A policy that begins to ask who acts, which nothing says, would have every agent be its user. */
function fitting(source: PolicySource, { problem }: KnownCallers, io: Io): PolicySource {
  return {
    ...source,
    load: () => {
      const { policy, ...loaded } = source.load()
      const why = policy && problem(policy)
      if (why === undefined) return { ...loaded, ...(policy && { policy }) }
      io.err(`licet: ${why}\n`)
      return loaded
    },
  }
}
