import type { JsonObject } from '../../../base/json.ts'
import type { ItemList } from '../../../lock/format.ts'
import type { Definitions } from '../enforcement/definitions.ts'
import { ownObject } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { type Ask, offeredLists, statelessMeta, wholeList } from './inspection.ts'

/** Lists what the server offers, for itself and before the client may ask for any of it, and again whenever a list has changed. */
export interface Inspector {
  /** What the server offers is about to become known: whoever asks for an item has to wait. */
  readonly isBusy: boolean
  /** The client has sent `initialize`. */
  expect(): void
  /** The client and the server have shaken hands. */
  begin(): void
  /** The client speaks a revision without a handshake. */
  beginStateless(version: string): void
  /** The server has told that these are no longer what they were; all, when the lock is another one. */
  changed(lists?: readonly ItemList[]): void
}

export interface InspectorOptions {
  readonly ask: Ask
  readonly definitions: Definitions
  readonly report: (problem: string) => void
  /** Called whenever `isBusy` has become false. */
  readonly onSettled: () => void
  /** Milliseconds after which nobody waits any longer; what has not been seen by then cannot be used. */
  readonly patience?: number
}

export function createInspector(options: InspectorOptions): Inspector {
  const { ask, definitions, report, onSettled, patience = 10_000 } = options
  let isBusy = false
  let deadline: NodeJS.Timeout | undefined
  let meta: JsonObject | undefined
  let lists: readonly ItemList[] = []
  let isRunning = false
  let hasBegun = false
  const wanted = new Set<ItemList>()
  let reading: ItemList | undefined

  const wait = (): void => {
    if (isBusy || !definitions.isLocked) return
    isBusy = true
    deadline = setTimeout(() => {
      report('the server does not tell what it offers: until it does, nothing of it can be used')
      forgetPending()
      settle()
    }, patience)
  }
  /** What nobody waits for any longer is not what it was. */
  const forgetPending = (): void => {
    for (const list of wanted) definitions.complete(list, [])
    if (reading !== undefined) definitions.complete(reading, [])
  }
  const settle = (): void => {
    clearTimeout(deadline)
    if (!isBusy) return
    isBusy = false
    onSettled()
  }
  const run = async (): Promise<void> => {
    if (isRunning || !definitions.isLocked) return
    isRunning = true
    wait()
    // A list that changes while it is read is read once more, however often it has changed.
    for (let [list] = wanted; list !== undefined; [list] = wanted) {
      wanted.delete(list)
      reading = list
      const { items = [], problem } = await wholeList(ask, list, meta)
      definitions.complete(list, items)
      if (problem !== undefined) report(`what the server offers is not known: ${visible(problem)}`)
    }
    reading = undefined
    isRunning = false
    settle()
  }
  const want = (asked: readonly ItemList[]): void => {
    for (const list of asked) wanted.add(list)
    if (isRunning && !isBusy) forgetPending()
    void run()
  }
  return {
    get isBusy() {
      return isBusy
    },
    expect: wait,
    begin: () => {
      hasBegun = true
      meta = undefined
      lists = offeredLists(definitions.capabilities)
      want(lists)
    },
    beginStateless: (version) => {
      // Not for a client that only says so after a handshake: what is known of the server stays.
      if (hasBegun) return
      hasBegun = true
      meta = statelessMeta(version)
      wait()
      void ask('server/discover', { _meta: meta }).then(({ result, error }) => {
        if (result === undefined) report(`the server does not tell what it offers: ${visible(error.message)}`)
        else definitions.seeServer(result, undefined)
        lists = offeredLists(result && ownObject(result, 'capabilities'))
        want(lists)
      })
    },
    changed: (some = lists) => want(some.filter((list) => lists.includes(list))),
  }
}
