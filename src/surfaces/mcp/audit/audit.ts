import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject, JsonValue } from '../../../base/json.ts'
import type { ActorInput, Item } from '../../../index.ts'

/** What one decision leaves behind. No value of the request but names and URIs, unless the operator wants arguments. */
export interface AuditRecord {
  /** RFC 3339, UTC. */
  readonly time: string
  readonly method: string
  /** `Type:id`, or null for the anonymous actor. */
  readonly actor: string | null
  readonly agents: readonly string[]
  readonly action: string
  readonly resource: Readonly<Record<string, string>>
  /** SHA-256 of the RFC 8785 form. */
  readonly arguments?: string
  /** The arguments themselves, but for what is kept out of the log; only where the operator wants them. */
  readonly args?: JsonObject
  readonly decision: 'allow' | 'deny'
  /**
   * That of the engine's decision, or why it was not asked: `unknown-method`, `unusable` (not in the lock, drifted, or not offered by the
   * server), `invalid-arguments`, `limited`, `declined` (by the user), `unavailable` (a store), `unknown-task`, `not-subscribed`, `flooding`
   * (a server that asks too much), `other-principal` (the session is somebody else's).
   */
  readonly reason: string
  readonly rules: readonly string[]
  /** Codes of what went wrong in the evaluation. */
  readonly errors: readonly string[]
  /** Of `flooding`: how many requests were refused in this minute so far. */
  readonly repeated?: number
  /** Of an allowed request that took it: who had granted it, as `Type:id`, and that the user has confirmed it. */
  readonly approvals?: readonly string[]
  readonly confirmed?: true
  /** How many items of a list were shown, and how many were not. */
  readonly listed?: { readonly shown: number; readonly hidden: number }
  /** SHA-256 over the texts of the policy and its locks. */
  readonly policy: string
  /** Of the decision, in microseconds. */
  readonly duration: number
}

/** Throws when the record could not be written: then nothing may be let through. */
export type Audit = (record: AuditRecord) => void

export function sha256(value: JsonValue): string {
  return `sha256:${createHash('sha256')
    .update(canonicalJson(value) ?? '')
    .digest('hex')}`
}

const longestName = 1024

/** A name from the wire may be as long as a message: of a long one there is the beginning, and what tells it from all others. */
export function auditedName(name: string): string {
  return name.length <= longestName
    ? name
    : `${name.slice(0, longestName).replace(/\p{Surrogate}$/u, '')}…${sha256(name)}`
}

/** The actor as the audit names it: an entity given with its attributes is reduced to its name. */
export function actorName(actor: ActorInput): string | null {
  return actor === null || typeof actor === 'string' ? actor : `${actor.type}:${actor.id}`
}

export function auditedItem(item: Item): Readonly<Record<string, string>> {
  const { kind, server } = item
  switch (item.kind) {
    case 'tool':
    case 'prompt':
      return { server, kind, name: auditedName(item.name) }
    case 'resource':
      return { server, kind, uri: auditedName(item.uri) }
    case 'template':
      return { server, kind, uriTemplate: auditedName(item.uriTemplate) }
    case 'server':
      return { server, kind }
  }
}
