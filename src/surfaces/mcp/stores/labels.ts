/**
 * Where the labels of sessions are kept. A session is a person (`iss`, `sub` and `tenant`), on all servers of all gateways that share
 * the store; its key is made by the guard, never by a client.
 */
export interface LabelStore {
  /** The labels now: asked for each message, and never remembered. */
  read(session: string): Iterable<string> | Promise<Iterable<string>>
  /** Adds labels, in one call, and lets all of the session's live on for the store's time to live. */
  commit(session: string, labels: readonly string[]): void | Promise<void>
}

const mostSessions = 100_000
const day = 24 * 60 * 60 * 1000

export interface MemoryLabelsOptions {
  /** Milliseconds that labels stay after the last one was set; a day when left out. */
  readonly timeToLive?: number
  /** Milliseconds, never going back. */
  readonly clock?: () => number
}

/** Labels in memory, for one process. Past 100,000 sessions that live, a new one is refused: forgetting one would lift what restricts it. */
export function memoryLabels({
  timeToLive = day,
  clock = () => performance.now(),
}: MemoryLabelsOptions = {}): LabelStore {
  /** In the order in which they expire. */
  const sessions = new Map<string, { readonly labels: ReadonlySet<string>; readonly expires: number }>()

  const live = (session: string): ReadonlySet<string> => {
    const found = sessions.get(session)
    return found !== undefined && found.expires > clock() ? found.labels : new Set()
  }
  const forgetExpired = (now: number): void => {
    for (const [session, { expires }] of sessions) {
      if (expires > now) return
      sessions.delete(session)
    }
  }
  return {
    read: live,
    commit: (session, labels) => {
      const all = new Set([...live(session), ...labels])
      const now = clock()
      forgetExpired(now)
      sessions.delete(session)
      if (sessions.size >= mostSessions) throw new Error('there are too many sessions')
      sessions.set(session, { labels: all, expires: now + timeToLive })
    },
  }
}
