import type { JsonValue } from '../base/json.ts'
import { isArray, isJsonObject } from '../base/json.ts'
import { decodePercent } from '../ir/canonical-uri.ts'

/**
 * The value that a JSON Pointer in a URI fragment leads to (RFC 6901, section 6), own properties only.
 *
 * @param fragment with its `#`; `#` alone is the whole value
 * @returns undefined where it leads nowhere or is no pointer
 */
export function resolvePointer(root: JsonValue, fragment: string): JsonValue | undefined {
  const pointer = decodePercent(fragment.slice(1))
  if (pointer === undefined) return undefined
  if (pointer === '') return root
  if (!pointer.startsWith('/')) return undefined
  let value: JsonValue = root
  for (const token of pointer.slice(1).split('/')) {
    const step = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (isArray(value)) {
      const item: JsonValue | undefined = /^(?:0|[1-9][0-9]*)$/.test(step) ? value[Number(step)] : undefined
      if (item === undefined) return undefined
      value = item
    } else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step] as JsonValue
    else return undefined
  }
  return value
}
