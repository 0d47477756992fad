import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Decision, Engine, Environment, Item } from '../../../index.ts'
import type { Audit } from '../audit/audit.ts'
import { auditedItem, auditedName } from '../audit/audit.ts'
import type { Redaction } from '../audit/redaction.ts'
import { type Challenge, challengeOf, challengeOfDenial } from '../protocol/challenge.ts'
import { badArguments, declined, denied, hidden, internalError, limited, unavailable } from '../protocol/denial.ts'
import type { RpcError } from '../protocol/message.ts'
import { hasTwins } from '../protocol/spelling.ts'
import { StoreFailure } from '../stores/answering.ts'
import type { ExactCall } from '../stores/approvals.ts'
import type { AskedStores } from '../stores/stores.ts'
import { approving, requestApproval, wantsOnlyConfirmation } from './approval.ts'
import { confirmationForm } from './confirmation.ts'
import { type Held, nothingHeld } from './continuation.ts'
import type { Definitions } from './definitions.ts'
import { exactCall } from './exact-call.ts'
import { type Principal, sessionKey } from './principal.ts'
import { createRecorder, type Entry, type Listed } from './recorder.ts'
import type { ToolArguments } from './tool-arguments.ts'

/** What is known of a client between its requests. */
export interface Session {
  /** What the client says of itself: untrusted. */
  client?: { readonly name?: string; readonly version?: string }
}

/** What a request asks for. */
export interface Question {
  readonly action: string
  readonly item: Item
  readonly args?: JsonObject
}

/** What a request brings with it, and what may come of it. */
export interface Terms {
  /** What is allowed is counted against its limits, labels the session, and uses up what approved it. */
  readonly effects: boolean
  /** What has been used up for this very call. */
  readonly held?: Held
  /**
   * The request is all there is to the call, so that it can be approved: through the store, or, where only the user has to confirm it, by
   * asking the user through the client.
   */
  readonly approval?: 'store' | 'client'
}

export type Ruling =
  | { readonly allowed: true; readonly held: Held; readonly error?: undefined }
  /** `ask`: the user may confirm it, in this form. `challenge`: what another token would need for it to be allowed. */
  | { readonly allowed: false; readonly error: RpcError; readonly ask?: Ask; readonly challenge?: Challenge }

export interface Ask {
  readonly call: ExactCall
  readonly form: JsonObject
}

/** One policy in force for one principal: asks the engine, and turns its decision into an answer, a record, and effects. */
export interface Judge {
  readonly principal: Principal
  /** For one message: its labels are read when they are first asked for. */
  hear(): Hearing
  /** Records what no rule is asked about, and says what to answer. `reason` is for the record only. */
  refuse(method: string, what: string, reason: string, repeated?: number): RpcError
  /** Records that the user has not confirmed a request, and says what to answer. */
  decline(method: string, question: Question): RpcError
  /** Records a request that needs no rule, or a filtered list. Undefined when that could not be done. */
  note(
    method: string,
    action: string,
    resource: Readonly<Record<string, string>>,
    listed?: Listed,
  ): RpcError | undefined
  /** The call that a request makes, as an approval of it is bound to it; undefined for nobody. */
  callOf(method: string, question: Question): ExactCall | undefined
}

export interface Hearing {
  /** Decides a request, and records it. */
  rule(method: string, question: Question, terms: Terms): Promise<Ruling>
  /** Only whether it is allowed: for what a server sends by itself. Leaves no trace. */
  allows(question: Question, held?: Held): Promise<boolean>
  isListed(item: Item): Promise<boolean>
}

export interface JudgeOptions {
  readonly engine: Pick<Engine, 'authorize'>
  readonly definitions: Definitions
  readonly toolArguments: ToolArguments
  readonly stores: AskedStores
  readonly session: Session
  readonly principal: Principal
  readonly server: string
  /** How the server is reached, as an approval is bound to it. */
  readonly reached: string
  /** SHA-256 of what the lock says. */
  readonly lockDigest: string | undefined
  readonly denialCode: number
  readonly stepUp: boolean
  readonly policyDigest: string
  readonly audit: Audit | undefined
  readonly redaction: Redaction | undefined
  readonly report: (problem: string) => void
}

/** Undefined where there is no session, or it cannot be read. */
type Labels = Set<string> | undefined

const largestArguments = 256 * 1024

export function createJudge(options: JudgeOptions): Judge {
  const { engine, definitions, toolArguments, stores, session, principal, server } = options
  const { denialCode, stepUp, policyDigest, audit, redaction, report } = options
  const { actor, agents, token, context } = principal
  const key = sessionKey(principal)
  const bound = { principal, server, reached: options.reached, lock: options.lockDigest, policy: policyDigest }

  const environment = (labels: Labels, { approvals, confirmed }: Held): Environment => ({
    ...(agents === undefined ? {} : { agents }),
    ...(token === undefined ? {} : { token }),
    ...(context === undefined ? {} : { context }),
    ...(session.client === undefined ? {} : { client: session.client }),
    // Without labels every test of one is an error.
    ...(labels === undefined ? {} : { session: { labels } }),
    ...(approvals.length === 0 ? {} : { approvals }),
    ...(confirmed ? { confirmed } : {}),
    now: Date.now(),
  })
  const authorize = (action: string, item: Item, labels: Labels, held: Held): Decision =>
    engine.authorize(actor, action, item, environment(labels, held))
  const challengeAbout = ({ action, item }: Question, decision: Decision, labels: Labels, held: Held) => {
    if (actor === null) return undefined
    const unscoped = { ...environment(labels, held), token: { ...token, scopes: [] } }
    return challengeOfDenial(decision, () => engine.authorize(actor, action, item, unscoped))
  }
  /** Whether it may be known of, if it can be used. */
  const isShown = (item: Item, labels: Labels): boolean => {
    // The server is known to whoever is connected to it.
    if (item.kind === 'server') return true
    const decision = authorize('list', withoutArguments(item), labels, nothingHeld)
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

  const record = createRecorder({ principal, policyDigest, audit, report })
  const callOf = (method: string, question: Question): ExactCall | undefined => exactCall(bound, method, question)

  const hear = (): Hearing => {
    let reading: Promise<{ readonly labels: Labels; readonly failure?: StoreFailure }> | undefined
    const read = async () => {
      if (key === undefined) return { labels: undefined }
      try {
        return { labels: await stores.labels(key) }
      } catch (thrown) {
        if (!(thrown instanceof StoreFailure)) throw thrown
        report(thrown.message)
        return { labels: undefined, failure: thrown }
      }
    }
    const remembered = () => {
      reading ??= read()
      return reading
    }

    const rule = async (method: string, question: Question, terms: Terms): Promise<Ruling> => {
      const { action, item, args } = question
      const { effects, held = nothingHeld, approval } = terms
      const what = nameOf(question)
      const entry = entryOf(method, question)
      const { labels, failure } = await remembered()
      // Only of arguments that are as the lock says can it be known where in them something is.
      let shown: JsonObject | undefined
      const refuse = (error: RpcError, reason: string, decision?: Decision): Ruling & { allowed: false } => {
        const isRecorded = record({ ...entry, shown }, { allowed: false, reason, ...(decision && { decision }) })
        // Whatever it is about, so that the answer does not tell what is there.
        const told = failure === undefined ? error : unavailable(failure.told)
        return { allowed: false, error: isRecorded ? told : notRecorded }
      }
      // What cannot be used is looked at as what is hidden is, so that the time it takes does not tell them apart.
      const isUsable = definitions.isUsable(item)
      const refuseArguments = (problem: string): Ruling =>
        isShown(item, labels) && isUsable
          ? refuse(badArguments(problem), 'invalid-arguments')
          : refuse(hidden(denialCode, what), isUsable ? 'invalid-arguments' : 'unusable')
      const problem = problemOf(question)
      if (problem !== undefined) return refuseArguments(problem)
      const decide = (having: Held): Decision => authorize(action, item, labels, having)
      const first = decide(held)
      // A schema takes its time: for what is hidden and denied, that would tell it from what does not exist.
      const isHidden = (!first.allowed || !isUsable) && !isShown(item, labels)
      if (!isUsable) return refuse(hidden(denialCode, what), 'unusable')
      if (isHidden) return refuse(hidden(denialCode, what), first.reason, first)
      const schemaProblem = schemaProblemOf(question)
      if (schemaProblem !== undefined) return refuseArguments(schemaProblem)
      if (args !== undefined) shown = redaction?.(item, args)

      const canHelp = !first.allowed && effects && approval !== undefined && failure === undefined
      const call = canHelp ? callOf(method, question) : undefined
      const deny = async (decision: Decision): Promise<Ruling> => {
        const form =
          approval === 'client' && wantsOnlyConfirmation(decision) ? call && confirmationForm(call) : undefined
        const request =
          call === undefined || form !== undefined ? undefined : await requestApproval(stores, call, decision, approval)
        const ruling = refuse(denied(denialCode, what, decision, actor === null, request), decision.reason, decision)
        if (ruling.error === notRecorded || failure !== undefined) return ruling
        if (call !== undefined && form !== undefined) return { ...ruling, ask: { call, form } }
        const challenge = challengeAbout(question, decision, labels, held)
        return challenge === undefined ? ruling : { ...ruling, challenge }
      }
      try {
        const { decision, having, used } = await approving(stores, call, first, held, decide)
        if (!decision.allowed) return await deny(decision)
        if (effects) {
          const wait = await stores.reserve(decision.limits, key)
          if (wait !== undefined) return refuse(limited(denialCode, what, wait), 'limited', decision)
          // Before the request goes on, and whatever becomes of it: labels only restrict.
          if (key !== undefined && decision.labels.length > 0) {
            await stores.label(key, decision.labels)
            for (const label of decision.labels) labels?.add(label)
          }
          // Last, so that nothing else that is refused uses it up. Another call may have been quicker.
          if (used !== undefined && !(await stores.consume(used))) return await deny(first)
        }
        const outcome = { allowed: true, reason: decision.reason, decision, held: having }
        const isRecorded = record({ ...entry, shown }, outcome)
        return isRecorded ? { allowed: true, held: having } : { allowed: false, error: notRecorded }
      } catch (thrown) {
        if (!(thrown instanceof StoreFailure)) throw thrown
        report(thrown.message)
        return refuse(unavailable(thrown.told), 'unavailable')
      }
    }
    return {
      rule,
      allows: async ({ action, item }, held = nothingHeld) => {
        if (!definitions.isUsable(item)) return false
        const { labels } = await remembered()
        return authorize(action, item, labels, held).allowed
      },
      isListed: async (item) => definitions.isUsable(item) && isShown(item, (await remembered()).labels),
    }
  }

  return {
    principal,
    hear,
    callOf,
    decline: (method, question) => {
      const isRecorded = record(entryOf(method, question), { allowed: false, reason: 'declined' })
      return isRecorded ? declined(denialCode, nameOf(question)) : notRecorded
    },
    refuse: (method, what, reason, repeated) => {
      const named = auditedName(method)
      const entry = { method: named, action: named, resource: { server, kind: 'server' }, start: performance.now() }
      const isRecorded = record(entry, { allowed: false, reason, ...(repeated === undefined ? {} : { repeated }) })
      return isRecorded ? hidden(denialCode, what) : notRecorded
    },
    note: (method, action, resource, listed) => {
      const outcome = { allowed: true, reason: 'granted', ...(listed && { listed }) }
      return record({ method, action, resource, start: performance.now() }, outcome) ? undefined : notRecorded
    },
  }
}

const notRecorded: RpcError = { code: internalError, message: 'the decision could not be recorded' }

function entryOf(method: string, { action, item, args }: Question): Entry {
  return { method, action, resource: auditedItem(item), args, start: performance.now() }
}

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
