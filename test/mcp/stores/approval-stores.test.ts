import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type ApprovalDesk,
  type ApprovalStore,
  type ExactCall,
  memoryApprovals,
  sqliteApprovals,
} from '../../../src/surfaces/mcp/index.ts'
import { folder } from '../running-gateway.ts'

type Store = ApprovalStore & ApprovalDesk

const hour = 60 * 60 * 1000
const call: ExactCall = {
  digest: 'sha256:1',
  actor: 'User:ann',
  agents: ['Agent:bot'],
  server: 's',
  reached: '["server"]',
  method: 'tools/call',
  name: 'send',
  arguments: '{"to":"bob"}',
  policy: 'sha256:p',
}
const other: ExactCall = { ...call, digest: 'sha256:2' }
const needs = ['approvedBy(lead)']

/** `fill` adds requests of that many actors. */
type Made = { readonly store: Store; fill(count: number): void }

const kinds: readonly (readonly [string, (clock: () => number) => Promise<Made>])[] = [
  [
    'in memory',
    async (clock) => {
      const store = memoryApprovals({ clock })
      const fill = (count: number): void => {
        for (let i = 0; i < count; i++) store.request({ ...call, actor: `User:${i}`, digest: `of ${i}` }, needs)
      }
      return { store, fill }
    },
  ],
  [
    'in a file',
    async (clock) => {
      const path = join(folder(), 'a.sqlite')
      const store = await sqliteApprovals(path, { clock })
      onTestFinished(() => store.close())
      // Each alone would be forced to the disk.
      const fill = (count: number): void => {
        const database = new Database(path)
        database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
          INSERT INTO requests SELECT 'r' || i, 'of ' || i, 'User:' || i, '{}', '[]', 0, ${clock() + hour}, NULL FROM n`)
        database.close()
      }
      return { store, fill }
    },
  ],
]

describe.each(kinds)('approvals %s', (_, create) => {
  const setup = async () => {
    const time = { now: 1_000_000 }
    const { store, fill } = await create(() => time.now)
    const asked = async (one = call) => (await store.request(one, needs)) ?? ''
    return { store, fill, time, asked }
  }

  it('are asked for once for each exact call', async () => {
    const { store, asked } = await setup()
    const id = await asked()
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(await asked()).toBe(id)
    expect(await asked(other)).not.toBe(id)
    expect(await store.list()).toMatchObject([{ id, call, needs, grantedBy: [] }, { call: other }])
  })

  it('are used up once', async () => {
    const { store, asked } = await setup()
    const id = await asked()
    expect(await store.grant(id, 'User:lead')).toBe('done')
    expect(await store.grant(id, 'User:lead')).toBe('done')
    expect(await store.granted(call.digest)).toEqual({ id, by: ['User:lead'] })
    expect(await store.granted(other.digest)).toBeUndefined()
    expect(await store.consume(id)).toBe(true)
    expect(await store.consume(id)).toBe(false)
    expect(await store.granted(call.digest)).toBeUndefined()
    expect(await store.grant(id, 'User:lead')).toBe('gone')
    expect(await asked()).not.toBe(id)
  })

  it('that are denied stay so, and are not asked for again', async () => {
    const { store, asked, time } = await setup()
    const id = await asked()
    await store.grant(id, 'User:lead')
    expect(await store.deny(id, 'User:eve')).toBe('done')
    expect(await store.find(id)).toMatchObject({ deniedBy: 'User:eve' })
    expect(await store.granted(call.digest)).toBeUndefined()
    expect(await store.consume(id)).toBe(false)
    expect(await store.grant(id, 'User:lead')).toBe('denied')
    expect(await asked()).toBe(id)
    time.now += hour
    expect(await asked()).not.toBe(id)
  })

  it('are nobody’s own, but for a confirmation', async () => {
    const { store, asked } = await setup()
    const id = await asked()
    expect(await store.grant(id, 'User:ann')).toBe('own')
    expect(await store.grant(id, 'Agent:bot')).toBe('own')
    expect(await store.granted(call.digest)).toEqual({ id, by: [] })
    const confirmed = (await store.request(other, ['confirmed()'])) ?? ''
    expect(await store.grant(confirmed, 'User:ann')).toBe('done')
    expect(await store.grant(confirmed, 'Agent:bot')).toBe('own')
  })

  it('expire', async () => {
    const { store, asked, time } = await setup()
    const id = await asked()
    await store.grant(id, 'User:lead')
    time.now += hour - 1
    expect(await store.granted(call.digest)).toBeDefined()
    time.now += 1
    expect(await store.granted(call.digest)).toBeUndefined()
    expect(await store.consume(id)).toBe(false)
    expect(await store.find(id)).toBeUndefined()
    expect(await store.deny(id, 'User:lead')).toBe('gone')
    expect(await store.list()).toEqual([])
  })

  it('are bounded, for one actor and for all', async () => {
    const { store, fill } = await setup()
    const ask = (actor: string, i: number) => store.request({ ...call, actor, digest: `${actor} ${i}` }, needs)
    for (let i = 0; i < 50; i++) expect(await ask('User:ann', i)).toBeDefined()
    expect(await ask('User:ann', 50)).toBeUndefined()
    expect(await ask('User:ann', 49)).toBeDefined()
    // Another issuer's user of the same name is somebody else.
    const elsewhere = { ...call, actor: 'User:ann', iss: 'https://b.example', digest: 'elsewhere' }
    expect(await store.request(elsewhere, needs)).toBeDefined()
    fill(948)
    expect(await ask('User:last', 0)).toBeDefined()
    expect(await ask('User:new', 0)).toBeUndefined()
  })

  it('are bounded in what they hold', async () => {
    const { store } = await setup()
    const large = 'x'.repeat(16 * 1024 * 1024)
    const ask = (i: number) => store.request({ ...call, digest: String(i), arguments: large }, needs)
    expect(await ask(0)).toBeDefined()
    expect(await ask(1)).toBeUndefined()
  })

  it('hold a text for one call, until it is taken, for ten minutes', async () => {
    const { store, time } = await setup()
    const hold = async () => (await store.hold(call, 'kept')) ?? ''
    const handle = await hold()
    expect(handle).toMatch(/^[\w-]{43}$/)
    expect(await store.take(other.digest, handle)).toBeUndefined()
    expect(await store.take(call.digest, 'made up')).toBeUndefined()
    expect(await store.take(call.digest, handle)).toBe('kept')
    expect(await store.take(call.digest, handle)).toBeUndefined()
    const late = await hold()
    time.now += 10 * 60 * 1000
    expect(await store.take(call.digest, late)).toBeUndefined()
    for (let i = 0; i < 50; i++) expect(await hold()).not.toBe('')
    expect(await hold()).toBe('')
  })
})

describe('a file of approvals', () => {
  it('is for its owner alone', async () => {
    const path = join(folder(), 'a.sqlite')
    ;(await sqliteApprovals(path)).close()
    expect(statSync(path).mode & 0o077).toBe(0)
    for (const mode of [0o640, 0o660, 0o604, 0o602]) {
      chmodSync(path, mode)
      await expect(sqliteApprovals(path)).rejects.toThrow('chmod 600')
    }
    chmodSync(path, 0o600)
    ;(await sqliteApprovals(path)).close()
  })

  it('keeps what is in it, and is one for all who have opened it', async () => {
    const path = join(folder(), 'a.sqlite')
    const guard = await sqliteApprovals(path)
    const desk = await sqliteApprovals(path)
    const id = (await guard.request(call, needs)) ?? ''
    expect(await desk.grant(id, 'User:lead')).toBe('done')
    desk.close()
    expect(await guard.granted(call.digest)).toEqual({ id, by: ['User:lead'] })
    guard.close()
    const again = await sqliteApprovals(path)
    expect(await again.find(id)).toMatchObject({ call, grantedBy: ['User:lead'] })
    again.close()
  })

  it('that is none, or of another version, is refused', async () => {
    const path = join(folder(), 'a.sqlite')
    writeFileSync(path, 'Dear diary, today I have written a database', { mode: 0o600 })
    await expect(sqliteApprovals(path)).rejects.toThrow('not a database')
    const newer = join(folder(), 'b.sqlite')
    writeFileSync(newer, '', { mode: 0o600 })
    const database = new Database(newer)
    database.pragma('user_version = 7')
    database.close()
    await expect(sqliteApprovals(newer)).rejects.toThrow('another version')
  })
})
