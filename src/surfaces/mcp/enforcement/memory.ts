import { createTasks, type Tasks } from './tasks.ts'

/** What is remembered of one person from one connection to the next. */
export interface Remembered {
  readonly tasks: Tasks
  /** Ids of elicitations that the client was shown. */
  readonly elicitations: Set<string>
}

/** What is remembered of the persons that use one server, by their keys. In memory, for one process. */
export interface Memory {
  of(key: string): Remembered
}

const mostPersons = 10_000

/** Past the bound the one who has not connected for longest is forgotten: their tasks are then denied. */
export function createMemory(): Memory {
  const byKey = new Map<string, Remembered>()
  return {
    of: (key) => {
      const remembered = byKey.get(key) ?? { tasks: createTasks(), elicitations: new Set<string>() }
      byKey.delete(key)
      const [longest] = byKey.keys()
      if (byKey.size >= mostPersons && longest !== undefined) byKey.delete(longest)
      byKey.set(key, remembered)
      return remembered
    },
  }
}
