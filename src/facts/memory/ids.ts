/**
 * Numbers by key. Those of a request's entities are kept apart: a Map to which keys are added and taken out again all the time gets
 * slower with each, until it happens to make itself anew.
 */
export interface Ids extends ReadonlyMap<string, number> {
  readonly lasting: Map<string, number>
  passing: Map<string, number>
}

export function newIds(): Ids {
  const lasting = new Map<string, number>()
  const entries = () => [...lasting, ...ids.passing]
  const ids: Ids = {
    lasting,
    passing: new Map(),
    get: (key) => lasting.get(key) ?? ids.passing.get(key),
    has: (key) => lasting.has(key) || ids.passing.has(key),
    get size() {
      return lasting.size + ids.passing.size
    },
    forEach: (visit) => {
      for (const [key, number] of entries()) visit(number, key, ids)
    },
    entries: () => entries().values(),
    keys: () =>
      entries()
        .map(([key]) => key)
        .values(),
    values: () =>
      entries()
        .map(([, number]) => number)
        .values(),
    [Symbol.iterator]: () => entries().values(),
  }
  return ids
}
