import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, openSync } from 'node:fs'
import type { ApprovalDesk, ApprovalRequest, ApprovalStore, ExactCall } from './approvals.ts'
import { askerOf, bounds, mayGrant } from './approvals.ts'

export interface SqliteApprovalsOptions {
  /** Milliseconds that a request, and what is granted for it, is good; an hour when left out. */
  readonly timeToLive?: number
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
}

/** The form of the file, as `PRAGMA user_version` says it. */
const version = 1
/** Milliseconds that a call waits for another process that writes: nothing else is done in this one meanwhile. */
const lockPatience = 500

const schema = `
  CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    asker TEXT NOT NULL,
    call TEXT NOT NULL,
    needs TEXT NOT NULL,
    asked INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    denied_by TEXT
  ) STRICT;
  CREATE UNIQUE INDEX requests_by_digest ON requests (digest);
  CREATE TABLE grants (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (request, granted_by)
  ) STRICT;
  CREATE TABLE holds (
    handle TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    asker TEXT NOT NULL,
    text TEXT NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${version};
`

interface Row {
  readonly id: string
  readonly call: string
  readonly needs: string
  readonly asked: number
  readonly expires: number
  readonly denied_by: string | null
  readonly granted_by: string
}

const columns = `id, call, needs, asked, expires, denied_by,
  (SELECT json_group_array(granted_by) FROM (SELECT granted_by FROM grants WHERE request = id ORDER BY rowid)) AS granted_by`

/**
 * Approvals in a SQLite file, which the guards of one machine share with `licet approvals`. Takes the package `better-sqlite3`. The file is
 * created if it is not there, for its owner alone to read and write: whoever can write it can approve.
 *
 * @throws Error when the package is not installed, or the file cannot be used, or others than its owner can read or write it
 */
export async function sqliteApprovals(
  path: string,
  options: SqliteApprovalsOptions = {},
): Promise<ApprovalStore & ApprovalDesk & { close(): void }> {
  const { timeToLive = bounds.timeToLive, clock = Date.now } = options
  const { default: Database } = await import('better-sqlite3').catch((thrown: unknown) => {
    throw isMissing(thrown)
      ? new Error('this takes a package that is not installed: npm install better-sqlite3')
      : thrown
  })
  keepToOwner(path)
  const database = new Database(path, { timeout: lockPatience })
  database.pragma('foreign_keys = ON')
  database.pragma('journal_mode = WAL')
  // Forced to the disk before a call goes on: what has been used up stays so when the machine fails.
  database.pragma('synchronous = FULL')
  /** As one transaction, which begins by keeping all others from writing. */
  const atOnce = <A extends readonly unknown[], T>(work: (...args: A) => T): ((...args: A) => T) => {
    const transaction = database.transaction((args: A) => work(...args))
    return (...args) => transaction.immediate(args)
  }
  atOnce(() => {
    const found = database.pragma('user_version', { simple: true })
    if (found === 0) database.exec(schema)
    else if (found !== version) throw new Error('the file was written by another version of licet')
  })()

  const forgetRequests = database.prepare<[number]>('DELETE FROM requests WHERE expires <= ?')
  const forgetHolds = database.prepare<[number]>('DELETE FROM holds WHERE expires <= ?')
  const ofCall = database.prepare<[string, number], Row>(
    `SELECT ${columns} FROM requests WHERE digest = ? AND expires > ?`,
  )
  const byId = database.prepare<[string, number], Row>(`SELECT ${columns} FROM requests WHERE id = ? AND expires > ?`)
  const all = database.prepare<[number], Row>(`SELECT ${columns} FROM requests WHERE expires > ? ORDER BY rowid`)
  const requestTotals = database.prepare<[string], { n: number; mine: number; size: number }>(
    `SELECT count(*) AS n, coalesce(sum(asker = ?), 0) AS mine,
       coalesce(sum(length(call) + length(needs)), 0) AS size FROM requests`,
  )
  const insertRequest = database.prepare<[string, string, string, string, string, number, number]>(
    'INSERT INTO requests (id, digest, asker, call, needs, asked, expires) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const consume = database.prepare<[string, number]>(
    'DELETE FROM requests WHERE id = ? AND denied_by IS NULL AND expires > ?',
  )
  const grant = database.prepare<[string, string]>('INSERT OR IGNORE INTO grants (request, granted_by) VALUES (?, ?)')
  const deny = database.prepare<[string, string]>(
    'UPDATE requests SET denied_by = ? WHERE id = ? AND denied_by IS NULL',
  )
  const holdTotals = database.prepare<[string], { n: number; mine: number; size: number }>(
    `SELECT count(*) AS n, coalesce(sum(asker = ?), 0) AS mine, coalesce(sum(length(text)), 0) AS size FROM holds`,
  )
  const insertHold = database.prepare<[string, string, string, string, number]>(
    'INSERT INTO holds (handle, digest, asker, text, expires) VALUES (?, ?, ?, ?, ?)',
  )
  const take = database.prepare<[string, string], { text: string; expires: number }>(
    'DELETE FROM holds WHERE handle = ? AND digest = ? RETURNING text, expires',
  )

  const find = (id: string): ApprovalRequest | undefined => {
    const row = byId.get(id, clock())
    return row && requestOf(row)
  }
  return {
    request: atOnce((call: ExactCall, needs: readonly string[]) => {
      const now = clock()
      forgetRequests.run(now)
      const known = ofCall.get(call.digest, now)
      if (known !== undefined) return known.id
      const asker = askerOf(call)
      const { n = 0, mine = 0, size = 0 } = requestTotals.get(asker) ?? {}
      const text = JSON.stringify(call)
      if (n >= bounds.requests || mine >= bounds.requestsOfOne || size + text.length > bounds.characters)
        return undefined
      const id = randomBytes(16).toString('hex')
      insertRequest.run(id, call.digest, asker, text, JSON.stringify(needs), now, now + timeToLive)
      return id
    }),
    granted: (digest) => {
      const row = ofCall.get(digest, clock())
      return row === undefined || row.denied_by !== null ? undefined : { id: row.id, by: requestOf(row).grantedBy }
    },
    consume: (id) => consume.run(id, clock()).changes === 1,
    hold: atOnce((call: ExactCall, text: string) => {
      const now = clock()
      forgetHolds.run(now)
      const asker = askerOf(call)
      const { n = 0, mine = 0, size = 0 } = holdTotals.get(asker) ?? {}
      if (n >= bounds.holds || mine >= bounds.holdsOfOne || size + text.length > bounds.characters) return undefined
      const handle = randomBytes(32).toString('base64url')
      insertHold.run(handle, call.digest, asker, text, now + bounds.holdTime)
      return handle
    }),
    take: (digest, handle) => {
      const taken = take.get(handle, digest)
      return taken !== undefined && taken.expires > clock() ? taken.text : undefined
    },
    list: () => all.all(clock()).map(requestOf),
    find,
    grant: atOnce((id: string, by: string) => {
      const found = find(id)
      if (found === undefined) return 'gone'
      if (found.deniedBy !== undefined) return 'denied'
      if (!mayGrant(found, by)) return 'own'
      if (found.grantedBy.length < bounds.grants) grant.run(id, by)
      return 'done'
    }),
    deny: atOnce((id: string, by: string) => {
      if (find(id) === undefined) return 'gone'
      deny.run(by, id)
      return 'done'
    }),
    close: () => void database.close(),
  }
}

/** SQLite itself would let everybody read what it creates. A file that is there may have been created by something else. */
function keepToOwner(path: string): void {
  const descriptor = openSync(path, 'a', 0o600)
  const { mode } = fstatSync(descriptor)
  closeSync(descriptor)
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  throw new Error('others than its owner can read or write the file, and whoever writes it approves: chmod 600')
}

function requestOf({ id, call, needs, asked, expires, denied_by, granted_by }: Row): ApprovalRequest {
  return {
    id,
    call: JSON.parse(call) as ExactCall,
    needs: JSON.parse(needs) as string[],
    asked,
    expires,
    grantedBy: JSON.parse(granted_by) as string[],
    ...(denied_by === null ? {} : { deniedBy: denied_by }),
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND'
}
