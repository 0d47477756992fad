import { isScalar, scalarKey } from './scalar-key.ts'
import type { EvaluationError, SetValue, Value } from './value.ts'

/**
 * A set of these members, the first of equal scalars kept. Sets and records among them are not compared here: that would
 * read all their fields, wanted or not. `setSize` does.
 */
export function setOf(members: Iterable<Value>, gap?: EvaluationError): SetValue {
  const kept: Value[] = []
  const seen = new Set<string>()
  for (const member of members) {
    if (isScalar(member)) {
      const key = scalarKey(member)
      if (seen.has(key)) continue
      seen.add(key)
    }
    kept.push(member)
  }
  return gap === undefined ? { kind: 'set', members: kept } : { kind: 'set', members: kept, gap }
}
