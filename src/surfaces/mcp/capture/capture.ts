import type { JsonObject } from '../../../base/json.ts'
import type { Drift } from '../../../lock/drift.ts'
import { driftOf } from '../../../lock/drift.ts'
import type { ItemList, Lock, Reached } from '../../../lock/format.ts'
import { itemLists, listNames } from '../../../lock/format.ts'
import { readLock } from '../../../lock/read-lock.ts'
import { writeLock } from '../../../lock/write-lock.ts'
import { digestsOf } from '../enforcement/digest.ts'
import type { ServerCommand } from '../gateway/child.ts'
import {
  type Ask,
  handshakeVersion,
  offeredLists,
  ourselves,
  statelessMeta,
  statelessVersion,
  wholeList,
} from '../gateway/inspection.ts'
import { notification, own, ownObject, ownString } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { openLink } from './link.ts'

/** A server that is asked what it offers. */
export type Reach = ServerCommand | { readonly url: string }

export interface CaptureOptions {
  /** The name by which policies will know the server. */
  readonly server: string
  readonly reach: Reach
  /** Milliseconds for all of it; 60,000 when left out: a package may have to be downloaded first. */
  readonly timeout?: number
}

/** A way to a server: requests one after another, and its end. */
export interface Link {
  readonly ask: Ask
  notify(message: JsonObject): void
  close(): Promise<void>
}

/**
 * Asks a server for everything that it offers and puts it into a lock, digests included.
 *
 * @throws Error, with a message for a person, when the server cannot be started, dies, talks nonsense, takes too long, or offers
 *   what no lock can hold
 */
export async function captureLock({ server, reach, timeout = 60_000 }: CaptureOptions): Promise<Lock> {
  const link = openLink(reach)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the server took longer than ${timeout / 1000} s`)), timeout)
  })
  try {
    return await Promise.race([capture(server, reach, link), late])
  } finally {
    clearTimeout(timer)
    await link.close()
  }
}

/**
 * Asks a server again, and says what is no longer as it was locked.
 *
 * @param reach how, where that is not what the lock says
 * @throws Error as `captureLock`, and when neither the lock nor `reach` says how the server is reached
 */
export async function checkLock(
  lock: Lock,
  options: { readonly reach?: Reach; readonly timeout?: number } = {},
): Promise<Drift> {
  const reach = options.reach ?? lock.reached
  if (reach === undefined) throw new Error('the lock does not say how the server is reached')
  const { timeout } = options
  const live = await captureLock({ server: lock.server, reach, ...(timeout === undefined ? {} : { timeout }) })
  return driftOf(lock, live)
}

async function capture(server: string, reach: Reach, link: Link): Promise<Lock> {
  const { answer, meta } = await greet(link)
  const lists = new Map<ItemList, readonly JsonObject[]>()
  for (const list of offeredLists(ownObject(answer, 'capabilities'))) {
    const { items, problem } = await wholeList(link.ask, list, meta)
    if (problem !== undefined) throw new Error(visible(problem))
    lists.set(list, items)
  }
  for (const [list, items] of lists) refuseDuplicates(list, items)
  const serverInfo = ownObject(answer, 'serverInfo')
  const instructions = ownString(answer, 'instructions')
  const protocolVersion = ownString(answer, 'protocolVersion')
  const capabilities = ownObject(answer, 'capabilities')
  const lock = {
    server,
    reached: reachedOf(reach),
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    ...(serverInfo === undefined ? {} : { serverInfo }),
    ...(instructions === undefined ? {} : { instructions }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...Object.fromEntries(listNames.map((list) => [list, lists.get(list) ?? []])),
    digests: { tools: new Map(), prompts: new Map(), resources: new Map(), resourceTemplates: new Map() },
  } as unknown as Lock
  return readBack({ ...lock, digests: digestsOf(lock) })
}

/** What a server sends has to have the form of a lock before anybody takes it for one. */
function readBack(lock: Lock): Lock {
  const read = readLock({ name: `${lock.server}.lock.json`, text: writeLock(lock) })
  if (read.lock !== undefined) return read.lock
  const [first] = read.diagnostics
  throw new Error(`the server offers what cannot be locked: ${visible(first?.message ?? '')}`)
}

/** `initialize`, and where the server does not know it, the way of the later revisions. */
async function greet({ ask, notify }: Link): Promise<{ readonly answer: JsonObject; readonly meta?: JsonObject }> {
  const greeting = { protocolVersion: handshakeVersion, capabilities: {}, clientInfo: ourselves }
  const initialized = await ask('initialize', greeting)
  if (initialized.result !== undefined) {
    notify(notification('notifications/initialized'))
    return { answer: initialized.result }
  }
  const meta = statelessMeta(statelessVersion)
  const discovered = await ask('server/discover', { _meta: meta })
  if (discovered.result === undefined) throw new Error(`initialize failed: ${visible(initialized.error.message)}`)
  const info = ownObject(ownObject(discovered.result, '_meta') ?? {}, 'io.modelcontextprotocol/serverInfo')
  const answer = { ...discovered.result, protocolVersion: statelessVersion, ...(info && { serverInfo: info }) }
  return { answer, meta }
}

function refuseDuplicates(list: ItemList, items: readonly JsonObject[]): void {
  const { noun, key } = itemLists[list]
  const seen = new Set<unknown>()
  for (const item of items) {
    const name = own(item, key)
    if (typeof name === 'string' && seen.has(name)) throw new Error(`the server has the ${noun} ${visible(name)} twice`)
    seen.add(name)
  }
}

function reachedOf(reach: Reach): Reached {
  return 'url' in reach
    ? { url: reach.url, origin: new URL(reach.url).origin }
    : { command: reach.command, args: reach.args }
}
