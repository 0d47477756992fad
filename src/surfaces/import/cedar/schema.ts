import { schemaToJsonWithResolvedTypes, schemaToText } from '@cedar-policy/cedar-wasm/nodejs'
import { parseJson } from '../../../base/json.ts'
import type { SourceFile } from '../../../index.ts'
import { Unreadable } from '../imported.ts'
import type { Uid } from './cedar.ts'
import { tooDeepAt } from './scan.ts'
import { outlineOf, type SchemaOutline } from './schema-outline.ts'

export type CedarType =
  | { readonly kind: 'boolean' | 'long' | 'string' | 'decimal' | 'ipaddr' | 'datetime' | 'duration' }
  | { readonly kind: 'entity'; readonly name: string }
  | { readonly kind: 'set'; readonly of: CedarType }
  | RecordType

export interface RecordType {
  readonly kind: 'record'
  readonly fields: ReadonlyMap<string, { readonly type: CedarType; readonly required: boolean }>
}

export interface EntitySchema {
  readonly containers: readonly string[]
  readonly attributes: RecordType
  readonly tags?: CedarType
}

export interface ActionSchema {
  readonly groups: readonly Uid[]
  readonly principals: readonly string[]
  readonly resources: readonly string[]
  readonly context: RecordType
}

export interface Schema {
  readonly source: SourceFile
  readonly entities: ReadonlyMap<string, EntitySchema>
  /** By `uidKey`. */
  readonly actions: ReadonlyMap<string, ActionSchema & { readonly uid: Uid }>
  readonly outline: SchemaOutline
}

export const emptyRecord: RecordType = { kind: 'record', fields: new Map() }

/** Two are the same exactly where their keys are. */
export function uidKey({ type, id }: Uid): string {
  return `${type}::${JSON.stringify(id)}`
}

type Json = Readonly<Record<string, unknown>>

/** A schema in either of Cedar's forms. */
export function readSchema(source: SourceFile): Schema {
  const text = asText(source)
  const resolved = schemaToJsonWithResolvedTypes(text)
  if (resolved.type === 'failure') throw noSchema(source, resolved.errors)
  const namespaces = Object.entries(resolved.json as unknown as Readonly<Record<string, Json>>)
  const common = new Map(
    namespaces.flatMap(([namespace, one]) =>
      Object.entries((one.commonTypes ?? {}) as Json).map(
        ([name, type]) => [within(namespace, name), type as Json] as const,
      ),
    ),
  )
  const type = (json: Json): CedarType => typeOf(json, common, new Set())
  const record = (json: unknown): RecordType => {
    const read = json === undefined ? emptyRecord : type(json as Json)
    return read.kind === 'record' ? read : emptyRecord
  }
  const entities = new Map<string, EntitySchema>()
  const actions = new Map<string, ActionSchema & { readonly uid: Uid }>()
  for (const [namespace, { entityTypes, actions: own }] of namespaces) {
    for (const [name, json] of Object.entries((entityTypes ?? {}) as Readonly<Record<string, Json>>)) {
      entities.set(within(namespace, name), {
        containers: (json.memberOfTypes ?? []) as readonly string[],
        attributes: record(json.shape),
        ...(json.tags === undefined ? {} : { tags: type(json.tags as Json) }),
      })
    }
    for (const [id, json] of Object.entries((own ?? {}) as Readonly<Record<string, Json>>)) {
      const uid = { type: within(namespace, 'Action'), id }
      const { principalTypes, resourceTypes, context } = (json.appliesTo ?? {}) as Json
      actions.set(uidKey(uid), {
        uid,
        groups: ((json.memberOf ?? []) as readonly { readonly id: string; readonly type?: string }[]).map((group) => ({
          type: group.type ?? uid.type,
          id: group.id,
        })),
        principals: (principalTypes ?? []) as readonly string[],
        resources: (resourceTypes ?? []) as readonly string[],
        context: record(context),
      })
    }
  }
  return { source, entities, actions, outline: outlineOf(text) }
}

function asText(source: SourceFile): string {
  if (!source.text.trimStart().startsWith('{')) return checkedDepth(source)
  const { value, error } = parseJson(source.text)
  if (error !== undefined) throw noSchema(source, [error], error.offset)
  const answer = schemaToText(value as Parameters<typeof schemaToText>[0])
  if (answer.type === 'failure') throw noSchema(source, answer.errors)
  return answer.text
}

/** Cedar's parser does not survive every depth. */
function checkedDepth(source: SourceFile): string {
  const at = tooDeepAt(source.text, '{[(<', '}])>')
  if (at !== undefined) throw noSchema(source, [{ message: 'it is nested too deeply' }], at)
  return source.text
}

function noSchema(source: SourceFile, errors: readonly { readonly message: string }[], at = 0): Unreadable {
  return new Unreadable(
    errors.map(({ message }) => ({
      kind: 'untranslated',
      message: `this is no Cedar schema: ${message}`,
      source,
      at,
    })),
  )
}

function within(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}::${name}`
}

const plain: ReadonlyMap<
  string,
  CedarType['kind'] & ('boolean' | 'long' | 'string' | 'decimal' | 'ipaddr' | 'datetime' | 'duration')
> = new Map([
  ['Bool', 'boolean'],
  ['Boolean', 'boolean'],
  ['Long', 'long'],
  ['String', 'string'],
  ['decimal', 'decimal'],
  ['ipaddr', 'ipaddr'],
  ['datetime', 'datetime'],
  ['duration', 'duration'],
])

function typeOf(json: Json, common: ReadonlyMap<string, Json>, open: ReadonlySet<string>): CedarType {
  const name = String(json.name ?? json.type)
  switch (json.type) {
    case 'Set':
      return { kind: 'set', of: typeOf(json.element as Json, common, open) }
    case 'Record': {
      const fields = Object.entries(json.attributes as Readonly<Record<string, Json>>).map(
        ([field, type]) => [field, { type: typeOf(type, common, open), required: type.required !== false }] as const,
      )
      return { kind: 'record', fields: new Map(fields) }
    }
    case 'Entity':
      return { kind: 'entity', name }
    default: {
      const named = common.get(name)
      // A type that is made of itself is refused by Cedar.
      if (named !== undefined && !open.has(name)) return typeOf(named, common, new Set([...open, name]))
      const kind = plain.get(name.replace(/^__cedar::/, ''))
      return kind === undefined ? { kind: 'entity', name } : { kind }
    }
  }
}
