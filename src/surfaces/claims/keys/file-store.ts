import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import * as z from 'zod'
import { parseJson } from '../../../base/json.ts'
import { type KeyRecord, keyRecord } from './record.ts'
import { type KeyStore, keyStore, type Records } from './store.ts'

const line = z.union([keyRecord, z.strictObject({ revoke: z.string(), at: z.iso.datetime({ offset: true }) })])

/**
 * Keys in a file of one JSON object a line: a key, or that one was revoked. Only ever appended to, so that several processes can; read again
 * when it has changed, so that a key revoked in one is so in all. The file is made when the first key is.
 */
export function fileKeys(path: string, now: () => number = Date.now): KeyStore {
  return keyStore(fileRecords(path), now)
}

function fileRecords(path: string): Records {
  let held: { readonly stamp: string; readonly records: ReadonlyMap<string, KeyRecord> } | undefined
  const records = (): ReadonlyMap<string, KeyRecord> => {
    const stamp = stampOf(path)
    if (stamp === undefined) return new Map()
    if (held?.stamp !== stamp) held = { stamp, records: read(path) }
    return held.records
  }
  return {
    all: () => [...records().values()],
    get: (id) => records().get(id),
    add: (record) => append(path, record),
    revoke: (id, at) => {
      const found = records().get(id)
      if (found === undefined) return false
      if (found.revoked === undefined) append(path, { revoke: id, at })
      return true
    },
  }
}

/** What changes with every line. */
function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`
}

/** A line that cannot be read may be a revocation: then no key of the file counts. */
function read(path: string): ReadonlyMap<string, KeyRecord> {
  const records = new Map<string, KeyRecord>()
  for (const [index, text] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (text === '') continue
    const json = parseJson(text)
    const entry = line.safeParse(json.value)
    if (json.error !== undefined || !entry.success) throw new Error(`line ${index + 1} of the API keys cannot be read`)
    if ('revoke' in entry.data) {
      const { revoke: id, at } = entry.data
      const revoked = records.get(id)
      if (revoked !== undefined) records.set(id, { ...revoked, revoked: revoked.revoked ?? at })
    } else if (records.has(entry.data.id)) {
      throw new Error(`line ${index + 1} of the API keys is about a key that there is already`)
    } else {
      records.set(entry.data.id, entry.data)
    }
  }
  return records
}

function append(path: string, value: object): void {
  const file = openSync(path, 'a', 0o600)
  try {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
    if (writeSync(file, bytes) !== bytes.length) throw new Error('the API keys could not be written')
  } finally {
    closeSync(file)
  }
}
