import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Digests, ItemList, Lock } from '../../../lock/format.ts'
import { itemLists, listNames } from '../../../lock/format.ts'
import type { PinnedServer } from '../../../lock/pinned.ts'
import { pinnedPart, pinnedServer } from '../../../lock/pinned.ts'

/**
 * The digest that pins an item: SHA-256 (FIPS 180-4) over the RFC 8785 form of what `pinnedPart` keeps of it.
 *
 * @returns `sha256:` and 64 hexadecimal digits; undefined for what is no JSON value, which matches no lock
 */
export function itemDigest(list: ItemList, item: JsonObject): string | undefined {
  return sha256(pinnedPart(list, item))
}

/** The digest of how a server is reached, its protocol version and its instructions. */
export function serverDigest(server: PinnedServer): string | undefined {
  return sha256(pinnedServer(server))
}

/** The digests of everything in a lock, by name, URI or URI template. */
export function digestsOf(lock: Lock): Digests {
  const server = serverDigest(lock)
  const byName = (list: ItemList) => new Map(digestedItems(lock, list))
  return {
    ...(server === undefined ? {} : { server }),
    tools: byName('tools'),
    prompts: byName('prompts'),
    resources: byName('resources'),
    resourceTemplates: byName('resourceTemplates'),
  }
}

function* digestedItems(lock: Lock, list: ItemList): Generator<[string, string]> {
  for (const item of lock[list]) {
    const digest = itemDigest(list, item)
    const name = item[itemLists[list].key]
    if (digest !== undefined && typeof name === 'string') yield [name, digest]
  }
}

/** The items whose written digest is not that of their definition: the file has been edited by hand. `''` is the server. */
export function wrongDigests(lock: Lock): readonly { readonly list: ItemList | 'server'; readonly name: string }[] {
  const right = digestsOf(lock)
  const wrong: { list: ItemList | 'server'; name: string }[] = []
  if (lock.digests.server !== undefined && lock.digests.server !== right.server)
    wrong.push({ list: 'server', name: '' })
  for (const list of listNames) {
    for (const [name, digest] of lock.digests[list]) if (right[list].get(name) !== digest) wrong.push({ list, name })
  }
  return wrong
}

function sha256(value: JsonObject): string | undefined {
  const text = canonicalJson(value)
  return text === undefined ? undefined : `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
}
