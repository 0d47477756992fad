import type { VariableName } from '../ir/expr.ts'
import type { Tool } from '../ir/program.ts'
import type { UriTemplate } from '../ir/uri-template.ts'
import type { Entity } from '../value/value.ts'
import type { Outcome, Unknown } from './cases.ts'

/** Inputs that partial evaluation may leave open. */
export type UnknownInput = 'args' | 'uri' | 'context' | 'token' | 'session' | 'now' | 'approvals' | 'confirmed'

/** A request with its form checked. Its inputs are still raw inside: each read of one checks the type. */
export interface Question {
  readonly actor: Entity
  readonly agents: readonly Entity[]
  readonly action: string
  readonly target: AskedTarget
  /** Milliseconds since the epoch. */
  readonly now: number | Unknown
  /** Distinct; the actor and the agents are not among them. */
  readonly approvals: readonly Entity[] | Unknown
  readonly confirmed: boolean | Unknown
  /** The variables that this request gives a value, besides those of a scope. */
  readonly inputs: ReadonlyMap<VariableName, Outcome>
}

export type AskedTarget =
  | { readonly kind: 'entity'; readonly entity: Entity }
  | { readonly kind: 'tool'; readonly server: string; readonly name: string; readonly tool: Tool }
  | { readonly kind: 'prompt'; readonly server: string; readonly name: string }
  | { readonly kind: 'resource'; readonly server: string; readonly uri: string }
  /** Also a resource of which no more is known than that it is one of this template; `template` is missing outside the forms that can be matched. */
  | { readonly kind: 'template'; readonly server: string; readonly text: string; readonly template?: UriTemplate }
  | { readonly kind: 'server'; readonly server: string }
