import type { JsonObject } from '../../../base/json.ts'
import { internalError } from '../protocol/denial.ts'
import type { Id, Message, RpcError } from '../protocol/message.ts'
import { failure, idKey, notification, request } from '../protocol/message.ts'
import { isConfirmed } from './confirmation.ts'
import type { Verdict } from './enforcement.ts'

/** Requests of the client that wait for its user to confirm them (2025-11-25: the guard asks by a request of its own). */
export interface Confirmations {
  /**
   * Asks about a request.
   *
   * @returns undefined when too many wait
   */
  ask(id: Id, asking: Asking): Verdict | undefined
  /** Takes what answers a question of ours; false for any other message. Resolves when what waited has been judged. */
  answer(message: Message): Promise<boolean>
  /** The client has lost interest in a request that waits. */
  cancel(id: Id): boolean
  isWaiting(id: Id): boolean
  /** Answers all that wait: the server is gone. */
  closeAll(error: RpcError): void
}

interface Asking {
  /** The parameters of `elicitation/create`. */
  readonly form: JsonObject
  /** Whether a yes counts: asked when it comes, for the client that answers need not be the one that was asked. */
  readonly counts: () => boolean
  /** Judges the request once more, when the user has said yes. */
  readonly judge: () => Promise<Verdict>
  /** The answer when the user has not. */
  readonly denied: () => RpcError
}

const mostWaiting = 100
/** Milliseconds. */
const patience = 5 * 60 * 1000

interface Waiting extends Omit<Asking, 'form'> {
  readonly id: Id
  readonly settle: (verdict: Verdict) => void
}

/** @param numbers those of all requests that the client gets */
export function createConfirmations(numbers: { next: number }): Confirmations {
  const waiting = new Map<number, Waiting>()

  const close = (number: number): Waiting | undefined => {
    const found = waiting.get(number)
    waiting.delete(number)
    return found
  }
  const takeBack = (number: number, then: Verdict): Verdict => ({
    kind: 'hold',
    message: notification('notifications/cancelled', { requestId: number }),
    later: Promise.resolve(then),
  })
  const numberOf = (id: Id): number | undefined => {
    for (const [number, one] of waiting) if (idKey(one.id) === idKey(id)) return number
    return undefined
  }
  return {
    ask: (id, { form, counts, judge, denied }) => {
      if (waiting.size >= mostWaiting) return undefined
      const number = numbers.next++
      const later = new Promise<Verdict>((resolve) => {
        const timer = setTimeout(() => {
          const answer: Verdict = { kind: 'answer', message: failure(id, denied()) }
          if (close(number) !== undefined) resolve(takeBack(number, answer))
        }, patience)
        timer.unref()
        const settle = (verdict: Verdict): void => {
          clearTimeout(timer)
          resolve(verdict)
        }
        waiting.set(number, { id, counts, judge, denied, settle })
      })
      return { kind: 'hold', message: request(number, 'elicitation/create', form), later }
    },
    answer: async (message) => {
      const number = answeredNumber(message)
      const found = number === undefined ? undefined : close(number)
      if (found === undefined) return false
      const { id, counts, judge, denied, settle } = found
      if (message.kind === 'result' && isConfirmed(message.result) && counts()) {
        try {
          settle(await judge())
        } catch (thrown) {
          settle({ kind: 'answer', message: failure(id, { code: internalError, message: 'internal error' }) })
          throw thrown
        }
      } else settle({ kind: 'answer', message: failure(id, denied()) })
      return true
    },
    cancel: (id) => {
      const number = numberOf(id)
      if (number === undefined) return false
      close(number)?.settle(takeBack(number, { kind: 'drop' }))
      return true
    },
    isWaiting: (id) => numberOf(id) !== undefined,
    closeAll: (error) => {
      for (const { id, settle } of waiting.values()) settle({ kind: 'answer', message: failure(id, error) })
      waiting.clear()
    },
  }
}

function answeredNumber(message: Message): number | undefined {
  if (message.kind !== 'result' && message.kind !== 'error' && message.kind !== 'invalid') return undefined
  return (message.kind !== 'invalid' || message.isAnswer) && typeof message.id === 'number' ? message.id : undefined
}
