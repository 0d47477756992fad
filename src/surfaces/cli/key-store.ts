import { closeSync, openSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { KeyStore } from 'licet/claims/keys'

/**
 * The API keys in a file: a database where its name says so, else one JSON object a line.
 *
 * @throws Error when it cannot be used, or others than its owner can write it
 */
export async function keyStoreIn(path: string): Promise<KeyStore> {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
  if (process.platform !== 'win32' && (mode & 0o022) !== 0)
    throw new Error('others than its owner can write the file, and so make keys: chmod go-w')
  const { fileKeys, sqliteKeys } = await import('licet/claims/keys')
  if (!['.db', '.sqlite'].includes(extname(path))) return fileKeys(path)
  const { default: Database } = await import('better-sqlite3').catch((thrown: unknown) => {
    throw (thrown as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND'
      ? new Error('a database of keys takes the package `better-sqlite3`: npm install better-sqlite3')
      : thrown
  })
  // SQLite itself would let everybody read what it creates.
  closeSync(openSync(path, 'a', 0o600))
  return sqliteKeys(new Database(path))
}
