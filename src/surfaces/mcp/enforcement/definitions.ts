import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Item } from '../../../index.ts'
import type { ItemList, Lock, Reached } from '../../../lock/format.ts'
import { itemLists, listNames } from '../../../lock/format.ts'
import { templateMatcher } from '../../../lock/locked-uri.ts'
import { own, ownObject } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { digestsOf, itemDigest } from './digest.ts'

/**
 * What the server offers now, compared with the lock. Only what has been seen in a list, and is as it was locked, can be
 * used; what has once been seen otherwise stays in quarantine until it is locked again.
 */
export interface Definitions {
  /** Without a lock nothing is compared, and the policy alone decides. */
  readonly isLocked: boolean
  /** Notes an item of a list that the server sent. */
  see(list: ItemList, item: JsonObject): void
  /** A whole list has come in: what is not in it is gone. */
  complete(list: ItemList, items: readonly JsonObject[]): void
  /** What the server says of itself in `initialize` or `server/discover`; `asked` is the version that it was asked for. */
  seeServer(answer: JsonObject, asked: string | undefined): void
  isUsable(item: Item): boolean
  /** As the server has told them; undefined before that. */
  readonly capabilities: JsonObject | undefined
  /** The server has answered `server/discover`, and never `initialize`. */
  readonly isStateless: boolean
  /** The server itself differs from the lock, or has once differed from it: nothing of it can be used. */
  readonly isServerDrifted: boolean
  /** Replaces the lock; what has been seen is compared with the new one. */
  relock(lock: Lock | undefined): void
}

/** Most items remembered per list that no lock names; the lock bounds the others. */
const mostNotes = 10_000

export function createDefinitions(
  lock: Lock | undefined,
  reached: Reached | undefined,
  report: (problem: string) => void,
): Definitions {
  let locked = lock && lockedState(lock)
  const live = new Map<ItemList, Map<string, string>>(listNames.map((list) => [list, new Map()]))
  /** By list, name and locked digest, so that locking again ends the quarantine. */
  const quarantined = new Set<string>()
  /** The last answer of either kind. */
  const answers = new Map<'handshake' | 'discovery', ServerAnswer>()
  /** By the locked digest of the server. */
  const quarantinedServers = new Set<string>()
  let isServerDrifted = false

  const judgeServer = (): void => {
    const reason = locked === undefined ? undefined : serverDrift(locked.lock, reached, [...answers.values()])
    const key = locked?.digests.server ?? ''
    if (reason !== undefined) {
      quarantinedServers.add(key)
      report(`${reason}: nothing of it is served until it is locked again (licet lock)`)
    }
    isServerDrifted = locked !== undefined && quarantinedServers.has(key)
  }
  const see = (list: ItemList, item: JsonObject): void => {
    const name = own(item, itemLists[list].key)
    if (locked === undefined || typeof name !== 'string') return
    const wanted = locked.digests[list].get(name)
    // What the lock does not name is never usable, so there is nothing to remember.
    if (wanted === undefined) {
      noteUnlocked(list, name)
      return
    }
    const digest = itemDigest(list, item) ?? ''
    live.get(list)?.set(name, digest)
    const key = JSON.stringify([list, name, wanted])
    if (digest === wanted || quarantined.has(key)) return
    quarantined.add(key)
    report(
      `the ${itemLists[list].noun} ${visible(name)} is not as it was locked: it is neither listed nor callable until it is locked again`,
    )
  }
  const unlockedNotes = new Set<string>()
  const noteUnlocked = (list: ItemList, name: string): void => {
    if (locked?.covers(list, name) === true) return
    const key = JSON.stringify([list, visible(name)])
    if (unlockedNotes.has(key) || unlockedNotes.size >= mostNotes) return
    unlockedNotes.add(key)
    report(`the ${itemLists[list].noun} ${visible(name)} is not in the lock: it is neither listed nor callable`)
  }
  const isListed = (list: ItemList, name: string): boolean => {
    const wanted = locked?.digests[list].get(name)
    if (wanted === undefined || live.get(list)?.get(name) !== wanted) return false
    return !isQuarantined(list, name)
  }
  const isQuarantined = (list: ItemList, name: string): boolean =>
    quarantined.has(JSON.stringify([list, name, locked?.digests[list].get(name)]))
  const isUsableUri = (uri: string): boolean => {
    const templates = locked?.templatesOf(uri) ?? []
    // A drifted definition spoils what it covers, whatever else covers it.
    if (isQuarantined('resources', uri) || templates.some((text) => isQuarantined('resourceTemplates', text)))
      return false
    return isListed('resources', uri) || templates.some((text) => isListed('resourceTemplates', text))
  }

  judgeServer()
  return {
    get isLocked() {
      return locked !== undefined
    },
    see,
    complete: (list, items) => {
      live.get(list)?.clear()
      for (const item of items) see(list, item)
    },
    seeServer: (answer, asked) => {
      answers.set(asked === undefined ? 'discovery' : 'handshake', { answer, asked })
      judgeServer()
    },
    isUsable: (item) => {
      if (locked === undefined) return true
      if (isServerDrifted) return false
      switch (item.kind) {
        case 'tool':
          return isListed('tools', item.name)
        case 'prompt':
          return isListed('prompts', item.name)
        case 'template':
          return isListed('resourceTemplates', item.uriTemplate)
        case 'resource':
          return isUsableUri(item.uri)
        case 'server':
          return true
      }
    },
    get capabilities() {
      const server = answers.get('handshake') ?? answers.get('discovery')
      return server && ownObject(server.answer, 'capabilities')
    },
    get isStateless() {
      return answers.has('discovery') && !answers.has('handshake')
    },
    get isServerDrifted() {
      return isServerDrifted
    },
    relock: (next) => {
      locked = next && lockedState(next)
      unlockedNotes.clear()
      judgeServer()
    },
  }
}

function lockedState(lock: Lock) {
  const templatesOf = templateMatcher(lock)
  return {
    lock,
    // What counts is the definition, not the digest that somebody wrote beside it.
    digests: digestsOf(lock),
    templatesOf,
    /** A resource that a locked template covers has no definition of its own in the lock. */
    covers: (list: ItemList, name: string): boolean => list === 'resources' && templatesOf(name).length > 0,
  }
}

interface ServerAnswer {
  readonly answer: JsonObject
  readonly asked: string | undefined
}

function serverDrift(lock: Lock, reached: Reached | undefined, answers: readonly ServerAnswer[]): string | undefined {
  const name = `the server ${visible(lock.server)}`
  if (lock.reached !== undefined && reached !== undefined && !isReachedAs(lock.reached, reached)) {
    return `${name} is not reached in the way that was locked`
  }
  if (answers.some(({ answer }) => own(answer, 'instructions') !== lock.instructions)) {
    return `the instructions of ${name} are not as they were locked`
  }
  // A client may ask for another version than the one that was locked; the server may not answer another to the locked one.
  const isOther = ({ answer, asked }: ServerAnswer) => {
    return asked === lock.protocolVersion && asked !== undefined && own(answer, 'protocolVersion') !== asked
  }
  return answers.some(isOther) ? `${name} does not speak the protocol version that was locked` : undefined
}

function isReachedAs(locked: Reached, now: Reached): boolean {
  if ('url' in locked) return 'url' in now && locked.url === now.url
  return 'command' in now && locked.command === now.command && canonicalJson(locked.args) === canonicalJson(now.args)
}
