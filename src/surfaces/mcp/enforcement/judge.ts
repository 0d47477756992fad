import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { ActorInput, Decision, Engine, Environment, Item } from '../../../index.ts'
import type { Audit } from '../audit/audit.ts'
import { actorName, auditedItem, auditedName, sha256 } from '../audit/audit.ts'
import type { Redaction } from '../audit/redaction.ts'
import { type Challenge, challengeOf, challengeOfDenial } from '../protocol/challenge.ts'
import { badArguments, denied, hidden, internalError, limited } from '../protocol/denial.ts'
import type { RpcError } from '../protocol/message.ts'
import { hasTwins } from '../protocol/spelling.ts'
import type { Definitions } from './definitions.ts'
import type { Limiter } from './limits.ts'
import type { ToolArguments } from './tool-arguments.ts'

/** On whose behalf a client speaks. It comes from configuration or from a verified credential, never from the client. */
export interface Principal {
  /** Null is the anonymous actor. */
  readonly actor: ActorInput
  /** Outermost first. */
  readonly agents?: readonly string[]
  /** Claims, as `token` in policies. */
  readonly token?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
}

/** What is kept for a principal between its requests. */
export interface Session {
  readonly labels: Set<string>
  readonly limiter: Limiter
  /** What the client says of itself: untrusted. */
  client?: { readonly name?: string; readonly version?: string }
}

/** What a request asks for. */
export interface Question {
  readonly action: string
  readonly item: Item
  readonly args?: JsonObject
}

export type Ruling =
  | { readonly allowed: true; readonly error?: undefined }
  /** `challenge`: what another token would need for it to be allowed. */
  | { readonly allowed: false; readonly error: RpcError; readonly challenge?: Challenge }

/** One policy in force for one session: asks the engine, and turns its decision into an answer, a record, and effects. */
export interface Judge {
  /** Decides a request, and records it. With `effects` an allowed request is counted against its limits, and labels the session. */
  rule(method: string, question: Question, effects: boolean): Promise<Ruling>
  /** Only whether it is allowed: for what a server sends by itself. Leaves no trace. */
  allows(question: Question): boolean
  isListed(item: Item): boolean
  /** Records what no rule is asked about, and says what to answer. `reason` is for the record only. */
  refuse(method: string, what: string, reason: string, repeated?: number): RpcError
  /** Records a request that needs no rule, or a filtered list. Undefined when that could not be done. */
  note(
    method: string,
    action: string,
    resource: Readonly<Record<string, string>>,
    listed?: Listed,
  ): RpcError | undefined
}

interface Listed {
  readonly shown: number
  readonly hidden: number
}

export interface JudgeOptions {
  readonly engine: Pick<Engine, 'authorize'>
  readonly definitions: Definitions
  readonly toolArguments: ToolArguments
  readonly session: Session
  readonly principal: Principal
  readonly server: string
  readonly denialCode: number
  readonly stepUp: boolean
  readonly policyDigest: string
  readonly audit: Audit | undefined
  readonly redaction: Redaction | undefined
  readonly report: (problem: string) => void
}

const largestArguments = 256 * 1024

export function createJudge(options: JudgeOptions): Judge {
  const {
    engine,
    definitions,
    toolArguments,
    session,
    server,
    denialCode,
    stepUp,
    policyDigest,
    audit,
    redaction,
    report,
  } = options
  const { actor, agents, token, context } = options.principal

  const environment = (): Environment => ({
    ...(agents === undefined ? {} : { agents }),
    ...(token === undefined ? {} : { token }),
    ...(context === undefined ? {} : { context }),
    ...(session.client === undefined ? {} : { client: session.client }),
    session: { labels: [...session.labels] },
    now: Date.now(),
  })
  const authorize = (action: string, item: Item): Decision => engine.authorize(actor, action, item, environment())
  const challengeAbout = ({ action, item }: Question, decision: Decision): Challenge | undefined => {
    if (actor === null) return undefined
    const unscoped = { ...environment(), token: { ...token, scopes: [] } }
    return challengeOfDenial(decision, () => engine.authorize(actor, action, item, unscoped))
  }
  const isListed = (item: Item): boolean => {
    if (!definitions.isUsable(item)) return false
    // The server is known to whoever is connected to it.
    if (item.kind === 'server') return true
    const decision = authorize('list', withoutArguments(item))
    return decision.allowed || (stepUp && decision.missing.sets.some((set) => challengeOf(set) !== undefined))
  }
  const problemOf = ({ args }: Question): string | undefined => {
    if (args === undefined) return undefined
    const text = canonicalJson(args)
    if (text === undefined || Buffer.byteLength(text) > largestArguments) return 'more than 256 KiB'
    // What a rule reads as `path` must not be what the server reads as `Path`.
    return hasTwins(args) ? 'two names that differ only in case' : undefined
  }
  const schemaProblemOf = ({ action, item, args }: Question): string | undefined =>
    action === 'call' && item.kind === 'tool' && args !== undefined ? toolArguments.problem(item.name, args) : undefined

  /** False when the record could not be written: nothing is let through without one. */
  const record = (
    entry: { readonly method: string; readonly action: string; readonly resource: Readonly<Record<string, string>> },
    outcome: {
      readonly allowed: boolean
      readonly reason: string
      readonly decision?: Decision
      readonly listed?: Listed
      readonly repeated?: number
    },
    start: number,
    args?: JsonObject,
    shown?: JsonObject,
  ): boolean => {
    if (audit === undefined) return true
    const { allowed, reason, decision, listed, repeated } = outcome
    try {
      audit({
        time: new Date().toISOString(),
        ...entry,
        actor: actorName(actor),
        agents: agents ?? [],
        ...(args === undefined ? {} : { arguments: sha256(args) }),
        ...(shown === undefined ? {} : { args: shown }),
        decision: allowed ? 'allow' : 'deny',
        reason,
        rules: decision?.rules.map(({ id }) => id) ?? [],
        errors: decision?.errors.map(({ code }) => code) ?? [],
        ...(repeated === undefined ? {} : { repeated }),
        ...(listed === undefined ? {} : { listed }),
        policy: policyDigest,
        duration: Math.round((performance.now() - start) * 1000),
      })
      return true
    } catch (thrown) {
      report(`the audit record could not be written: ${thrown instanceof Error ? thrown.message : ''}`)
      return false
    }
  }

  return {
    isListed,
    allows: ({ action, item }) => definitions.isUsable(item) && authorize(action, item).allowed,
    rule: async (method, question, effects) => {
      const start = performance.now()
      const { action, item, args } = question
      const what = nameOf(question)
      const entry = { method, action, resource: auditedItem(item) }
      // Only of arguments that are as the lock says can it be known where in them something is.
      let shown: JsonObject | undefined
      const refuse = (error: RpcError, reason: string, decision?: Decision): Ruling => {
        const isRecorded = record(entry, { allowed: false, reason, ...(decision && { decision }) }, start, args, shown)
        return { allowed: false, error: isRecorded ? error : notRecorded }
      }
      if (!definitions.isUsable(item)) return refuse(hidden(denialCode, what), 'unusable')
      const refuseArguments = (problem: string): Ruling =>
        refuse(isListed(item) ? badArguments(problem) : hidden(denialCode, what), 'invalid-arguments')
      const problem = problemOf(question)
      if (problem !== undefined) return refuseArguments(problem)
      const decision = authorize(action, item)
      // A schema takes its time: for what is hidden and denied, that would tell it from what does not exist.
      if (!decision.allowed && !isListed(item)) {
        return refuse(hidden(denialCode, what), decision.reason, decision)
      }
      const schemaProblem = schemaProblemOf(question)
      if (schemaProblem !== undefined) return refuseArguments(schemaProblem)
      if (args !== undefined) shown = redaction?.(item, args)
      if (!decision.allowed) {
        const challenge = challengeAbout(question, decision)
        const ruling = refuse(denied(denialCode, what, decision, actor === null), decision.reason, decision)
        return ruling.error === notRecorded || challenge === undefined ? ruling : { ...ruling, challenge }
      }
      if (effects) {
        const wait = session.limiter.reserve(decision.limits, performance.now())
        if (wait !== undefined) return refuse(limited(denialCode, what, wait), 'limited', decision)
        // Before the request goes on, and whatever becomes of it: labels only restrict.
        for (const label of decision.labels) session.labels.add(label)
      }
      const isRecorded = record(entry, { allowed: true, reason: decision.reason, decision }, start, args, shown)
      return isRecorded ? { allowed: true } : { allowed: false, error: notRecorded }
    },
    refuse: (method, what, reason, repeated) => {
      const named = auditedName(method)
      const entry = { method: named, action: named, resource: { server, kind: 'server' } }
      const outcome = { allowed: false, reason, ...(repeated === undefined ? {} : { repeated }) }
      const isRecorded = record(entry, outcome, performance.now())
      return isRecorded ? hidden(denialCode, what) : notRecorded
    },
    note: (method, action, resource, listed) => {
      const outcome = { allowed: true, reason: 'granted', ...(listed && { listed }) }
      return record({ method, action, resource }, outcome, performance.now()) ? undefined : notRecorded
    },
  }
}

const notRecorded: RpcError = { code: internalError, message: 'the decision could not be recorded' }

function withoutArguments(item: Item): Item {
  return item.kind === 'tool' || item.kind === 'prompt'
    ? { kind: item.kind, server: item.server, name: item.name }
    : item
}

/** As the caller called it: an answer repeats nothing that the caller has not said. */
function nameOf({ action, item }: Question): string {
  switch (item.kind) {
    case 'tool':
    case 'prompt':
      return `${action} ${item.name}`
    case 'resource':
      return `${action} ${item.uri}`
    case 'template':
      return `${action} ${item.uriTemplate}`
    case 'server':
      return action
  }
}
