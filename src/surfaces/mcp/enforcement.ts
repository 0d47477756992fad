import type { JsonObject } from '../../base/json.ts'
import type { Engine } from '../../index.ts'
import type { Lock, Reached } from '../../lock/format.ts'
import type { Audit } from './audit.ts'
import type { Connection } from './connection.ts'
import { createCursors } from './cursors.ts'
import { createDefinitions, type Definitions } from './definitions.ts'
import { defaultDenialCode, internalError } from './denial.ts'
import { createExchanges } from './exchanges.ts'
import { clientMessages } from './from-client.ts'
import { serverMessages, subscriptionId } from './from-server.ts'
import { createJudge, type Judge, type Principal, type Session } from './judge.ts'
import { createLimiter } from './limits.ts'
import type { Id, Message, RpcError } from './message.ts'
import { failure, notification, request } from './message.ts'
import { createTasks } from './tasks.ts'
import { createToolArguments } from './tool-arguments.ts'

/** What becomes of a message. */
export type Verdict =
  /** To the other side. `verbatim`: this member is as it came, so that its text may be copied. */
  | { readonly kind: 'forward'; readonly message: JsonObject; readonly verbatim?: 'result' }
  /** Back to the sender. */
  | { readonly kind: 'answer'; readonly message: JsonObject }
  /** `why` is for the operator; undefined where the message was meant for us. */
  | { readonly kind: 'drop'; readonly why?: string }

/** A policy in force. */
export interface Enforced {
  readonly engine: Pick<Engine, 'authorize'>
  readonly lock: Lock | undefined
  /** SHA-256 over what it was compiled from, for the audit. */
  readonly digest: string
}

export interface EnforcementOptions {
  /** The name by which the policy knows the server. */
  readonly server: string
  readonly policy: Enforced
  readonly principal: Principal
  /** How the server is reached, to be compared with the lock. */
  readonly reached: Reached
  /** JSON-RPC error code of a denial; -32003 when left out. */
  readonly denialCode?: number
  readonly audit?: Audit
  /** Told what an operator should know: drift, schemas that cannot be used, a failing audit. */
  readonly report?: (problem: string) => void
}

/**
 * The policy enforcement point between one client and one server: sees every JSON-RPC message once, in either direction, and says
 * what becomes of it. Does no I/O but the audit. A method that it does not know is denied.
 */
export interface Enforcement {
  fromClient(message: Message): Verdict
  fromServer(message: Message): Verdict
  /** Puts another policy in force; requests in flight finish on the one they began with. */
  replace(policy: Enforced): void
  /** A request of our own to the server, told apart from those of the client by its number. */
  ask(method: string, params: JsonObject): { readonly message: JsonObject; readonly answer: Promise<Answer> }
  /** The server is gone: the answers to all that the client still waits for. */
  serverGone(): readonly JsonObject[]
  /** What tells the client that its lists may be others now. */
  listsChanged(): readonly JsonObject[]
  readonly definitions: Definitions
}

export type Answer =
  | { readonly result: JsonObject; readonly error?: undefined }
  | { readonly error: RpcError; readonly result?: undefined }

export function createEnforcement(options: EnforcementOptions): Enforcement {
  const { server, principal, reached, audit, denialCode = defaultDenialCode, report = () => {} } = options
  const definitions = createDefinitions(options.policy.lock, reached, report)
  const session: Session = { principal, labels: new Set(), limiter: createLimiter() }
  const judgeOf = ({ engine, lock, digest }: Enforced): Judge =>
    createJudge({
      engine,
      definitions,
      toolArguments: createToolArguments(lock, report),
      session,
      server,
      denialCode,
      policyDigest: digest,
      audit,
      report,
    })

  const numbers = { next: 1 }
  const asked = new Map<Id, (answer: Answer) => void>()
  const connection: Connection = {
    server,
    denialCode,
    session,
    definitions,
    judge: judgeOf(options.policy),
    toServer: createExchanges(numbers),
    toClient: createExchanges({ next: 1 }),
    tasks: createTasks(),
    subscribed: new Set(),
    elicitations: new Set(),
    cursors: createCursors(),
  }
  const fromServer = serverMessages(connection)
  return {
    definitions,
    fromClient: clientMessages(connection),
    fromServer: (message) => {
      const answered = answerIn(message)
      const resolve = answered && asked.get(answered.id)
      if (answered === undefined || resolve === undefined) return fromServer(message)
      asked.delete(answered.id)
      resolve(answered.answer)
      return { kind: 'drop' }
    },
    replace: (policy) => {
      definitions.relock(policy.lock)
      connection.judge = judgeOf(policy)
    },
    ask: (method, params) => {
      const number = numbers.next++
      const answer = new Promise<Answer>((resolve) => asked.set(number, resolve))
      return { message: request(number, method, params), answer }
    },
    listsChanged: () => listsChanged(connection),
    serverGone: () => {
      const gone: RpcError = { code: internalError, message: 'the server has stopped' }
      for (const resolve of asked.values()) resolve({ error: gone })
      asked.clear()
      return connection.toServer.closeAll().map(({ id }) => failure(id, gone))
    },
  }
}

/** What a message of the server answers, and to which request; one that cannot be read is an answer too. */
function answerIn(message: Message): { readonly id: Id; readonly answer: Answer } | undefined {
  switch (message.kind) {
    case 'result':
      return { id: message.id, answer: { result: message.result } }
    case 'error':
      return { id: message.id, answer: { error: message.error } }
    case 'invalid': {
      const { id, why, isAnswer } = message
      if (id === undefined || !isAnswer) return undefined
      return { id, answer: { error: { code: internalError, message: `the answer cannot be read: ${why}` } } }
    }
    default:
      return undefined
  }
}

function listsChanged({ definitions, toServer }: Connection): readonly JsonObject[] {
  const listening = [...toServer.all()].filter(({ hears }) => hears !== undefined)
  const lists = [
    ['tools', 'toolsListChanged'],
    ['prompts', 'promptsListChanged'],
    ['resources', 'resourcesListChanged'],
  ] as const
  return lists.flatMap(([list, flag]) => {
    const method = `notifications/${list}/list_changed`
    if (definitions.capabilities === undefined || !Object.hasOwn(definitions.capabilities, list)) return []
    if (!definitions.isStateless) return [notification(method)]
    const told = listening.filter(({ hears }) => hears?.includes(flag))
    return told.map(({ id }) => notification(method, { _meta: { [subscriptionId]: id } }))
  })
}
