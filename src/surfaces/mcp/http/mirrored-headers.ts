import { Buffer } from 'node:buffer'
import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { statelessVersionOf } from '../gateway/inspection.ts'
import { type Message, own, ownObject, ownString, type RpcError } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'

/** MCP 2026-07-28, Streamable HTTP: headers and body do not say the same. */
export const headerMismatch = -32020

export function headersDiffer(how: string): RpcError {
  return { code: headerMismatch, message: `the headers and the body differ: ${how}` }
}

/** The first revision whose requests stand each for itself, without a handshake or a session. */
const firstStateless = '2026-07-28'

export function isStateless(version: string): boolean {
  return version >= firstStateless
}

/** The member of the parameters that `Mcp-Name` says again. */
const namedBy: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

interface Call {
  readonly method: string
  readonly params: JsonObject
}

function nameOf({ method, params }: Call): string | undefined {
  const member = namedBy.get(method)
  return member === undefined ? undefined : ownString(params, member)
}

/**
 * The headers that say again what stands in the body of a request without a session (MCP 2026-07-28, "Standard Request Headers").
 *
 * @param inputSchema of the tool that is called, where it is known: it may want arguments said again, too
 */
export function mirroredHeaders(call: Call, version: string, inputSchema?: JsonObject): Record<string, string> {
  const name = nameOf(call)
  return {
    'mcp-protocol-version': encodeHeader(version),
    'mcp-method': encodeHeader(call.method),
    ...(name === undefined ? {} : { 'mcp-name': encodeHeader(name) }),
    ...Object.fromEntries(
      mirroredArguments(call, inputSchema).map(({ header, value }) => [header, encodeHeader(value)]),
    ),
  }
}

/**
 * Says in what the headers of a message differ from its body, if they do: whoever looks at the headers only, as a proxy does, must not see
 * another request than the one that is judged. The requests of 2026-07-28 and later have to have them.
 *
 * @param inputSchema of the tool that is called, where it is known; otherwise a header has to repeat some argument
 */
export function headerProblem(message: Message, headers: Headers, inputSchema?: unknown): string | undefined {
  if (message.kind !== 'request' && message.kind !== 'notification') return undefined
  const version = statelessVersionOf(message.params)
  const isRequired = version !== undefined && message.kind === 'request'
  const repeated: readonly (readonly [header: string, value: string | undefined])[] = [
    ['Mcp-Method', message.method],
    ...(version === undefined ? [] : ([['MCP-Protocol-Version', version]] as const)),
    ['Mcp-Name', nameOf(message)],
  ]
  for (const [header, value] of repeated) {
    const sent = headers.get(header)
    if (sent === null && isRequired && value !== undefined) return `${header} is not there`
    if (sent !== null && (value === undefined || decodeHeader(sent) !== value)) return differs(header)
  }
  return argumentProblem(message, headers, isJsonObject(inputSchema) ? inputSchema : undefined, isRequired)
}

function differs(header: string): string {
  return `${visible(header)} is not what the body says`
}

function argumentProblem(
  call: Call,
  headers: Headers,
  inputSchema: JsonObject | undefined,
  isRequired: boolean,
): string | undefined {
  const declared = mirroredArguments(call, inputSchema)
  const some =
    inputSchema === undefined && call.method === 'tools/call' ? [...texts(own(call.params, 'arguments') ?? null)] : []
  for (const [header, sent] of headers) {
    if (!header.startsWith(prefix)) continue
    const values = declared.flatMap((one) => (one.header.toLowerCase() === header ? [one.value] : []))
    const value = decodeHeader(sent)
    const isSaid =
      value !== undefined &&
      (inputSchema === undefined
        ? some.some((text) => isSame(value, text))
        : values.length > 0 && values.every((text) => isSame(value, text)))
    if (!isSaid) return differs(header)
  }
  const missing = isRequired ? declared.find(({ header }) => !headers.has(header)) : undefined
  return missing && `${visible(missing.header)} is not there`
}

/** Numbers are compared as numbers: `42.0` is `42`. */
function isSame(sent: string, value: string): boolean {
  const decimal = /^-?\d+(?:\.\d+)?$/
  return sent === value || (decimal.test(sent) && decimal.test(value) && Number(sent) === Number(value))
}

interface MirroredArgument {
  /** The whole name of the header. */
  readonly header: string
  readonly value: string
}

const prefix = 'mcp-param-'
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/
const deepest = 16

/** The arguments of a call whose properties in the schema have `x-mcp-header`, as far as they are there and are of a plain type. */
function mirroredArguments({ method, params }: Call, inputSchema: JsonObject | undefined): readonly MirroredArgument[] {
  const args = ownObject(params, 'arguments')
  if (method !== 'tools/call' || inputSchema === undefined || args === undefined) return []
  const found: MirroredArgument[] = []
  const visit = (schema: JsonObject, values: JsonObject, depth: number): void => {
    for (const [property, sub] of Object.entries(ownObject(schema, 'properties') ?? {})) {
      const value = own(values, property)
      if (!isJsonObject(sub) || value === undefined) continue
      const name = ownString(sub, 'x-mcp-header')
      const text = plainText(value)
      if (name !== undefined && token.test(name) && text !== undefined) {
        found.push({ header: `Mcp-Param-${name}`, value: text })
      }
      if (isJsonObject(value) && depth < deepest) visit(sub, value, depth + 1)
    }
  }
  visit(inputSchema, args, 0)
  return found
}

/** All that is of a plain type in a value. */
function* texts(value: JsonValue): Generator<string> {
  const text = plainText(value)
  if (text !== undefined) yield text
  else if (isArray(value)) for (const element of value) yield* texts(element)
  else if (isJsonObject(value)) for (const member of Object.values(value)) yield* texts(member)
}

function plainText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number') return undefined
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value)
}

const encoded = /^=\?base64\?(.*)\?=$/s

function encodeHeader(value: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(value) && value.trim() === value && !encoded.test(value)
  return isPlain ? value : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Undefined for what nobody could have encoded. */
function decodeHeader(value: string): string | undefined {
  const text = encoded.exec(value)?.[1]
  if (text === undefined) return value
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) return undefined
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}
