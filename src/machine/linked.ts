import type { Ent } from '../facts/table.ts'
import type { Binding } from '../runtime/scope.ts'
import type { Truth } from './doubt.ts'
import type { Outcome, Registers } from './registers.ts'

/** What emitted code consists of, for who asks it. */
export interface Linked {
  /** The condition of each rule of the program. */
  readonly rules: readonly RuleCondition[]
  /** What a `limit` is counted by, a value as everywhere; of other rules undefined. */
  readonly bounds: readonly (((...given: Parameters<RuleCondition>) => Outcome) | undefined)[]
  /** By action and number of the type. */
  readonly permissions: ReadonlyMap<string, Readonly<Record<number, Permission>>>
}

export type RuleCondition = (
  subject: Ent,
  entity: Ent | undefined,
  agent: Ent | undefined,
  bound: ReadonlyMap<string, Binding> | undefined,
  action: string,
) => Truth

export interface Permission {
  /** U of the normative text: what the subject itself may do. */
  readonly own: (entity: Ent, subject: Ent) => Truth
  /** A: what the request's agents may do for it. */
  readonly delegated: (entity: Ent, subject: Ent) => Truth
}

export type Link = (registers: Registers) => Linked
