import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { stringifyJson } from '../../../base/json.ts'
import type { ActorInput, Item } from '../../../index.ts'

/** What one decision leaves behind. Arguments only as a digest; no value of the request but names and URIs. */
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
  readonly decision: 'allow' | 'deny'
  /**
   * That of the engine's decision, or why it was not asked: `unknown-method`, `unusable` (not in the lock, drifted, or not offered by the
   * server), `invalid-arguments`, `limited`, `declined`, `unavailable` (a store), `unknown-task`, `not-subscribed`.
   */
  readonly reason: string
  readonly rules: readonly string[]
  /** Codes of what went wrong in the evaluation. */
  readonly errors: readonly string[]
  /** How many items of a list were shown, and how many were not. */
  readonly listed?: { readonly shown: number; readonly hidden: number }
  /** SHA-256 over the texts of the policy and its locks. */
  readonly policy: string
  /** Of the decision, in microseconds. */
  readonly duration: number
}

/** Throws when the record could not be written: then nothing may be let through. */
export type Audit = (record: AuditRecord) => void

/**
 * A file of one JSON object a line, appended to. A line is written, in the order of the decisions, before the request that it is
 * about goes on: what is not in the file has not happened.
 *
 * @throws Error when the file cannot be opened
 */
export function auditFile(path: string): { readonly audit: Audit; close(): void } {
  const file = openSync(path, 'a', 0o600)
  let isCut = false
  return {
    audit: (record) => {
      // After a write that failed half-way the next record begins on a line of its own.
      const line = Buffer.from(`${isCut ? '\n' : ''}${escaped(stringifyJson(record as unknown as JsonObject))}\n`)
      isCut = true
      let written = 0
      while (written < line.length) written += writeSync(file, line, written)
      isCut = false
    },
    close: () => closeSync(file),
  }
}

/** JSON text without the characters that end a line to some readers, steer a terminal, or reorder what it shows. */
function escaped(json: string): string {
  return json.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
    }).join(''),
  )
}

export function sha256(value: JsonValue): string {
  return `sha256:${createHash('sha256')
    .update(canonicalJson(value) ?? '')
    .digest('hex')}`
}

const longestName = 1024

/** A name from the wire may be as long as a message; what tells one from another is at its beginning. */
function cut(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName).replace(/\p{Surrogate}$/u, '')}…`
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
      return { server, kind, name: cut(item.name) }
    case 'resource':
      return { server, kind, uri: cut(item.uri) }
    case 'template':
      return { server, kind, uriTemplate: cut(item.uriTemplate) }
    case 'server':
      return { server, kind }
  }
}
