import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqliteApprovals } from '../../../src/surfaces/mcp/index.ts'
import { anyObject, errorOf, guard, lockOf } from '../guarded.ts'
import { folder } from '../running-gateway.ts'

const script = fileURLToPath(new URL('./consuming-process.mjs', import.meta.url))
const lock = lockOf({ tools: [{ name: 'send', inputSchema: anyObject }] })
const call = (id: number) => ({ id, method: 'tools/call', params: { name: 'send', arguments: {} } })

describe('two processes with one file of approvals', () => {
  it('let one call through for one approval', async () => {
    const path = join(folder(), 'a.sqlite')
    const store = await sqliteApprovals(path)
    const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(async () => {
      child.stdin.end()
      await once(child, 'exit')
      store.close()
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const line = async () => (await lines.next()).value as string
    expect(await line()).toBe('ready')
    const won = { here: 0, there: 0 }
    for (let i = 0; i < 40; i++) {
      const asked = {
        digest: `sha256:${i}`,
        actor: 'User:ann',
        agents: [],
        server: 's',
        reached: '',
        method: 'm',
        name: 'n',
        policy: 'p',
      }
      const id = (await store.request(asked, ['approvedBy(lead)'])) ?? ''
      child.stdin.write(`${id}\n`)
      // Sometimes the other one is given the time to be first.
      await new Promise((resolve) => setTimeout(resolve, i % 4))
      const here = await store.consume(id)
      const there = (await line()) === 'true'
      expect([here, there].sort()).toEqual([false, true])
      if (here) won.here++
      else won.there++
    }
    expect(won.here + won.there).toBe(40)
  })

  it('refuse what takes an approval while another process holds the file, and serve all else', async () => {
    const path = join(folder(), 'a.sqlite')
    const approvals = await sqliteApprovals(path)
    const { client, reports } = guard('allow call send if approvedBy(lead)  allow roots *', lock, {
      stores: { approvals },
    })
    const id = errorOf(await client(call(1)))?.data?.approval as string
    await approvals.grant(id, 'User:lead')
    const other = new Database(path)
    other.exec('BEGIN EXCLUSIVE')
    expect(errorOf(await client(call(2)))?.data).toEqual({ reason: 'unavailable' })
    expect(reports.join()).toContain('database is locked')
    expect(await client({ id: 3, method: 'ping' })).toHaveProperty('forwarded')
    other.exec('ROLLBACK')
    other.close()
    expect(await client(call(4))).toHaveProperty('forwarded')
    expect(errorOf(await client(call(5)))?.code).toBe(-32003)
    approvals.close()
  })
})
