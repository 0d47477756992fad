import type { Ent } from '../facts/table.ts'
import type { Tool } from '../ir/program.ts'
import type { Binding } from '../runtime/scope.ts'
import type { Truth } from './doubt.ts'
import type { GroupRules } from './group-rules.ts'
import type { HeldRoles, RoleMasks } from './held-roles.ts'
import type { Outcome, Raw } from './registers.ts'
import type { VerdictGiven } from './verdict-data.ts'

/** What emitted code consists of, for who asks it; a rule is told by its place in the program. */
export interface Linked {
  /** The condition of a rule. */
  rule(index: number): RuleEntry
  /** What a `limit` is counted by, a value as everywhere; of other rules undefined. */
  bound(index: number): Part<Outcome> | undefined
  /** Rules of which one is enough. */
  lines(rules: readonly number[]): Lines
  /** What the rules of a group come to together, where that can be told at once. */
  verdict(rules: GroupRules, about: About): Verdict | undefined
  /** The same of what one agent may do for the actor: those that delegate grant, those that mention `agent` forbid. */
  delegation(rules: GroupRules, about: About): Verdict | undefined
}

/** What the rules of a group are asked about. */
export interface About {
  readonly action: string
  /** Of an entity its type; of an item its server, and what else is known of it. */
  readonly type?: string
  readonly server?: string
  readonly tool?: Tool
  readonly prompt?: string
}

/** What a verdict tells. */
export const allowed = 1
export const unusual = 2
export const forbidden = 3
/** Added to it: the actor may do it, and some agent not for the actor; something was not held that could be got. */
export const notDelegated = 4
export const lacking = 8

/**
 * A function of the actor and its name, the entity, the agent if it is about one, the objects of the request, which are objects at least,
 * the roles of a session, and what groups share. The name of the anonymous actor is undefined. It may throw where an object of the request
 * does.
 */
export type Look = (
  subject: Ent,
  name: string | undefined,
  entity: Ent | undefined,
  agent: Ent | undefined,
  token: Raw,
  context: Raw,
  args: Raw,
  session: HeldRoles | undefined,
  k: VerdictGiven,
) => number

/** A group of rules as a whole: what it has in common with groups that ask the same. */
export interface VerdictFunctions {
  /** 1: allowed; 0: not; 2: something is unusual, so that the lines have to be asked. */
  readonly can: Look
  /**
   * 0: no rule grants; 1: granted; 2: unusual; 3: forbidden. 8 more where something was not held that could be got. Adds the rules
   * that hold to those in the registers.
   */
  readonly tell: Look
  /** It asks nothing but what it is given and the store: nothing has to be in the registers. */
  readonly isPure: boolean
  /** It asks who the actor is, not only by name. */
  readonly asksActor: boolean
  /** It hangs on the arguments of a call, or on its name: for one actor in one environment it is not always the same. */
  readonly isOfCall: boolean
  /** What the global roles are found by that it asks for. */
  readonly masks?: RoleMasks
}

export interface Verdict extends Omit<VerdictFunctions, 'masks'> {
  /** What both are given. */
  readonly k: VerdictGiven
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
