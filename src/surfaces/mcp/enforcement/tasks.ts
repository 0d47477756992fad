import type { Id } from '../protocol/message.ts'
import type { Held } from './continuation.ts'
import type { Question } from './judge.ts'

/** The request that created a task: whatever is asked about the task is decided as this request. */
interface TaskOrigin {
  readonly question: Question
  /** What the request took, and has used up. */
  readonly held?: Held
  /** For whom: the key of the principal. */
  readonly heldFor?: string
  /** Stays in use for as long as the task lives. */
  readonly progressToken?: Id
}

/** The tasks of one person, by the ids that their receiver gave them. The oldest is forgotten past the bound, and then denied. */
export interface Tasks {
  add(id: string, origin: TaskOrigin): void
  find(id: string): TaskOrigin | undefined
  hasProgressToken(token: Id): boolean
}

const mostTasks = 1000
const longestTaskId = 1024

export function createTasks(): Tasks {
  const origins = new Map<string, TaskOrigin>()
  return {
    add: (id, origin) => {
      // The first origin stays: a receiver that gives one id twice must not move a task to a request that may do more.
      if (id.length > longestTaskId || origins.has(id)) return
      const [oldest] = origins.keys()
      if (origins.size >= mostTasks && oldest !== undefined) origins.delete(oldest)
      origins.set(id, origin)
    },
    find: (id) => origins.get(id),
    hasProgressToken: (token) => [...origins.values()].some(({ progressToken }) => progressToken === token),
  }
}

/**
 * The tasks of a person as one principal has them, by its key. What was approved for a call through one agent is for no other: whoever else
 * acts for the person is judged without it.
 */
export function tasksFor(tasks: Tasks, key: string): Tasks {
  return {
    ...tasks,
    add: (id, origin) => tasks.add(id, { ...origin, heldFor: key }),
    find: (id) => {
      const origin = tasks.find(id)
      if (origin === undefined || origin.heldFor === key) return origin
      const { held: _, ...others } = origin
      return others
    },
  }
}
