import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isJsonObject, stringifyJson } from '../../../base/json.ts'

/** JSON-RPC 2.0, section 4, as MCP narrows it: never null, never a fraction. */
export type Id = string | number

/** One JSON-RPC message, told apart by its members; what fits no form, or more than one, is invalid. */
export type Message =
  | { readonly kind: 'request'; readonly id: Id; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'result'; readonly id: Id; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly id: Id; readonly error: RpcError }
  /** `isAnswer`: it can only have been meant as the answer to the request with this id. */
  | { readonly kind: 'invalid'; readonly id: Id | undefined; readonly why: string; readonly isAnswer: boolean }

export interface RpcError {
  readonly code: number
  readonly message: string
  readonly data?: JsonValue
}

const longestId = 256
const longestMethod = 256

/** Reads a JSON value as a message. Batches are refused: revisions of MCP since 2025-06-18 do not have them. */
export function readMessage(value: JsonValue): Message {
  if (Array.isArray(value)) return invalid(undefined, 'batches are not part of the protocol')
  if (!isJsonObject(value)) return invalid(undefined, 'a message is an object')
  const id = isId(own(value, 'id')) ? (own(value, 'id') as Id) : undefined
  if (own(value, 'jsonrpc') !== '2.0') return invalid(id, '`jsonrpc` is not "2.0"')
  const forms = ['method', 'result', 'error'].filter((member) => Object.hasOwn(value, member))
  if (forms.length !== 1) {
    return invalid(id, 'a message has one of `method`, `result` and `error`', !forms.includes('method'))
  }
  const hasId = Object.hasOwn(value, 'id')
  if (hasId && id === undefined) return invalid(undefined, 'an id is a string or an integer')
  if (forms[0] === 'method') return readCall(value, hasId ? id : undefined)
  if (id === undefined) return invalid(undefined, 'a response without an id')
  const result = own(value, 'result')
  if (isJsonObject(result)) return { kind: 'result', id, result }
  const error = own(value, 'error')
  if (isJsonObject(error) && isRpcError(error)) return { kind: 'error', id, error: errorOf(error) }
  return invalid(id, 'a response has an object as its `result` or its `error`', true)
}

function readCall(value: JsonObject, id: Id | undefined): Message {
  const method = own(value, 'method')
  const params = own(value, 'params') ?? {}
  if (typeof method !== 'string' || method.length > longestMethod) return invalid(id, '`method` is not a name')
  if (!isJsonObject(params)) return invalid(id, '`params` is not an object')
  return id === undefined ? { kind: 'notification', method, params } : { kind: 'request', id, method, params }
}

function invalid(id: Id | undefined, why: string, isAnswer = false): Message {
  return { kind: 'invalid', id, why, isAnswer }
}

export function isId(value: JsonValue | undefined): value is Id {
  return typeof value === 'string' ? value.length <= longestId : Number.isSafeInteger(value)
}

/** Tells `1` from `"1"`. */
export function idKey(id: Id): string {
  return JSON.stringify(id)
}

/** Only what was looked at: a `Code` beside the `code` is the code to a reader that does not mind case. */
function errorOf({ code, message, data }: RpcError): RpcError {
  return { code, message, ...(data === undefined ? {} : { data }) }
}

function isRpcError(value: JsonObject): value is JsonObject & RpcError {
  return Number.isSafeInteger(own(value, 'code')) && typeof own(value, 'message') === 'string'
}

/** An own member: a name from the wire never reaches a prototype. */
export function own(object: JsonObject, member: string): JsonValue | undefined {
  return Object.hasOwn(object, member) ? object[member] : undefined
}

export function ownObject(object: JsonObject, member: string): JsonObject | undefined {
  const value = own(object, member)
  return isJsonObject(value) ? value : undefined
}

export function ownString(object: JsonObject, member: string): string | undefined {
  const value = own(object, member)
  return typeof value === 'string' ? value : undefined
}

/** The members of an object that are among these, in this order. What was not looked at is not passed on. */
export function pick(object: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(
    members.flatMap((member) => (Object.hasOwn(object, member) ? [[member, object[member] as JsonValue]] : [])),
  )
}

export function request(id: Id, method: string, params: JsonObject): JsonObject {
  return { jsonrpc: '2.0', id, method, ...given(params) }
}

export function notification(method: string, params: JsonObject = {}): JsonObject {
  return { jsonrpc: '2.0', method, ...given(params) }
}

function given(params: JsonObject): { readonly params?: JsonObject } {
  return Object.keys(params).length === 0 ? {} : { params }
}

export function result(id: Id, value: JsonObject): JsonObject {
  return { jsonrpc: '2.0', id, result: value }
}

/** `id` null is for a message whose id could not be read (JSON-RPC 2.0, section 5). */
export function failure(id: Id | undefined, error: RpcError): JsonObject {
  return { jsonrpc: '2.0', id: id ?? null, error: { ...error } }
}

/** One line of the stdio transport, without its newline. */
export function writeMessage(message: JsonObject): string {
  return stringifyJson(message)
}
