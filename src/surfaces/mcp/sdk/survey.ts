import { listNames } from '../../../lock/format.ts'
import type { Definitions } from '../enforcement/definitions.ts'
import { type Ask, statelessMeta, statelessVersionOf, wholeList } from '../gateway/inspection.ts'
import type { Message } from '../protocol/message.ts'
import { clientRequests } from '../protocol/methods.ts'
import { visible } from '../protocol/visible.ts'

/** Asks a server what it offers, before anybody may use any of it, where a lock says what it should be. */
export interface Survey {
  /** Resolves when the message may be judged: at once where nothing is locked, or the message uses nothing. Never rejects. */
  before(message: Message, ask: Ask): Promise<void>
  /** What the server offers may be something else now: it is asked again before the next use. */
  changed(): void
}

/** @param patience milliseconds that a use waits at most; what has not been seen by then cannot be used */
export function createSurvey(definitions: Definitions, report: (problem: string) => void, patience = 10_000): Survey {
  let known: Promise<boolean> | undefined
  const look = (ask: Ask, version: string | undefined): Promise<boolean> => {
    const looking = within(patience, complete(definitions, ask, version)).then(
      () => true,
      (thrown: unknown) => {
        report(`what the server offers is not known: ${visible(thrown instanceof Error ? thrown.message : '')}`)
        if (known === looking) known = undefined
        return false
      },
    )
    return looking
  }
  return {
    before: async (message, ask) => {
      if (!definitions.isLocked || message.kind !== 'request') return
      const handling = clientRequests.get(message.method)
      if (handling === undefined || handling.kind === 'pass') return
      // What a request of somebody else has not found out, since they have given it up, say, is found out by this one itself.
      if (known !== undefined && (await known)) return
      const looking = look(ask, statelessVersionOf(message.params))
      known ??= looking
      await looking
    },
    changed: () => {
      known = undefined
    },
  }
}

async function complete(definitions: Definitions, ask: Ask, version: string | undefined): Promise<void> {
  const meta = version === undefined ? undefined : statelessMeta(version)
  for (const list of listNames) {
    const { items, problem } = await wholeList(ask, list, meta)
    if (items === undefined) throw new Error(problem)
    definitions.complete(list, items)
  }
}

function within(milliseconds: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it takes too long to tell')), milliseconds)
  })
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}
