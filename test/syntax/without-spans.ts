/** A tree without the places of its nodes, so that trees of different texts can be compared. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !/^span$|Span$/.test(key))
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutSpans(one)]))
}
