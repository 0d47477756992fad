import { visibleText } from '../../../base/visible.ts'
import type { Engine } from '../../../index.ts'
import type { Audit } from '../audit/audit.ts'
import { createEnforcementPoint, type Enforced, type Enforcement } from '../enforcement/enforcement.ts'
import type { Principal } from '../enforcement/principal.ts'
import { policyDigest } from '../gateway/policy-source.ts'
import { visible } from '../protocol/visible.ts'
import type { Stores } from '../stores/stores.ts'
import { createSurvey, type Survey } from './survey.ts'

/** An engine whose policy can be looked at: for the locks, and for the audit. */
export type GuardEngine = Pick<Engine, 'authorize' | 'policy'>

/** What every guard is told. */
export interface GuardPolicy {
  /** The name by which the policy knows the server. */
  readonly server: string
  /** Writes a record of every decision before its request goes on; throws when it cannot, and then nothing is let through. */
  readonly audit?: Audit
  /** Told what an operator should know: drift, messages that were dropped. Lines on standard error when left out. */
  readonly report?: (problem: string) => void
  /** JSON-RPC error code of a denial; -32003 when left out. */
  readonly denialCode?: number
  /** Where limits, labels and approvals are kept; guards that share them give the same here. In memory, when left out. */
  readonly stores?: Stores
  /**
   * Whether the client of a principal is trusted to ask its user for confirmation, and to say what the user has answered. A client that is
   * itself the agent can answer whatever it likes: no client, when left out.
   */
  readonly carriesConsent?: (principal: Principal) => boolean
  /** Lists also what a caller could use with another token, and tells it which. */
  readonly stepUp?: boolean
}

/** What the connections to one guarded server share. */
export interface GuardPoint {
  connect(principal: Principal): Enforcement
  readonly survey: Survey
  report(problem: string): void
  readonly denialCode: number | undefined
  /** The input schema that is locked for a tool. */
  inputSchema(tool: string): unknown
}

/** Follows the engine: a policy that replaces another there is in force here with the next message. */
export function createGuardPoint(engine: GuardEngine, options: GuardPolicy): GuardPoint {
  const { server, audit, denialCode, stores, carriesConsent, stepUp } = options
  const tell = options.report ?? ((problem: string) => console.error(`licet: ${problem}`))
  // Much is reported where nobody waits: what is thrown there would end the process.
  const report = (problem: string): void => {
    try {
      tell(visibleText(problem))
    } catch {}
  }
  const enforced = (): Enforced => {
    const { policy } = engine
    if (!policy.program.servers.some(({ name }) => name === server)) {
      report(`the policy has no block for the server ${visible(server)}: all that it offers is denied`)
    }
    return { engine, lock: policy.locks.get(server), digest: policyDigest(policy) }
  }
  let { policy } = engine
  const point = createEnforcementPoint({
    server,
    policy: enforced(),
    report,
    ...(audit === undefined ? {} : { audit }),
    ...(denialCode === undefined ? {} : { denialCode }),
    ...(stores === undefined ? {} : { stores }),
    ...(carriesConsent === undefined ? {} : { carriesConsent }),
    ...(stepUp === undefined ? {} : { stepUp }),
  })
  const survey = createSurvey(point.definitions, report)
  const follow = (): void => {
    if (engine.policy === policy) return
    point.replace(enforced())
    survey.changed()
    policy = engine.policy
  }
  return {
    connect: (principal) => {
      const connection = point.connect(principal)
      return {
        ...connection,
        fromClient: (message, speaker) => {
          follow()
          return connection.fromClient(message, speaker)
        },
        fromServer: (message, within) => {
          follow()
          return connection.fromServer(message, within)
        },
      }
    },
    survey: {
      before: (message, ask) => {
        follow()
        return survey.before(message, ask)
      },
      changed: () => survey.changed(),
    },
    report,
    denialCode,
    inputSchema: (tool) => engine.policy.locks.get(server)?.tools.find(({ name }) => name === tool)?.inputSchema,
  }
}
