import type { Diagnostic } from '../base/diagnostic.ts'
import { diagnostic } from '../base/diagnostic.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, parseJson } from '../base/json.ts'
import { locate, locateKey } from '../base/json-locate.ts'
import type { SourceFile, Span } from '../base/source.ts'
import type { Check, Mistake } from './checks.ts'
import {
  aBoolean,
  aDigest,
  aName,
  aNumber,
  anObject,
  aString,
  aUrl,
  closedObject,
  listBy,
  listOf,
  mapOf,
  oneOf,
  openObject,
} from './checks.ts'
import type { Digests, ItemList, Lock } from './format.ts'
import { itemLists, listNames, lockVersion } from './format.ts'

/** A lock is a file that a person reviewed, not a message: the limits are wider. Definitions nest like messages, some levels down. */
const limits = { size: 16 * 1024 * 1024, nodes: 1_000_000, depth: 80, bigints: true }
const maxDiagnostics = 50

const described = {
  title: aString,
  description: aString,
  icons: listOf(openObject({ src: aString }, {})),
  _meta: anObject,
}
const placed = { ...described, mimeType: aString, annotations: anObject }

const toolAnnotations = openObject(
  {},
  {
    title: aString,
    readOnlyHint: aBoolean,
    destructiveHint: aBoolean,
    idempotentHint: aBoolean,
    openWorldHint: aBoolean,
  },
)
const tool = openObject(
  { name: aName, inputSchema: anObject },
  {
    ...described,
    outputSchema: anObject,
    annotations: toolAnnotations,
    execution: openObject({}, { taskSupport: oneOf('forbidden', 'optional', 'required') }),
  },
)
const promptArgument = openObject({ name: aName }, { title: aString, description: aString, required: aBoolean })
const prompt = openObject({ name: aName }, { ...described, arguments: listBy('name', 'argument', promptArgument) })
const resource = openObject({ name: aString, uri: aName }, { ...placed, size: aNumber })
const resourceTemplate = openObject({ name: aString, uriTemplate: aName }, placed)
const items: Readonly<Record<ItemList, Check>> = {
  tools: tool,
  prompts: prompt,
  resources: resource,
  resourceTemplates: resourceTemplate,
}

const aCommand = closedObject({ command: aName, args: listOf(aString) }, { package: aName })
const anAddress = closedObject({ url: aUrl, origin: aUrl }, { audience: aName })

const reached: Check = (value, path, report) => {
  const isAddress = isJsonObject(value) && Object.hasOwn(value, 'url')
  const check = isAddress ? anAddress : aCommand
  check(value, path, report)
  if (!isAddress || typeof value.url !== 'string' || !URL.canParse(value.url)) return
  const { origin } = new URL(value.url)
  if (value.origin !== origin) {
    report({ path: [...path, 'origin'], at: 'value', message: `the origin of \`url\` is \`${origin}\`` })
  }
}

const digests: Check = closedObject({}, { server: aDigest, ...perList(() => mapOf(aDigest)) })

const lockFile = closedObject(
  { lock: oneOf(lockVersion), server: aName },
  {
    reached,
    protocolVersion: aName,
    serverInfo: anObject,
    instructions: aString,
    capabilities: anObject,
    ...perList((list) => listBy(itemLists[list].key, itemLists[list].noun, items[list])),
    digests,
  },
)

function perList<T>(of: (list: ItemList) => T): Record<ItemList, T> {
  return {
    tools: of('tools'),
    prompts: of('prompts'),
    resources: of('resources'),
    resourceTemplates: of('resourceTemplates'),
  }
}

/**
 * Reads a lock file. Every member that MCP or this format defines is checked, each mistake is a diagnostic `bad-lock` at its place
 * in the text (the first 50), and with a mistake there is no lock. A list that is left out is empty. Never throws.
 */
export function readLock(source: SourceFile): { readonly lock?: Lock; readonly diagnostics: readonly Diagnostic[] } {
  const { value, error } = parseJson(source.text, limits)
  if (error !== undefined) {
    const start = Math.min(error.offset, source.text.length)
    const span = { file: source.name, start, end: Math.min(start + 1, source.text.length) }
    return { diagnostics: [diagnostic('bad-lock', span, error.message)] }
  }
  const mistakes: Mistake[] = []
  lockFile(value, [], (mistake) => mistakes.push(mistake))
  if (mistakes.length === 0) digestsOfNothing(value, mistakes)
  if (mistakes.length > 0)
    return { diagnostics: mistakes.slice(0, maxDiagnostics).map((mistake) => explain(source, mistake)) }
  return { lock: lockOf(value as JsonObject), diagnostics: [] }
}

/** A digest whose item is not in the lock: one of the two has been edited. */
function digestsOfNothing(file: JsonValue, mistakes: Mistake[]): void {
  const { digests } = file as { readonly digests?: Partial<Record<ItemList, JsonObject>> }
  for (const list of listNames) {
    const { noun, key } = itemLists[list]
    const known = new Set(((file as JsonObject)[list] as readonly JsonObject[] | undefined)?.map((item) => item[key]))
    for (const name of Object.keys(digests?.[list] ?? {})) {
      if (known.has(name)) continue
      mistakes.push({
        path: ['digests', list, name],
        at: 'key',
        message: `the digest of a ${noun} that is not in the lock`,
      })
    }
  }
}

/** INVARIANT: the file has passed `lockFile`. */
function lockOf(file: JsonObject): Lock {
  const { lock: _, ...members } = file
  const written = (members.digests ?? {}) as { server?: string } & Partial<Record<ItemList, Record<string, string>>>
  const digests: Digests = {
    ...(written.server === undefined ? {} : { server: written.server }),
    ...perList((list) => new Map(Object.entries(written[list] ?? {}))),
  }
  return { ...perList(() => []), ...members, digests } as unknown as Lock
}

function explain(source: SourceFile, { path, at, message, help, first }: Mistake): Diagnostic {
  const related = first && [{ span: spanOf(source, first, 'value'), message: 'the first one' }]
  return diagnostic('bad-lock', spanOf(source, path, at), message, { help, related })
}

function spanOf({ name, text }: SourceFile, path: Mistake['path'], at: Mistake['at']): Span {
  const range = (at === 'key' ? locateKey(text, path) : undefined) ?? locate(text, path) ?? { start: 0, end: 0 }
  return { file: name, start: range.start, end: at === 'start' ? range.start + 1 : range.end }
}
