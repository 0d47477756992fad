import type { EntityInput, FactInput } from '../facts/fact.ts'

/** Who asks: `Type:id`, an entity with attributes, or null, the anonymous actor. */
export type ActorInput = string | EntityInput | null

/** What is asked about: an entity, or an item of an MCP server made by `tool`, `resource`, `prompt` or `server`. */
export type ResourceInput = string | EntityInput | Item

/** A target in an MCP server. */
export type Item =
  | { readonly kind: 'tool'; readonly server: string; readonly name: string; readonly args?: unknown }
  | { readonly kind: 'prompt'; readonly server: string; readonly name: string; readonly args?: unknown }
  | { readonly kind: 'resource'; readonly server: string; readonly uri: string }
  /** A resource template as such, for lists and completion. */
  | { readonly kind: 'template'; readonly server: string; readonly uriTemplate: string }
  /** The server itself: `sample`, `elicit`, `roots`, `log`. */
  | { readonly kind: 'server'; readonly server: string }

/** What else a decision may look at. All of it is checked when it is read: a value of the wrong kind is an error. */
export interface Environment {
  /** Who acts for the actor, outermost first; each an entity of the type `Agent`. */
  readonly agents?: readonly (string | EntityInput)[]
  readonly token?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
  /** Without it every test of a label is an error. */
  readonly session?: { readonly labels: Iterable<string> }
  /** A Date, RFC 3339 text, or milliseconds since the epoch. */
  readonly now?: Date | string | number
  /** Contextual facts, for relations declared `contextual` only. */
  readonly facts?: readonly FactInput[]
  /** Who has approved this exact call: actors. The caller has verified it. */
  readonly approvals?: readonly string[]
  /** The user has confirmed this exact call. The caller has verified it. */
  readonly confirmed?: boolean
  /** What the client says of itself: untrusted. */
  readonly client?: { readonly name?: string; readonly version?: string }
}
