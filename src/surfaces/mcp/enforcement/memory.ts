import { createTasks, type Tasks } from './tasks.ts'

/** What is remembered of one person from one connection to the next. */
export interface Remembered {
  readonly labels: Set<string>
  readonly tasks: Tasks
  /** Ids of elicitations that the client was shown. */
  readonly elicitations: Set<string>
}

/** What is remembered of the persons that use one server, by their keys. In memory, for one process. */
export interface Memory {
  /** @throws RangeError when there is no room: to forget a label would let through what it forbids */
  of(key: string): Remembered
}

const mostPersons = 10_000

export function createMemory(): Memory {
  const byKey = new Map<string, Remembered>()
  return {
    of: (key) => {
      const known = byKey.get(key)
      if (known !== undefined) return known
      if (byKey.size >= mostPersons) {
        const unlabelled = [...byKey].find(([, { labels }]) => labels.size === 0)
        if (unlabelled === undefined) throw new RangeError('too many persons have labels')
        byKey.delete(unlabelled[0])
      }
      const remembered = { labels: new Set<string>(), tasks: createTasks(), elicitations: new Set<string>() }
      byKey.set(key, remembered)
      return remembered
    },
  }
}
