import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { didYouMean } from '../../../base/suggest.ts'
import type { Item } from '../../../index.ts'
import type { Lock } from '../../../lock/format.ts'
import { folded } from '../protocol/spelling.ts'
import { visible } from '../protocol/visible.ts'
import { anyMember, type Declared, declarations, type Path, schemaHas } from './schema-path.ts'

/** What of the arguments for an item goes into the log, besides their digest. */
export type Redaction = (item: Item, args: JsonObject) => JsonObject | undefined

export interface AuditedArguments {
  /** `digest` when left out. With `redacted` the arguments are recorded too, but for what `redact` or no lock names. */
  readonly arguments?: 'digest' | 'redacted'
  /** Paths such as `args.password`, `args.headers.*`, `args["a.b"]`; one that leads to no locked argument is an error. */
  readonly redact?: readonly string[]
}

const hidden = '[redacted]'

/** @throws Error as `createRedaction`, and when the options contradict each other */
export function redactionOf(options: AuditedArguments, lock: Lock | undefined): Redaction | undefined {
  const { arguments: what = 'digest', redact } = options
  if (what === 'redacted') return createRedaction(redact ?? [], lock)
  if (what !== 'digest')
    throw new Error(`of arguments the audit records \`digest\` or \`redacted\`, not \`${String(what)}\``)
  if (redact !== undefined)
    throw new Error('`redact` is for arguments that are recorded: `arguments` is not `redacted`')
  return undefined
}

/**
 * Arguments as they are recorded: without what is at the paths, and without what the lock does not declare, however deep. A path is `args.password`,
 * `args.headers.*` (every member of an object or array) or `args.headers["x.key"]`.
 *
 * @throws Error, with a message for a person, when a path is none, or leads to no argument that the lock knows of
 */
export function createRedaction(redact: readonly string[], lock: Lock | undefined): Redaction {
  if (lock === undefined) {
    throw new Error('arguments can be recorded only of a server that is locked: what else they hold cannot be known')
  }
  const schemas = lock.tools.map(({ inputSchema }) => inputSchema)
  const promptArguments = lock.prompts.flatMap((prompt) => prompt.arguments?.map(({ name }) => name) ?? [])
  const paths = redact.map((text) => {
    const path = readPath(text)
    if (path === undefined) {
      throw new Error(
        `\`${visible(text)}\` is no path of an argument: write \`args.password\`, \`args.headers.*\` or \`args["a.b"]\``,
      )
    }
    const [first, ...rest] = path
    const isOfPrompt = rest.length === 0 && typeof first === 'string' && promptArguments.includes(first)
    if (!isOfPrompt && !schemas.some((schema) => schemaHas(schema, path))) {
      const names = [...schemas.flatMap((schema) => namesIn(schema)), ...promptArguments]
      const near = didYouMean(text, new Set(names.map((name) => `args.${name}`)))
      throw new Error(
        `\`${visible(text)}\` leads to no argument that is locked${near === undefined ? '' : `: ${near}`}`,
      )
    }
    return path
  })
  const recording = (schema: JsonObject): ((args: JsonObject) => JsonObject) => {
    const declared = declarations(schema)
    const names = new Set(namesIn(schema))
    return (args) =>
      mapped(args, (name, value) =>
        names.has(name) ? redacted(value, declared([schema], name), declared, behind(paths, name)) : hidden,
      )
  }
  const known = new Map([
    ...lock.tools.map(({ name, inputSchema }) => [`tool ${name}`, recording(inputSchema)] as const),
    ...lock.prompts.map((prompt) => [`prompt ${prompt.name}`, recording(promptSchema(prompt.arguments))] as const),
  ])
  return (item, args) =>
    item.kind === 'tool' || item.kind === 'prompt' ? known.get(`${item.kind} ${item.name}`)?.(args) : undefined
}

function promptSchema(args: readonly { readonly name: string }[] = []): JsonObject {
  return { properties: Object.fromEntries(args.map(({ name }) => [name, {}])) }
}

function namesIn({ properties }: JsonObject): readonly string[] {
  return isJsonObject(properties) ? Object.keys(properties) : []
}

function readPath(text: string): Path | undefined {
  const step = /\.(\*)|\.([^.[\]"*\s]+)|\[("(?:[^"\\]|\\.)*")\]/y
  const path: (string | typeof anyMember)[] = []
  step.lastIndex = 'args'.length
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return undefined
    const [, any, name, quoted] = match
    const member = any !== undefined ? anyMember : (name ?? unquoted(quoted ?? ''))
    if (member === undefined) return undefined
    path.push(member)
  }
  return text.startsWith('args') && path.length > 0 ? path : undefined
}

function unquoted(json: string): string | undefined {
  try {
    return String(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** @param schemas those that describe the value; what they do not declare of it could be anything */
function redacted(
  value: JsonValue,
  schemas: readonly JsonValue[],
  declared: Declared,
  paths: readonly Path[],
): JsonValue {
  if (paths.some(({ length }) => length === 0)) return hidden
  const part = (member: string | number, one: JsonValue): JsonValue => {
    const its = declared(schemas, member)
    return its.length === 0
      ? hidden
      : redacted(one, its, declared, behind(paths, typeof member === 'string' ? member : anyMember))
  }
  // What is not what a path leads through could be anything, too.
  if (isArray(value)) {
    return paths.some(([step]) => step !== anyMember) ? hidden : value.map((one, place) => part(place, one))
  }
  if (isJsonObject(value)) return mapped(value, part)
  if (paths.length > 0 && value !== null) return hidden
  // A number that not every reader of the log would read as the same one.
  const isWide =
    typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
  return isWide ? String(value) : value
}

/** What is left of the paths that lead on to a member, however it is spelt: the caller chooses that, and header names have no case. */
function behind(paths: readonly Path[], member: string | typeof anyMember): readonly Path[] {
  return paths.filter(([step]) => step !== undefined && leadsTo(step, member)).map(([, ...rest]) => rest)
}

function leadsTo(step: string | typeof anyMember, member: string | typeof anyMember): boolean {
  if (step === anyMember || member === anyMember) return step === anyMember
  return folded(step) === folded(member)
}

/** `fromEntries` defines properties, so that a key `__proto__` stays an own one. */
function mapped(object: JsonObject, of: (name: string, value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, of(name, value)]))
}
