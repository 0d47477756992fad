import type { Type } from '../ir/type.ts'

/**
 * What an expression can evaluate to, besides *absent* and an error. Integers are numbers where they are safe and bigints
 * beyond, never both for one value, so that equality is `===` within a kind.
 */
export type Value =
  | string
  | boolean
  | number
  | bigint
  | Entity
  | Time
  | Address
  | Range
  | Decimal
  | Network
  | Path
  | Url
  | SetValue
  | RecordValue

export interface Entity {
  readonly kind: 'entity'
  readonly type: string
  readonly id: string
  /** `Type:id`: injective, since no type has a colon. The anonymous actor has type and id empty and the key ''. */
  readonly key: string
}

/** Milliseconds: since the epoch, or a length. */
export interface Time {
  readonly kind: 'datetime' | 'duration'
  readonly milliseconds: number
}

export interface Address {
  readonly kind: 'ip'
  readonly version: 4 | 6
  readonly bits: bigint
}

export interface Range {
  readonly kind: 'cidr'
  readonly version: 4 | 6
  readonly bits: bigint
  readonly prefix: number
}

/** A fixed-point number with four digits behind the point: `units` of them, 64-bit signed. */
export interface Decimal {
  readonly kind: 'decimal'
  readonly units: bigint
}

/** An address as it was written and the length of its prefix, the whole width for a single one; bits past the prefix count. */
export interface Network {
  readonly kind: 'ipaddr'
  readonly version: 4 | 6
  readonly bits: bigint
  readonly prefix: number
}

/** Absolute and normalised, lexically: no empty, `.` or `..` segments. */
export interface Path {
  readonly kind: 'path'
  readonly segments: readonly string[]
}

export interface Url {
  readonly kind: 'url'
  readonly scheme: string
  readonly host: string
  /** Only where it is not the scheme's own. */
  readonly port?: number
  readonly path: string
  /** Without the question mark; part of the value, so that equality does not look past it. */
  readonly query?: string
}

/** (known members, gap): a gap is a member that could not be told, so that what is not known to be in may be. */
export interface SetValue {
  readonly kind: 'set'
  readonly members: readonly Value[]
  readonly gap?: EvaluationError
}

/** An object from outside, read field by field with the type that each read expects; own properties only. */
export interface RecordValue {
  readonly kind: 'record'
  readonly raw: Readonly<Record<string, unknown>> | ReadonlyMap<string, Value>
  readonly type: Type
}

/** Why a value could not be told. It travels until it cannot matter, or becomes part of the decision. */
export interface EvaluationError {
  readonly kind: 'error'
  readonly code: ErrorCode
  /** Lowercase, without a final period, names in backticks; never shown to a remote caller. */
  readonly message: string
  readonly at?: { readonly file: string; readonly start: number; readonly end: number }
}

export type ErrorCode =
  | 'bad-request'
  | 'unknown-entity'
  | 'missing-attribute'
  | 'absent'
  | 'wrong-kind'
  | 'overflow'
  | 'bad-value'
  | 'bad-key'
  | 'host-function'
  | 'no-session'
  | 'not-delegated'
  | 'circular'
  | 'budget'

/** An optional value that is not set; JSON's null reads as absent. */
export const absent = Symbol('absent')
export type Absent = typeof absent
