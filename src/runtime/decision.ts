import type { EvaluationError } from '../value/value.ts'

export type Reason = 'granted' | 'forbidden' | 'not-permitted' | 'not-delegated' | 'error'

export interface Decision {
  readonly allowed: boolean
  readonly reason: Reason
  /** The rules that decided: those that granted, forbade, or erred. */
  readonly rules: readonly DecidingRule[]
  readonly errors: readonly EvaluationError[]
  /** For a denial: what the caller could go and get. Worked out when it is read. */
  readonly missing: Missing
  /** For an allow: what the guard has to count and to mark; the engine does neither. */
  readonly limits: readonly AppliedLimit[]
  readonly labels: readonly string[]
}

export interface DecidingRule {
  readonly id: string
  readonly doc?: string
}

/** Minimal sets of obtainable facts, each of which would make the denial an allow. */
export interface Missing {
  readonly sets: readonly (readonly MissingFact[])[]
  /** There are more, or larger, sets than the bounds let through (4 facts a set, 8 sets). */
  readonly truncated: boolean
}

export type MissingFact =
  | { readonly kind: 'scope'; readonly scope: string }
  | { readonly kind: 'acr'; readonly acr: string }
  /** Authentication no older than this, in milliseconds. */
  | { readonly kind: 'auth-age'; readonly atMost: number; readonly strict: boolean }
  | { readonly kind: 'confirmed' }
  /** So many distinct others out of the set, in the policy's words. */
  | { readonly kind: 'approved'; readonly count: number; readonly of: string }

export interface AppliedLimit {
  readonly rule: string
  readonly count: number
  /** Milliseconds. */
  readonly per: number
  /** What is counted apart: equal keys share the count. */
  readonly key: string
}
