import type { JsonObject } from '../../../base/json.ts'
import type { Decision } from '../../../index.ts'
import type { Audit } from '../audit/audit.ts'
import { actorName, sha256 } from '../audit/audit.ts'
import { type Held, nothingHeld } from './continuation.ts'
import type { Principal } from './principal.ts'

/** What a record is about. */
export interface Entry {
  readonly method: string
  readonly action: string
  readonly resource: Readonly<Record<string, string>>
  readonly args?: JsonObject | undefined
  /** What of the arguments the operator wants to see. */
  readonly shown?: JsonObject | undefined
  /** When it began, by `performance.now`. */
  readonly start: number
}

export interface Outcome {
  readonly allowed: boolean
  readonly reason: string
  readonly decision?: Decision
  readonly held?: Held
  readonly listed?: Listed
  readonly repeated?: number
}

export interface Listed {
  readonly shown: number
  readonly hidden: number
}

export interface RecorderOptions {
  readonly principal: Principal
  readonly policyDigest: string
  readonly audit: Audit | undefined
  readonly report: (problem: string) => void
}

/** Writes what is decided for a principal into the audit. False when that could not be done: nothing is let through without a record. */
export function createRecorder({
  principal: { actor, agents = [] },
  policyDigest,
  audit,
  report,
}: RecorderOptions): (entry: Entry, outcome: Outcome) => boolean {
  return ({ method, action, resource, args, shown, start }, outcome) => {
    if (audit === undefined) return true
    const { allowed, reason, decision, held = nothingHeld, listed, repeated } = outcome
    try {
      audit({
        time: new Date().toISOString(),
        method,
        action,
        resource,
        actor: actorName(actor),
        agents,
        ...(args === undefined ? {} : { arguments: sha256(args) }),
        ...(shown === undefined ? {} : { args: shown }),
        decision: allowed ? 'allow' : 'deny',
        reason,
        rules: decision?.rules.map(({ id }) => id) ?? [],
        errors: decision?.errors.map(({ code }) => code) ?? [],
        ...(held.approvals.length === 0 ? {} : { approvals: held.approvals }),
        ...(held.confirmed ? { confirmed: true } : {}),
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
}
