// Uses up the approvals that it is told of, in a process of its own: one id a line in, `true` or `false` a line out.
import { createInterface } from 'node:readline'
import { sqliteApprovals } from '../../../src/surfaces/mcp/stores/sqlite-approvals.ts'

const store = await sqliteApprovals(process.argv[2])
process.stdout.write('ready\n')
createInterface({ input: process.stdin }).on('line', async (id) => {
  process.stdout.write(`${await store.consume(id)}\n`)
})
