import { idKey, isId, type Message, own } from '../protocol/message.ts'
import { clientRequests } from '../protocol/methods.ts'
import type { Arrival } from './side.ts'

/** A message that has been read, and where it came from. */
export type Read = Omit<Arrival, 'incoming'> & { readonly message: Message; readonly text: string }

/** Requests of the client that wait until it is known what the server offers. */
export interface WaitingRoom {
  /** Whether the message has to wait: it asks for something, and others wait or the server is being looked at. */
  mustWait(message: Message, isBusy: boolean): boolean
  /** False when there is no room. */
  enter(read: Read): boolean
  /** Takes back a request that still waits. */
  cancel(message: Message): boolean
  /** All that wait, in their order. */
  leave(): readonly Read[]
  readonly isEmpty: boolean
}

const mostWaiting = 1000
const mostCharacters = 16 * 1024 * 1024

export function createWaitingRoom(): WaitingRoom {
  let waiting: Read[] = []
  let characters = 0
  return {
    mustWait: (message, isBusy) => {
      if (message.kind !== 'request') return false
      const handling = clientRequests.get(message.method)
      return handling !== undefined && handling.kind !== 'pass' && (isBusy || waiting.length > 0)
    },
    enter: (read) => {
      if (waiting.length >= mostWaiting || characters + read.text.length > mostCharacters) return false
      waiting.push(read)
      characters += read.text.length
      return true
    },
    cancel: (message) => {
      if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return false
      const id = own(message.params, 'requestId')
      if (!isId(id)) return false
      const kept = waiting.filter(({ message: one }) => one.kind !== 'request' || idKey(one.id) !== idKey(id))
      const isFound = kept.length < waiting.length
      waiting = kept
      characters = kept.reduce((sum, { text }) => sum + text.length, 0)
      return isFound
    },
    leave: () => {
      const all = waiting
      waiting = []
      characters = 0
      return all
    },
    get isEmpty() {
      return waiting.length === 0
    },
  }
}
