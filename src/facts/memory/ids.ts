import type { Numbers } from '../table.ts'
import type { KeyTable } from './key-table.ts'

/** Numbers by key. Those of a request's entities are kept apart, and no longer than it. */
export interface Ids extends Numbers {
  readonly lasting: KeyTable
  readonly passing: Map<string, number>
  /** The keys of `passing`. */
  readonly passingKeys: Map<number, string>
}

export function newIds(lasting: KeyTable): Ids {
  const passing = new Map<string, number>()
  const entries = () => [...lasting, ...passing]
  return {
    lasting,
    passing,
    passingKeys: new Map(),
    get: (key) => lasting.get(key) ?? (passing.size === 0 ? undefined : passing.get(key)),
    [Symbol.iterator]: () => entries().values(),
  }
}
