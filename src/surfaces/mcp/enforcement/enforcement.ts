import type { JsonObject } from '../../../base/json.ts'
import type { Engine } from '../../../index.ts'
import type { Lock, Reached } from '../../../lock/format.ts'
import type { Audit } from '../audit/audit.ts'
import type { Redaction } from '../audit/redaction.ts'
import type { Challenge } from '../protocol/challenge.ts'
import { defaultDenialCode } from '../protocol/denial.ts'
import type { Id, Message, RpcError } from '../protocol/message.ts'
import { askedStores, type Stores } from '../stores/stores.ts'
import { connect, type JudgeOf } from './connect.ts'
import { createCursors } from './cursors.ts'
import { createDefinitions, type Definitions } from './definitions.ts'
import { lockDigest, reachedText } from './exact-call.ts'
import { createJudge, type Session } from './judge.ts'
import { createMemory } from './memory.ts'
import { type Principal, personKey, principalKey } from './principal.ts'
import { createToolArguments } from './tool-arguments.ts'

export type { Challenge }

/** What becomes of a message. */
export type Verdict =
  /**
   * To the other side. `verbatim`: this member is as it came, so that its text may be copied. `within`: the request of the client, as it
   * calls it, that the message belongs to.
   */
  | { readonly kind: 'forward'; readonly message: JsonObject; readonly verbatim?: 'result'; readonly within?: Id }
  /** Back to the sender. `challenge`: what would help, for those who can be told in HTTP. */
  | { readonly kind: 'answer'; readonly message: JsonObject; readonly challenge?: Challenge }
  /** The message waits. `message` goes back to the sender meanwhile; `later` is what becomes of the one that waits. */
  | { readonly kind: 'hold'; readonly message: JsonObject; readonly later: Promise<Verdict> }
  /** `why` is for the operator; undefined where the message was meant for us. */
  | { readonly kind: 'drop'; readonly why?: string }

/** A policy in force. */
export interface Enforced {
  readonly engine: Pick<Engine, 'authorize'>
  readonly lock: Lock | undefined
  /** SHA-256 over what it was compiled from, for the audit. */
  readonly digest: string
  /** What of arguments the audit records besides their digest; nothing when left out. */
  readonly redaction?: Redaction
}

export interface EnforcementOptions {
  /** The name by which the policy knows the server. */
  readonly server: string
  readonly policy: Enforced
  /** On whose behalf the client speaks, until a message comes with another. */
  readonly principal: Principal
  /** How the server is reached, to be compared with the lock; left out where it is in this process. */
  readonly reached?: Reached
  /** JSON-RPC error code of a denial; -32003 when left out. */
  readonly denialCode?: number
  /** Where limits, labels and approvals are kept; guards that share them give the same here. */
  readonly stores?: Stores
  /**
   * Whether the client of a principal is trusted to ask its user for confirmation, and to say what the user has answered. A client that is
   * itself the agent can answer whatever it likes: no client, when left out.
   */
  readonly carriesConsent?: (principal: Principal) => boolean
  /**
   * The client can get another token: what it could use with one is listed, and known to it. False when left out: a list then has what
   * the caller can use as it is.
   */
  readonly stepUp?: boolean
  readonly audit?: Audit
  /** Told what an operator should know: drift, schemas that cannot be used, a failing audit. */
  readonly report?: (problem: string) => void
}

/**
 * The policy enforcement point between one client and one server: sees every JSON-RPC message once, in either direction, and says
 * what becomes of it. Does no I/O but the audit. A method that it does not know is denied. The messages of each side are judged one
 * after another, in the order in which they are given.
 */
export interface Enforcement {
  /**
   * `principal`: on whose behalf this message and the later ones are sent, where each comes with credentials of its own. Scopes may
   * have changed; that of somebody else is refused.
   */
  fromClient(message: Message, principal?: Principal): Promise<Verdict>
  /** `within`: the request, as relayed, in the answer to which it came, where each has a stream of its own. */
  fromServer(message: Message, within?: Id): Promise<Verdict>
  /** Puts another policy in force; requests in flight finish on the one they began with. */
  replace(policy: Enforced): void
  /** A request of our own to the server, told apart from those of the client by its number. */
  ask(method: string, params: JsonObject): { readonly message: JsonObject; readonly answer: Promise<Answer> }
  /** The server is gone: the answers to all that the client still waits for. */
  serverGone(): readonly JsonObject[]
  /** What tells the client that its lists may be others now. */
  listsChanged(): readonly JsonObject[]
  /**
   * What to answer a call of a tool that the client must not know of, where something else is wrong with the call that only the tool's
   * definition tells; undefined where the client may know of it. `principal` as in `fromClient`.
   */
  hiddenTool(
    call: Extract<Message, { kind: 'request' }>,
    tool: string,
    principal?: Principal,
  ): Promise<JsonObject | undefined>
  readonly definitions: Definitions
}

export type Answer =
  | { readonly result: JsonObject; readonly error?: undefined }
  | { readonly error: RpcError; readonly result?: undefined }

/**
 * What the connections with one server have in common, and what outlives them: what the server offers, the stores, the tasks
 * of each person. Where each request has a server or a connection of its own, they share this.
 */
export interface EnforcementPoint {
  /** One client's connection. */
  connect(principal: Principal): Enforcement
  /** Puts another policy in force for all connections; requests in flight finish on the one they began with. */
  replace(policy: Enforced): void
  readonly definitions: Definitions
}

export function createEnforcement({ principal, ...options }: EnforcementOptions): Enforcement {
  return createEnforcementPoint(options).connect(principal)
}

export function createEnforcementPoint(options: Omit<EnforcementOptions, 'principal'>): EnforcementPoint {
  const { server, reached, audit, denialCode = defaultDenialCode, stepUp = false, report = () => {} } = options
  const definitions = createDefinitions(options.policy.lock, reached, report)
  const { carriesConsent = () => false } = options
  const stores = askedStores(options.stores ?? {})
  const memory = createMemory()
  const cursors = createCursors()
  const judging = ({ engine, lock, digest, redaction }: Enforced): JudgeOf => {
    const toolArguments = createToolArguments(lock, report)
    const digestOfLock = lock && lockDigest(lock)
    return (principal, session) =>
      createJudge({
        stores,
        reached: reachedText(reached),
        lockDigest: digestOfLock,
        engine,
        definitions,
        toolArguments,
        session,
        principal,
        server,
        denialCode,
        stepUp,
        policyDigest: digest,
        audit,
        redaction,
        report,
      })
  }
  let judgeOf = judging(options.policy)
  const replace = (policy: Enforced): void => {
    definitions.relock(policy.lock)
    judgeOf = judging(policy)
  }
  return {
    definitions,
    replace,
    connect: (principal) => {
      const { tasks, elicitations } = memory.of(personKey(principal))
      const session: Session = {}
      const shared = {
        server,
        denialCode,
        definitions,
        cursors: cursors(principalKey(principal)),
        stores,
        session,
        tasks,
        elicitations,
      }
      return connect({ shared, principal, judgeOf: () => judgeOf, replace, carriesConsent, report })
    },
  }
}
