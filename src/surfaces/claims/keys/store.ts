import { createHash, timingSafeEqual } from 'node:crypto'
import { idOf } from './key-form.ts'
import { hasChecksum, type NewKey, newKey } from './new-key.ts'
import { type KeyEntry, type KeyGrant, type KeyLookup, type KeyRecord, keyRecord } from './record.ts'

/** Keys, hashed. All of it throws when what holds them cannot be read or written. */
export interface KeyStore {
  /** @throws TypeError when the grant is none: what is wrong with it is in the message */
  create(grant: KeyGrant): NewKey
  /** In the order in which they were made, without hashes. */
  list(): readonly KeyEntry[]
  /** False when there is no such key; a key that is revoked stays so. */
  revoke(id: string): boolean
  /** Whom a key stands for. */
  find(key: string): KeyLookup
}

/** What keeps records: a file, a database. */
export interface Records {
  add(record: KeyRecord): void
  all(): readonly KeyRecord[]
  get(id: string): KeyRecord | undefined
  revoke(id: string, at: string): boolean
}

export function keyStore(records: Records, now: () => number): KeyStore {
  return {
    create: (grant) => {
      const { id, key } = newKey()
      const record = keyRecord.safeParse({ ...grant, id, hash: hashOf(key).toString('hex'), created: at(now()) })
      if (!record.success) {
        const [first] = record.error.issues
        throw new TypeError(
          `\`${first?.path.join('.') ?? ''}\` of the key: ${first?.message ?? 'not what it should be'}`,
        )
      }
      if (Date.parse(record.data.expires) <= now()) throw new TypeError('the key would have expired already')
      records.add(record.data)
      return { id, key }
    },
    list: () => records.all().map(({ hash: _, ...entry }) => entry),
    revoke: (id) => records.revoke(id, at(now())),
    find: (key) => {
      const id = idOf(key)
      const record = id === undefined || !hasChecksum(key) ? undefined : records.get(id)
      const given = hashOf(key)
      // Found by its name, which is no secret; compared in the same time, whether it is there or not.
      const kept = record === undefined ? Buffer.alloc(given.length) : Buffer.from(record.hash, 'hex')
      if (!timingSafeEqual(given, kept) || record === undefined) return { kind: 'unknown' }
      if (record.revoked !== undefined) return { kind: 'revoked', id: record.id }
      if (!(now() < Date.parse(record.expires))) return { kind: 'expired', id: record.id }
      return { kind: 'found', record }
    },
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function at(time: number): string {
  return new Date(time).toISOString()
}
