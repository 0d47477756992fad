import { typeNames, wordNames } from '../names.ts'
import { type Expr, isAction, isSlot, type Policy, type Scope, type Uid } from './cedar.ts'
import { type Mentions, mentionsOf } from './mentions.ts'
import { type CedarType, type EntitySchema, type Schema, uidKey } from './schema.ts'
import { type ExprKeys, exprKeys } from './sources-of-error.ts'

export interface EntityRecord {
  readonly uid: Uid
  readonly attributes: readonly (readonly [string, Expr])[]
  readonly parents: readonly Uid[]
  readonly tags: readonly (readonly [string, Expr])[]
  /** Where it stands in its source. */
  readonly at: number
}

export interface Request {
  readonly name: string
  readonly principal: Uid
  readonly action: Uid
  readonly resource: Uid
  readonly context: readonly (readonly [string, Expr])[]
  readonly allowed: boolean
  readonly at: number
}

/** All that is imported at once. */
export interface Sources {
  readonly policies: readonly Policy[]
  readonly entities: readonly EntityRecord[]
  readonly requests: readonly Request[]
  /** Undefined: types say nothing of the attributes of their entities. */
  readonly schema?: Schema
}

/** The words that the sources use, and those that the policy has for them. */
export interface World {
  readonly schema: Schema | undefined
  /** The schema's types are declared; else every attribute may be anything. */
  readonly typed: boolean
  readonly keyOf: ExprKeys
  readonly types: readonly string[]
  readonly typeName: (type: string) => string
  readonly actors: readonly string[]
  /** Types that can contain one directly. */
  readonly containers: ReadonlyMap<string, ReadonlySet<string>>
  readonly actions: ReadonlyMap<string, ActionWord>
  readonly fieldOfTags: string
  readonly hasTags: boolean
  /** Keys of the context that something says or reads, with their types where those are told, and are the same for all actions. */
  readonly contextTypes: ReadonlyMap<string, ContextField>
  /** Keys that some policy reads where nothing has shown them: not there, they are an error, so that they are declared as required. */
  readonly readAnyway: Set<string>
}

export interface ContextField {
  readonly type: CedarType | undefined
  /** No action has it that may do without. */
  readonly required: boolean
}

export interface ActionWord {
  readonly uid: Uid
  readonly name: string
  /** A group is no action itself: it stands for those in it. */
  readonly isGroup: boolean
  /** The keys of the actions that it stands for: itself, or those of the group, all the way down. */
  readonly stands: readonly string[]
}

/** `typed`: the types of the schema are to be declared. */
export function worldOf(sources: Sources, typed: boolean): World {
  const { policies, entities, schema } = sources
  const mentioned = mentionsOf(sources)
  // In the order of the schema, where it has them.
  const declared = [...(schema?.outline.entities.keys() ?? [])].filter((type) => mentioned.types.has(type))
  const types = [...new Set([...declared, ...[...mentioned.types].sort()])]
  const attributes = new Set([...mentioned.attributes])
  const typeName = typeNames(types, { said: withoutNamespace(types) }).of
  const containers = new Map(types.map((type) => [type, new Set(schema?.entities.get(type)?.containers ?? [])]))
  for (const { uid, parents } of entities) {
    if (!isAction(uid)) for (const parent of parents) containers.get(uid.type)?.add(parent.type)
  }
  const actors = actorTypes(sources, types, mentioned)
  addAsked(containers, policies, actors)
  const fieldOfTags = attributes.has('tags') ? 'tags_' : 'tags'
  return {
    schema,
    typed,
    keyOf: exprKeys(),
    types,
    typeName,
    actors,
    containers,
    actions: actionWords(sources, mentioned, attributes),
    fieldOfTags,
    hasTags: mentioned.tags,
    contextTypes: contextTypes(sources, mentioned, typed),
    readAnyway: new Set(),
  }
}

/** Those that a schema or a request has act, or that every permission says to be for; else any may. */
function actorTypes(
  { schema, requests, policies }: Sources,
  types: readonly string[],
  mentioned: Mentions,
): readonly string[] {
  const acting = new Set(mentioned.principals)
  for (const { principals } of schema?.actions.values() ?? []) for (const type of principals) acting.add(type)
  const saysWho = ({ effect, principal }: Policy) =>
    effect === 'forbid' || principal.kind === 'is' || principal.kind === '=='
  const isTold = schema !== undefined || requests.length > 0 || policies.every(saysWho)
  return isTold && acting.size > 0 ? types.filter((type) => acting.has(type)) : types
}

function contextTypes({ schema, requests }: Sources, { context }: Mentions, typed: boolean): World['contextTypes'] {
  const found = new Map<string, ContextField>()
  const keys = [...context, ...requests.flatMap((request) => request.context.map(([key]) => key))]
  for (const { context: declared } of schema?.actions.values() ?? []) {
    for (const [key, { type, required }] of declared.fields) {
      const before = found.get(key)
      found.set(key, {
        type: before === undefined ? type : mergedType(before.type, type),
        required: required && (before?.required ?? true),
      })
    }
  }
  for (const key of keys) if (!found.has(key)) found.set(key, { type: undefined, required: true })
  if (!typed) for (const [key, field] of found) found.set(key, { ...field, type: undefined })
  return found
}

/** The type that values of both have; of records, whose fields may be there or not, as the action has it. */
function mergedType(a: CedarType | undefined, b: CedarType | undefined): CedarType | undefined {
  if (a === undefined || b === undefined || a.kind !== b.kind) return undefined
  if (a.kind === 'entity') return b.kind === 'entity' && a.name === b.name ? a : undefined
  if (a.kind === 'set') {
    const of = b.kind === 'set' ? mergedType(a.of, b.of) : undefined
    return of && { kind: 'set', of }
  }
  if (a.kind !== 'record' || b.kind !== 'record') return a
  const fields = new Map(a.fields)
  for (const [name, field] of b.fields) {
    const before = fields.get(name)
    const type = before === undefined ? field.type : mergedType(before.type, field.type)
    if (type === undefined) return undefined
    fields.set(name, { type, required: field.required && (before?.required ?? true) })
  }
  return { kind: 'record', fields }
}

/** `principal in Group::"x"` where nothing is said of groups: they may come to have members. */
function addAsked(
  containers: ReadonlyMap<string, Set<string>>,
  policies: readonly Policy[],
  actors: readonly string[],
): void {
  const add = (of: readonly string[], scope: Scope) => {
    const to = scope.kind === 'in' ? scope.to : scope.kind === 'is' ? scope.in : undefined
    if (to === undefined || isSlot(to)) return
    const from = scope.kind === 'is' ? [scope.type] : of
    if (from.some((type) => canContain(containers, to.type, type))) return
    for (const type of from) containers.get(type)?.add(to.type)
  }
  for (const { principal, resource } of policies) {
    add(actors, principal)
    if (resource.kind === 'is') add([], resource)
  }
}

/** An entity of the one type can be one of the other, or in it, however indirectly. */
export function canContain(
  containers: ReadonlyMap<string, ReadonlySet<string>>,
  container: string,
  type: string,
): boolean {
  const seen = new Set([type])
  for (const next of seen) {
    if (next === container) return true
    for (const one of containers.get(next) ?? []) seen.add(one)
  }
  return false
}

/** What no group of actions is called, since it is an action already. */
const mcpActions: ReadonlySet<string> = new Set([
  ...['call', 'read', 'subscribe', 'get', 'complete', 'list'],
  ...['sample', 'elicit', 'roots', 'log'],
])

/** `Photo::Album` is `Album` where no other type is called that. */
function withoutNamespace(types: readonly string[]): (type: string) => string {
  const last = (type: string) => type.slice(type.lastIndexOf(':') + 1)
  const count = new Map<string, number>()
  for (const type of types) {
    const name = last(type).toLowerCase()
    count.set(name, (count.get(name) ?? 0) + 1)
  }
  return (type) => (count.get(last(type).toLowerCase()) === 1 ? last(type) : type)
}

function actionWords(
  { schema, entities }: Sources,
  { actions, asked }: Mentions,
  attributes: ReadonlySet<string>,
): ReadonlyMap<string, ActionWord> {
  const groups = new Map<string, Set<string>>()
  const put = (member: string, group: Uid) => {
    const known = groups.get(uidKey(group)) ?? new Set()
    groups.set(uidKey(group), known.add(member))
  }
  for (const [key, { groups: of }] of schema?.actions ?? []) for (const group of of) put(key, group)
  for (const { uid, parents } of entities) if (isAction(uid)) for (const group of parents) put(uidKey(uid), group)
  const below = (key: string): readonly string[] => {
    const found = new Set([key])
    for (const next of found) for (const one of groups.get(next) ?? []) found.add(one)
    return [...found]
  }
  const isGroup = (key: string) => groups.has(key) && !asked.has(key)
  const names = wordNames(actions.keys(), {
    said: (key) => actions.get(key)?.id ?? key,
    taken: (word, key) => attributes.has(word) || (isGroup(key) && mcpActions.has(word)),
  })
  const words = [...actions].map(([key, uid]): readonly [string, ActionWord] => [
    key,
    { uid, name: names.of(key), isGroup: isGroup(key), stands: below(key).filter((one) => !isGroup(one)) },
  ])
  return new Map(words)
}

/** The attributes of a type, where a schema tells them. */
export function attributesOf(world: World, type: string): EntitySchema['attributes'] | undefined {
  return world.schema?.entities.get(type)?.attributes
}
