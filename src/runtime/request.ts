import type { EntityInput, FactInput } from '../facts/fact.ts'
import { ToolCall } from './tool-call.ts'

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

/** A call of a tool; without `args`, as if with none. */
export function tool(server: string, name: string, args?: unknown): Item {
  return new ToolCall(server, name, args)
}

/** A resource of a server, by its URI. */
export function resource(server: string, uri: string): Item {
  return { kind: 'resource', server, uri }
}

/** A prompt of a server, with the arguments it is got with. */
export function prompt(server: string, name: string, args?: unknown): Item {
  return { kind: 'prompt', server, name, ...(args === undefined ? {} : { args }) }
}

/** A resource template of a server, as it is listed and completed. */
export function template(server: string, uriTemplate: string): Item {
  return { kind: 'template', server, uriTemplate }
}

/** The server itself, for what it asks of a client and for the log level. */
export function server(name: string): Item {
  return { kind: 'server', server: name }
}
