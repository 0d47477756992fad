import type { JsonObject, JsonValue } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'

/**
 * What readers make of a name that do not compare it exactly: Go and .NET match members without regard to case, Go with the
 * Unicode letters that fold to ASCII, and some end a name at U+0000 (CVE-2026-27896, GO-2026-4770).
 */
export function folded(name: string): string {
  return name.replaceAll('\0', '').toUpperCase().toLowerCase()
}

/** A member that such a reader takes for one of these, and that is none of them. */
export function misspelt(object: JsonObject, names: Iterable<string>): string | undefined {
  const exact = new Set(names)
  const meant = new Set([...exact].map(folded))
  return Object.keys(object).find((member) => !exact.has(member) && meant.has(folded(member)))
}

/** Whether such a reader takes two members for one, anywhere in a value. */
export function hasTwins(value: JsonValue): boolean {
  if (isArray(value)) return value.some(hasTwins)
  if (!isJsonObject(value)) return false
  const members = Object.keys(value)
  return new Set(members.map(folded)).size < members.length || Object.values(value).some(hasTwins)
}
