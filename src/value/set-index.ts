import { type Kind, kindOf } from './kind.ts'
import { isScalar, scalarKey } from './scalar-key.ts'
import type { EvaluationError, SetValue, Value } from './value.ts'

/** The members of a set, hashed where they have a key, so that a comparison of two sets is not quadratic. */
export interface SetIndex {
  readonly scalars: ReadonlyMap<Kind, ReadonlySet<string>>
  readonly composites: readonly Value[]
  readonly gap: EvaluationError | undefined
}

export function indexOf(set: SetValue): SetIndex {
  const scalars = new Map<Kind, Set<string>>()
  const composites: Value[] = []
  for (const member of set.members) {
    if (!isScalar(member)) {
      composites.push(member)
      continue
    }
    const kind = kindOf(member)
    const keys = scalars.get(kind)
    if (keys === undefined) scalars.set(kind, new Set([scalarKey(member)]))
    else keys.add(scalarKey(member))
  }
  return { scalars, composites, gap: set.gap }
}
