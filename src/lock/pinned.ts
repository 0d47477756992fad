import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { ItemList, Lock } from './format.ts'

/**
 * What of an item is pinned: everything that the server sent, schemas and `_meta` included, so that nothing drifts unseen. Left
 * out is only what changes with the content of a resource, not with its meaning: `size`, a number, and
 * `annotations.lastModified`, a date. Where either is something else, it could carry text to a model, and is pinned.
 */
export function pinnedPart(list: ItemList, item: JsonObject): JsonObject {
  if (list !== 'resources' && list !== 'resourceTemplates') return item
  const { annotations } = item
  const entries = Object.entries(item).filter(([key, value]) => key !== 'size' || typeof value !== 'number')
  const part = Object.fromEntries(entries)
  if (!isJsonObject(annotations) || !isDate(annotations.lastModified)) return part
  const { lastModified: _, ...others } = annotations
  return { ...part, annotations: others }
}

function isDate(value: unknown): boolean {
  return (
    typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{5,16}(?:Z|[+-][0-9:]{4,6})?)?$/.test(value)
  )
}

/** What of a server is pinned; its name and version, which change with every release, are not. */
export type PinnedServer = Pick<Lock, 'reached' | 'protocolVersion' | 'instructions'>

export function pinnedServer({ reached, protocolVersion, instructions }: PinnedServer): JsonObject {
  return {
    ...(reached === undefined ? {} : { reached: { ...reached } }),
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    ...(instructions === undefined ? {} : { instructions }),
  }
}
