import type { VariableName } from '../ir/expr.ts'
import type { Tool } from '../ir/program.ts'
import type { UriTemplate } from '../ir/uri-template.ts'
import type { Entity } from '../value/value.ts'
import type { Outcome, Unknown } from './cases.ts'

/**
 * Inputs that partial evaluation may leave open. `fields`: what the facts do not say of fields, of what an entity is in, and of entities
 * of which they say nothing at all; who holds which role is as the facts have it.
 */
export type UnknownInput =
  | 'args'
  | 'uri'
  | 'context'
  | 'token'
  | 'session'
  | 'now'
  | 'approvals'
  | 'confirmed'
  | 'fields'

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
  /** Fields that are not set are unknown, and so is what else an entity is in. */
  readonly openFields: boolean
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
