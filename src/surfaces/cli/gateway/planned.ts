import type { AuditOptions, ListedServer, PolicySource, Principal, ServerReach } from 'licet/mcp'
import { functionsIn } from '../functions.ts'
import type { Io } from '../io.ts'
import { checkActor, checkAgent, checkServer } from '../request.ts'

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

/** A server as the gateway takes it. Its policy is loaded once, and the names that the plan has are held against it. */
export async function guardedBy(planned: PlannedServer, io: Io): Promise<ListedServer> {
  const { name, reach, policies, facts, audit, principal, clientConfirms, cwd } = planned
  const { policyFiles } = await import('licet/mcp')
  return {
    ...reach,
    server: name,
    source: checked(policyFiles({ policies, facts, cwd }), planned),
    functions: await functionsIn(planned.functions, { ...io, cwd }),
    carriesConsent: () => clientConfirms,
    ...(audit === undefined ? {} : { audit }),
    ...(principal === undefined ? {} : { principal }),
  }
}

/** A name that does not exist would be denied everything. */
function checked(source: PolicySource, { name, principal }: PlannedServer): PolicySource {
  const first = source.load()
  let loads = 0
  if (first.policy !== undefined) {
    const { policy } = first
    checkServer(policy, name)
    if (principal !== undefined) checkActor(policy, principal.actor ?? 'anonymous')
    for (const agent of principal?.agents ?? []) checkAgent(policy, agent)
  }
  return { ...source, load: () => (loads++ === 0 ? first : source.load()) }
}
