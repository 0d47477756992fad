import { internalError, unavailable } from '../protocol/denial.ts'
import { failure, type Message } from '../protocol/message.ts'
import { StoreFailure } from '../stores/answering.ts'
import type { Verdict } from './enforcement.ts'

/** Judges one message after another. Whatever goes wrong in that, the message does not pass, and the next one is judged. */
export function inOrder(
  report: (problem: string) => void,
): (message: Message, judge: () => Promise<Verdict>) => Promise<Verdict> {
  let last: Promise<unknown> = Promise.resolve()
  return (message, judge) => {
    const verdict = last.then(judge).catch((thrown: unknown): Verdict => {
      report(`a message could not be judged: ${thrown instanceof Error ? thrown.message : ''}`)
      if (message.kind !== 'request') return { kind: 'drop' }
      const told =
        thrown instanceof StoreFailure ? unavailable(thrown.told) : { code: internalError, message: 'internal error' }
      return { kind: 'answer', message: failure(message.id, told) }
    })
    last = verdict
    return verdict
  }
}
