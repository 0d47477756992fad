import type { JsonObject } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { statelessVersionOf } from '../gateway/inspection.ts'
import type { Message } from '../protocol/message.ts'
import { own, ownObject, ownString } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'

/** MCP 2026-07-28, Streamable HTTP: the headers and the body of a request say different things. */
export const headerMismatch = -32020

const prefix = 'mcp-param-'

/** The parameter that `Mcp-Name` repeats. */
const named: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/**
 * Compares the headers that repeat parts of a request with its body: whoever looks at the headers only, as a proxy does, must not see
 * another request than the one that is judged. From 2026-07-28 on they have to be there.
 *
 * @param inputSchema that of the tool, where it is known, which names the arguments that are repeated
 * @returns what differs; undefined when nothing does
 */
export function headerProblem(message: Message, headers: Headers, inputSchema: unknown): string | undefined {
  if (message.kind !== 'request' && message.kind !== 'notification') return undefined
  const { method, params } = message
  const version = statelessVersionOf(params)
  const isRequired = version !== undefined && message.kind === 'request'
  const name = named.get(method)
  return (
    differs('Mcp-Method', headers, method, isRequired) ??
    (version === undefined ? undefined : differs('MCP-Protocol-Version', headers, version, isRequired)) ??
    differs('Mcp-Name', headers, name && ownString(params, name), isRequired) ??
    paramProblem(
      method === 'tools/call' ? (ownObject(params, 'arguments') ?? {}) : {},
      headers,
      inputSchema,
      isRequired,
    )
  )
}

/** @param value in the body; undefined where there is none, and then none may be in the header */
function differs(header: string, headers: Headers, value: string | undefined, isRequired: boolean): string | undefined {
  const sent = headers.get(header)
  if (sent === null) return isRequired && value !== undefined ? `${header} is not there` : undefined
  return value !== undefined && decoded(sent) === value ? undefined : `${header} is not what the body says`
}

function paramProblem(
  args: JsonObject,
  headers: Headers,
  inputSchema: unknown,
  isRequired: boolean,
): string | undefined {
  const declared = isJsonObject(inputSchema) ? declaredHeaders(inputSchema) : undefined
  for (const [header, sent] of headers) {
    if (!header.startsWith(prefix)) continue
    const path = declared?.get(header)
    const values = path === undefined ? [...primitives(args)] : [valueAt(args, path)]
    const value = decoded(sent)
    if (value === undefined || !values.some((one) => isWritten(value, one))) {
      return `${visible(header)} is not what the body says`
    }
  }
  for (const [header, path] of isRequired ? (declared ?? []) : []) {
    if (isPrimitive(valueAt(args, path)) && !headers.has(header)) return `${visible(header)} is not there`
  }
  return undefined
}

/** The headers that a schema declares (`x-mcp-header`), in lower case, and the arguments that they repeat. */
function declaredHeaders(schema: JsonObject, path: readonly string[] = []): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const [name, property] of Object.entries(ownObject(schema, 'properties') ?? {})) {
    if (!isJsonObject(property)) continue
    const header = ownString(property, 'x-mcp-header')
    if (header !== undefined) found.set(prefix + header.toLowerCase(), [...path, name])
    for (const [inner, where] of declaredHeaders(property, [...path, name])) found.set(inner, where)
  }
  return found
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isJsonObject(at) ? own(at, name) : undefined), value)
}

function isPrimitive(value: unknown): value is string | boolean | number | bigint {
  return ['string', 'boolean', 'number', 'bigint'].includes(typeof value)
}

function* primitives(value: unknown): Generator<unknown> {
  if (isPrimitive(value)) yield value
  else if (isArray(value)) for (const element of value) yield* primitives(element)
  else if (isJsonObject(value)) for (const member of Object.values(value)) yield* primitives(member)
}

function isWritten(text: string, value: unknown): boolean {
  if (!isPrimitive(value)) return false
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) === value : text === String(value)
}

/** What has no place in a header is sent as `=?base64?…?=`. Undefined where that is malformed. */
function decoded(value: string): string | undefined {
  const [, base64] = /^=\?base64\?(.*)\?=$/s.exec(value) ?? []
  if (base64 === undefined) return value
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}
