import type { JsonObject } from '../../src/base/json.ts'
import { compile, createEngine, type Engine } from '../../src/index.ts'
import type { ItemList, Lock } from '../../src/lock/format.ts'
import { listNames } from '../../src/lock/format.ts'
import { readLock } from '../../src/lock/read-lock.ts'
import type { AuditRecord } from '../../src/surfaces/mcp/audit/audit.ts'
import { createRedaction } from '../../src/surfaces/mcp/audit/redaction.ts'
import {
  createEnforcement,
  type Enforced,
  type Enforcement,
  type Verdict,
} from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import type { Principal } from '../../src/surfaces/mcp/enforcement/principal.ts'
import { readMessage } from '../../src/surfaces/mcp/protocol/message.ts'
import type { Stores } from '../../src/surfaces/mcp/stores/stores.ts'

/** The arguments of a tool that takes an `x`, and whatever else. */
export const anyObject = { type: 'object', properties: { x: { type: ['string', 'integer'] } } }

/** A lock of the server `s`, from the definitions that it would send. */
export function lockOf(
  definitions: Readonly<Partial<Record<ItemList, readonly JsonObject[]>>>,
  more: JsonObject = {},
): Lock {
  const text = JSON.stringify({ lock: 1, server: 's', ...more, ...definitions })
  const { lock, diagnostics } = readLock({ name: 's.lock.json', text })
  if (lock === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return lock
}

function lockText(lock: Lock): string {
  const { digests: _, ...members } = lock
  return JSON.stringify({ lock: 1, ...members })
}

/** Whom the policies of the tests know. */
export const facts = [
  { type: 'User', id: 'ann' },
  { type: 'User', id: 'bob' },
  { type: 'User', id: 'lead' },
  { relation: 'lead', subject: 'User:lead' },
  { type: 'Agent', id: 'bot' },
]

/** The policy in force: `server s` with these rules, for actors of the type `User`. */
export function enforced(rules: string, lock: Lock | undefined): Enforced & { readonly engine: Engine } {
  const from = lock === undefined ? '' : ' from "./s.lock.json"'
  const { policy, diagnostics } = compile({
    'p.licet': `actor User {}\nactor Agent {}\nrole lead: User\nserver s${from} {\n${rules}\n}`,
    ...(lock === undefined ? {} : { 's.lock.json': lockText(lock) }),
  })
  if (policy === undefined) throw new Error(diagnostics.map(({ message, help }) => `${message} (${help})`).join('\n'))
  return { engine: createEngine(policy, { facts }), lock: policy.locks.get('s'), digest: 'sha256:test' }
}

export interface Guarded {
  readonly enforcement: Enforcement
  /** What the client, or the server, sends; gives what becomes of it. */
  client(message: JsonObject): Promise<Outcome>
  server(message: JsonObject): Promise<Outcome>
  /** A request of the client that is forwarded, and the server's answer to it as the client gets it. */
  exchange(method: string, params: JsonObject, answer: JsonObject): Promise<Outcome>
  readonly audit: AuditRecord[]
  readonly reports: string[]
}

export type Outcome =
  | { readonly forwarded: JsonObject }
  | { readonly answered: JsonObject }
  /** The message waits, and its sender is asked this. */
  | { readonly asked: JsonObject; readonly later: Promise<Outcome> }
  | 'dropped'

export interface GuardOptions {
  readonly principal?: Principal
  /** What the server offers; what is locked, when left out. */
  readonly offered?: Readonly<Partial<Record<ItemList, readonly JsonObject[]>>>
  readonly audit?: (record: AuditRecord) => void
  readonly stores?: Stores
  /** The client is trusted to ask its user. */
  readonly carriesConsent?: boolean
  /** Paths of what is left out of recorded arguments; none are recorded where there are none. */
  readonly redact?: readonly string[]
}

export function guard(rules: string, lock: Lock | undefined, options: GuardOptions = {}): Guarded {
  const audit: AuditRecord[] = []
  const reports: string[] = []
  const enforcement = createEnforcement({
    server: 's',
    policy: {
      ...enforced(rules, lock),
      ...(options.redact === undefined ? {} : { redaction: createRedaction(options.redact, lock) }),
    },
    principal: options.principal ?? { actor: 'User:ann' },
    reached: lock?.reached ?? { command: 'server', args: [] },
    audit: options.audit ?? ((record) => audit.push(record)),
    report: (problem) => reports.push(problem),
    carriesConsent: () => options.carriesConsent === true,
    ...(options.stores === undefined ? {} : { stores: options.stores }),
  })
  for (const list of listNames) {
    enforcement.definitions.complete(
      list,
      options.offered === undefined ? (lock?.[list] ?? []) : (options.offered[list] ?? []),
    )
  }
  const outcome = (verdict: Verdict): Outcome => {
    if (verdict.kind === 'drop') return 'dropped'
    if (verdict.kind === 'hold') return { asked: verdict.message, later: verdict.later.then(outcome) }
    return verdict.kind === 'forward' ? { forwarded: verdict.message } : { answered: verdict.message }
  }
  const client = async (message: JsonObject) =>
    outcome(await enforcement.fromClient(readMessage({ jsonrpc: '2.0', ...message })))
  const server = async (message: JsonObject) =>
    outcome(await enforcement.fromServer(readMessage({ jsonrpc: '2.0', ...message })))
  let id = 1000
  return {
    enforcement,
    audit,
    reports,
    client,
    server,
    exchange: async (method, params, answer) => {
      const sent = await client({ id: id++, method, params })
      if (sent === 'dropped' || !('forwarded' in sent))
        throw new Error(`${method} was not forwarded: ${JSON.stringify(sent)}`)
      return server({ id: sent.forwarded.id ?? null, ...answer })
    },
  }
}

/** The error that a message was answered with, to either side; undefined when it was let through. */
export function errorOf(outcome: Outcome): { code: number; message: string; data?: JsonObject } | undefined {
  if (outcome === 'dropped' || 'asked' in outcome) return undefined
  const message = 'answered' in outcome ? outcome.answered : outcome.forwarded
  return message.error as { code: number; message: string; data?: JsonObject } | undefined
}
