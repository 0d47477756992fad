// A factory of servers as anybody would write it with @modelcontextprotocol/server 2.x: nothing here knows of a policy.
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const balances = new Map([
  ['savings', 1200],
  ['current', 80],
])

export function bank() {
  const server = new McpServer({ name: 'bank', version: '1.0.0' })
  const text = (text) => ({ content: [{ type: 'text', text }] })
  server.registerTool('balance', { inputSchema: z.object({ account: z.string() }) }, ({ account }) =>
    text(`${account}: ${balances.get(account) ?? 0}`),
  )
  const transfer = z.object({ from: z.string(), to: z.string(), amount: z.int() })
  server.registerTool('transfer', { inputSchema: transfer }, ({ from, to, amount }) => {
    balances.set(from, (balances.get(from) ?? 0) - amount)
    balances.set(to, (balances.get(to) ?? 0) + amount)
    return text(`${amount} from ${from} to ${to}`)
  })
  server.registerTool('close_account', { inputSchema: z.object({ account: z.string() }) }, ({ account }) => {
    balances.delete(account)
    return text(`${account} closed`)
  })
  return server
}

// For `licet lock bank -- node server.mjs`.
if (process.argv[1]?.endsWith('server.mjs')) serveStdio(bank)
