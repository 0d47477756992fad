import type { Id, Message } from '../protocol/message.ts'

/**
 * What a session's streams have brought and may bring again: a client that has lost one takes it up where it was (`Last-Event-ID`), and the
 * server then repeats what it has sent. What has been judged once is passed on as it was then.
 */
export interface Replays {
  keep(message: Message, text: string): void
  find(message: Message): string | undefined
}

const longestKept = 1024 * 1024
const mostKept = 10_000
const mostCharacters = 32 * 1024 * 1024

/**
 * Past the bounds, which are those of all sessions together, the oldest are forgotten; what is then repeated is an answer to nothing, and
 * dropped.
 *
 * @returns makes those of one session
 */
export function createReplays(): () => Replays {
  const kept = new Map<string, string>()
  let characters = 0
  let sessions = 0
  return () => {
    const session = sessions++
    return {
      keep: (message, text) => {
        const key = keyOf(session, message)
        if (key === undefined || text.length > longestKept || kept.has(key)) return
        kept.set(key, text)
        characters += text.length
        for (const [oldest, old] of kept) {
          if (kept.size <= mostKept && characters <= mostCharacters) break
          kept.delete(oldest)
          characters -= old.length
        }
      },
      find: (message) => {
        const key = keyOf(session, message)
        return key === undefined ? undefined : kept.get(key)
      },
    }
  }
}

/** Requests of the server, and its answers: each has a number that it gives once. */
function keyOf(session: number, message: Message): string | undefined {
  const key = (kind: string, id: Id) => JSON.stringify([session, kind, id])
  switch (message.kind) {
    case 'request':
      return key('request', message.id)
    case 'result':
    case 'error':
      return key('answer', message.id)
    default:
      return undefined
  }
}
