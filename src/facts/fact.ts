/** An entity by name, `Type:id` split at the first colon, or in parts where an id could be misread. */
export type EntityName = string | { readonly type: string; readonly id: string }

/**
 * One relationship: `subject` is `relation` of `object`. `relation` is a role, a field of entity type, or `in` for
 * containment; a global role has no object.
 */
export interface FactInput {
  readonly object?: EntityName
  readonly relation: string
  readonly subject: SubjectInput
  /** Not in force at this time or later: a Date, RFC 3339 text, or milliseconds since the epoch. */
  readonly until?: Date | string | number
  /** In force only where the `let` of this name holds with these arguments. */
  readonly when?: { readonly let: string; readonly args?: Readonly<Record<string, unknown>> }
}

/** A string is always a plain entity. */
export type SubjectInput =
  | string
  | { readonly type: string; readonly id: string }
  | { readonly entity: EntityName; readonly role: string }
  | { readonly any: string }

/** An entity with its attributes beside `type` and `id`, or under `attributes` where a field has one of those names. */
export interface EntityInput {
  readonly type: string
  readonly id: string
  readonly in?: EntityName | readonly EntityName[]
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly [attribute: string]: unknown
}
