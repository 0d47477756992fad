import type { Ent } from '../facts/table.ts'
import type { Binding } from '../runtime/scope.ts'
import type { Truth } from './doubt.ts'
import type { Outcome } from './registers.ts'

/** What emitted code consists of, for who asks it; a rule is told by its place in the program. */
export interface Linked {
  /** The condition of a rule. */
  rule(index: number): RuleEntry
  /** What a `limit` is counted by, a value as everywhere; of other rules undefined. */
  bound(index: number): Part<Outcome> | undefined
  /** Rules of which one is enough. */
  lines(rules: readonly number[]): Lines
}

/** A part of a rule as a function of what the names in it stand for. */
export type Part<T> = (
  subject: Ent,
  entity: Ent | undefined,
  agent: Ent | undefined,
  bound: ReadonlyMap<string, Binding> | undefined,
  action: string,
  literals?: Literals,
) => T

/** What a function is given that several rules share. */
export interface Literals {
  /** By part of the condition. */
  readonly literals: readonly unknown[]
  site(part: number): {
    readonly at: { readonly file: string; readonly start: number; readonly end: number }
    readonly operands: readonly string[]
  }
}

export interface RuleEntry {
  readonly rule: number
  readonly when: Part<Truth>
  readonly k: Literals | undefined
}

export interface Lines {
  /** Whether some of them holds. */
  readonly any: Part<Truth>
  /** Tells `hit` of each that is not false. */
  readonly hits: Part<void>
}
