import { type JsonValue, parseJson } from '../../../base/json.ts'
import { locate } from '../../../base/json-locate.ts'
import type { SourceFile } from '../../../index.ts'
import { type ReadSource, type Surroundings, Unreadable } from '../imported.ts'
import type { Uid } from './cedar.ts'

/** A part of what is imported, still as it is written. */
export interface Part {
  readonly source: SourceFile
  /** As JSON, where it is that. */
  readonly json?: JsonValue
  /** Where the value begins, for parts of it. */
  readonly path: readonly (string | number)[]
}

/** Everything that belongs together, found in a folder or in one file. */
export interface Parts {
  readonly policies: readonly Part[]
  readonly schema?: Part
  readonly entities?: Part
  readonly links?: Part
  /** Each holds one request, and says or is told by its folder what comes of it. */
  readonly requests: readonly (Part & { readonly name: string; readonly allowed?: boolean })[]
}

export function findParts(path: string, read: ReadSource, around: Surroundings): Parts {
  const names = around.list(path)
  if (names !== undefined) return inFolder(path, names, read, around)
  const source = readOrFail(path, read)
  if (!path.endsWith('.json')) return { policies: [{ source, path: [] }], requests: [] }
  return inFile(path, source, read, around)
}

function readOrFail(path: string, read: ReadSource, from?: string): SourceFile {
  const found = read(path, from)
  if ('problem' in found) throw unreadable({ name: from ?? path, text: '' }, found.problem)
  return found
}

export function unreadable(source: SourceFile, message: string, at = 0): Unreadable {
  return new Unreadable([{ kind: 'untranslated', message, source, at }])
}

const limits = { size: 16 * 1024 * 1024, depth: 64, nodes: 2_000_000, bigints: true }

function jsonOf(source: SourceFile): JsonValue {
  const { value, error } = parseJson(source.text, limits)
  if (error !== undefined) throw unreadable(source, `this is no JSON: ${error.message}`, error.offset)
  return value
}

function inFolder(path: string, names: readonly string[], read: ReadSource, around: Surroundings): Parts {
  const at = (name: string) => `${path.replace(/\/+$/, '')}/${name}`
  const file = (name: string): Part => ({ source: readOrFail(at(name), read), path: [] })
  const one = (what: string, test: (name: string) => boolean): Part | undefined => {
    const found = names.filter(test)
    if (found.length > 1)
      throw unreadable(
        { name: path, text: '' },
        `the folder has several ${what}: ${found.map((name) => `\`${name}\``).join(', ')}`,
      )
    return found[0] === undefined ? undefined : file(found[0])
  }
  const json = (part: Part): Part => ({ ...part, json: jsonOf(part.source) })
  const policies = names.filter((name) => name.endsWith('.cedar'))
  if (policies.length === 0) throw unreadable({ name: path, text: '' }, 'the folder has no policies (.cedar)')
  const schema = one('schemas', (name) => /\.cedarschema(?:\.json)?$|^schema\.json$/.test(name))
  const entities = one('files of entities', (name) => /^(?:.*[._-])?entities\.json$/.test(name))
  const links = one('files of links', (name) => /link(?:s|ed)?\.json$/.test(name))
  const requests = [
    ...decided(at('ALLOW'), true, read, around),
    ...decided(at('DENY'), false, read, around),
    ...names
      .filter((name) => /^(?:.*[._-])?(?:requests|tests)\.json$/.test(name))
      .flatMap((name) => requestsIn(json(file(name)))),
  ]
  return {
    policies: policies.map(file),
    ...(schema === undefined ? {} : { schema }),
    ...(entities === undefined ? {} : { entities: json(entities) }),
    ...(links === undefined ? {} : { links: json(links) }),
    requests,
  }
}

/** A folder of requests that are all decided alike, each a file named after what it shows. */
function decided(folder: string, allowed: boolean, read: ReadSource, around: Surroundings): Parts['requests'] {
  const names = (around.list(folder) ?? []).filter((name) => name.endsWith('.json'))
  return names.map((name) => {
    const source = readOrFail(`${folder}/${name}`, read)
    return { source, json: jsonOf(source), path: [], name: name.slice(0, -'.json'.length).replace(/_/g, ' '), allowed }
  })
}

function requestsIn({ source, json, path }: Part): Parts['requests'] {
  const list = Array.isArray(json) ? json : []
  return list.map((one, index) => {
    const description = isObject(one) ? (one.description ?? one.name) : undefined
    const name = typeof description === 'string' && description !== '' ? description : `request ${index + 1}`
    return { source, json: one, path: [...path, index], name }
  })
}

/** One file: policies and the rest as names of files or as they are, and requests with their decisions. */
function inFile(path: string, source: SourceFile, read: ReadSource, around: Surroundings): Parts {
  const json = jsonOf(source)
  if (!isObject(json)) throw unreadable(source, 'an object with `policies` is expected')
  if ('staticPolicies' in json || 'templates' in json || 'effect' in json)
    return { policies: [{ source, json, path: [] }], requests: [] }
  if (json.policies === undefined) throw unreadable(source, 'there are no `policies`')
  const reader = readerOf(path, json, read, around)
  const part = (key: string): Part | undefined => {
    const value = json[key]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string') return { source, json: value, path: [key] }
    if (!isFileName(value)) return { source: { name: `${source.name} (${key})`, text: value }, path: [] }
    const named = readOrFail(reader.prefix + value, reader.read, path)
    return value.endsWith('.json') ? { source: named, json: jsonOf(named), path: [] } : { source: named, path: [] }
  }
  const [policies, schema, entities] = [part('policies'), part('schema'), part('entities')]
  const links = part('links') ?? part('templateLinks')
  return {
    policies: policies === undefined ? [] : [policies],
    ...(schema === undefined ? {} : { schema }),
    ...(entities === undefined ? {} : { entities }),
    ...(links === undefined ? {} : { links }),
    requests: requestsIn({ source, json: json.requests ?? json.queries ?? [], path: ['requests'] }),
  }
}

function isFileName(text: string): boolean {
  return /^[^\s;{}()]+\.(?:cedar|cedarschema|json)$/.test(text)
}

/** Names in a file begin at its folder, or at a folder above it, where a test lies under the name that it has there. */
function readerOf(
  path: string,
  json: Readonly<Record<string, JsonValue>>,
  read: ReadSource,
  around: Surroundings,
): { readonly read: ReadSource; readonly prefix: string } {
  const { policies } = json
  if (typeof policies !== 'string' || !isFileName(policies) || !('problem' in read(policies, path)))
    return { read, prefix: '' }
  const depth = policies.split('/').length - 1
  for (let levels = 1; levels <= depth; levels++) {
    const prefix = '../'.repeat(levels)
    const wider = around.above(levels)
    if (!('problem' in wider(prefix + policies, path))) return { read: wider, prefix }
  }
  return { read, prefix: '' }
}

export function isObject(json: unknown): json is Readonly<Record<string, JsonValue>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** Where a part of a part begins. */
export function placeOf({ source, path }: Part, inner: readonly (string | number)[] = []): number {
  return locate(source.text, [...path, ...inner])?.start ?? 0
}

/** `{ type, id }`, that under `__entity`, or `Type::"id"`. */
export function readUid(json: JsonValue | undefined, part: Part, inner: readonly (string | number)[]): Uid {
  if (isObject(json)) {
    if (json.__entity !== undefined) return readUid(json.__entity, part, inner)
    if (typeof json.type === 'string' && typeof json.id === 'string') return { type: json.type, id: json.id }
  }
  const match = typeof json === 'string' ? /^(\w+(?:::\w+)*)::("[\s\S]*")$/.exec(json) : null
  const id = match?.[2] === undefined ? undefined : unquoted(match[2])
  if (match?.[1] === undefined || id === undefined)
    throw unreadable(part.source, 'an entity is expected, `{ "type": …, "id": … }`', placeOf(part, inner))
  return { type: match[1], id }
}

function unquoted(text: string): string | undefined {
  try {
    const read: unknown = JSON.parse(
      text.replace(/\\u\{([0-9a-fA-F]{1,6})\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
    )
    return typeof read === 'string' ? read : undefined
  } catch {
    return undefined
  }
}
