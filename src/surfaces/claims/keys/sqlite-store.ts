import { keyRecord } from './record.ts'
import { type KeyStore, keyStore, type Records } from './store.ts'

/** As much of a database as it takes: `better-sqlite3`, and Node's own `DatabaseSync`. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): {
    get(...values: string[]): unknown
    all(...values: string[]): unknown[]
    run(...values: string[]): unknown
  }
}

/** Keys in the table `licet_keys` of a database, which is made where there is none. */
export function sqliteKeys(database: SqliteDatabase, now: () => number = Date.now): KeyStore {
  return keyStore(sqliteRecords(database), now)
}

function sqliteRecords(database: SqliteDatabase): Records {
  database.exec(
    'CREATE TABLE IF NOT EXISTS licet_keys (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL, revoked TEXT) STRICT',
  )
  const insert = database.prepare('INSERT INTO licet_keys (id, record) VALUES (?, ?)')
  const one = database.prepare('SELECT record, revoked FROM licet_keys WHERE id = ?')
  const every = database.prepare('SELECT record, revoked FROM licet_keys ORDER BY position')
  const revoke = database.prepare('UPDATE licet_keys SET revoked = coalesce(revoked, ?) WHERE id = ?')
  return {
    add: (record) => void insert.run(record.id, JSON.stringify(record)),
    all: () => every.all().map(read),
    get: (id) => {
      const row = one.get(id)
      return row === undefined || row === null ? undefined : read(row)
    },
    revoke: (id, at) => {
      if (one.get(id) === undefined) return false
      revoke.run(at, id)
      return true
    },
  }
}

function read(row: unknown) {
  const { record, revoked } = row as { readonly record: string; readonly revoked: string | null }
  return keyRecord.parse({ ...JSON.parse(record), ...(revoked === null ? {} : { revoked }) })
}
