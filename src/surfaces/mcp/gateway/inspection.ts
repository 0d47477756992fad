import type { JsonObject } from '../../../base/json.ts'
import { isArray, isJsonObject, stringifyJson } from '../../../base/json.ts'
import type { ItemList } from '../../../lock/format.ts'
import type { Answer } from '../enforcement/enforcement.ts'
import { own, ownObject, ownString } from '../protocol/message.ts'

/** Sends a request of ours to the server. */
export type Ask = (method: string, params: JsonObject) => Promise<Answer>

const methodOf: Readonly<Record<ItemList, string>> = {
  tools: 'tools/list',
  prompts: 'prompts/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
}

/** The newest revision that has `initialize`, and the one that has `server/discover` instead. */
export const handshakeVersion = '2025-11-25'
export const statelessVersion = '2026-07-28'

const mostPages = 500
const mostItems = 50_000
/** Characters, as in a lock file: what is longer could not be locked. */
const largestList = 16 * 1024 * 1024

/** `_meta` of every request, in the revisions that have no handshake. */
export function statelessMeta(version: string): JsonObject {
  return {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': ourselves,
    'io.modelcontextprotocol/clientCapabilities': {},
  }
}

export const ourselves: JsonObject = { name: 'licet', version: '0.1.0' }

/** The lists that a server says it has. */
export function offeredLists(capabilities: JsonObject | undefined): readonly ItemList[] {
  const has = (capability: string) => capabilities !== undefined && Object.hasOwn(capabilities, capability)
  return [
    ...(has('tools') ? (['tools'] as const) : []),
    ...(has('prompts') ? (['prompts'] as const) : []),
    ...(has('resources') ? (['resources', 'resourceTemplates'] as const) : []),
  ]
}

export type WholeList =
  | { readonly items: readonly JsonObject[]; readonly problem?: undefined }
  | { readonly problem: string; readonly items?: undefined }

/** Fetches all pages of a list. A server that refuses a list has none; one whose pages never end has a problem. */
export async function wholeList(ask: Ask, list: ItemList, meta: JsonObject | undefined): Promise<WholeList> {
  const items: JsonObject[] = []
  const seen = new Set<string>()
  let cursor: string | undefined
  let size = 0
  for (let page = 0; page < mostPages; page++) {
    const params = { ...(cursor === undefined ? {} : { cursor }), ...(meta === undefined ? {} : { _meta: meta }) }
    const { result, error } = await ask(methodOf[list], params)
    if (error !== undefined) {
      return page === 0 && error.code === -32601 ? { items } : { problem: `${methodOf[list]} failed: ${error.message}` }
    }
    const sent = own(result, list)
    if (!isArray(sent)) return { problem: `${methodOf[list]} was answered without a list` }
    for (const item of sent) if (isJsonObject(item)) items.push(item)
    cursor = ownString(result, 'nextCursor')
    size += stringifyJson(sent).length + (cursor?.length ?? 0)
    if (size > largestList) return { problem: `${methodOf[list]} has more than 16 MiB` }
    if (cursor === undefined) return { items }
    if (seen.has(cursor) || items.length > mostItems) break
    seen.add(cursor)
  }
  return { problem: `${methodOf[list]} does not come to an end` }
}

/** The version that a request names by itself; undefined in the revisions that begin with `initialize`. */
export function statelessVersionOf(params: JsonObject): string | undefined {
  return ownString(ownObject(params, '_meta') ?? {}, 'io.modelcontextprotocol/protocolVersion')
}
