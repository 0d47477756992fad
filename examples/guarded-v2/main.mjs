// An endpoint of the SDK 2.x guarded over HTTP: who may not do something is told what it takes.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { createEngine } from 'licet'
import { guardHandler } from 'licet/mcp'
import { loadPolicy } from 'licet/node'
import { bank } from './server.mjs'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy, { facts: [{ type: 'User', id: 'ann' }] })

/** What tokens stand for: in an application, what their verification says. */
const tokens = new Map([
  ['reads', { sub: 'ann', scopes: ['bank:read'] }],
  ['all', { sub: 'ann', scopes: ['bank'] }],
  ['all, with a second factor', { sub: 'ann', scopes: ['bank'], acr: 'mfa' }],
])

const fetch = guardHandler(createMcpHandler(bank).fetch, engine, {
  server: 'bank',
  resourceMetadata: 'https://bank.example/.well-known/oauth-protected-resource',
  authenticate: (request) => {
    const token = tokens.get(request.headers.get('authorization')?.replace('Bearer ', ''))
    return token && { actor: `User:${token.sub}`, token }
  },
})

/** A client with a token, and what it is told in HTTP when it may not do something. */
async function withToken(token, use) {
  let challenge
  const transport = new StreamableHTTPClientTransport(new URL('http://bank.example/mcp'), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    fetch: async (url, init) => {
      const response = await fetch(new Request(url, init))
      const header = response.headers.get('www-authenticate')
      if (header !== null) challenge = `${response.status} ${header}`
      return response
    },
  })
  const client = new Client({ name: 'example', version: '1.0.0' })
  const call = async (name, args) => {
    challenge = undefined
    const said = await client.callTool({ name, arguments: args }).then(
      ({ content }) => content[0].text,
      () => `refused\n    ${challenge}`,
    )
    console.log(`  ${name} ${JSON.stringify(args)}: ${said}`)
  }
  console.log(`with a token for ${token}`)
  await client.connect(transport).then(
    () => use(call, client),
    () => console.log(`  no connection\n    ${challenge}`),
  )
  await client.close()
}

await withToken('nothing', () => {})
await withToken('reads', async (call, client) => {
  console.log(`  sees ${(await client.listTools()).tools.map(({ name }) => name).join(', ')}`)
  await call('balance', { account: 'savings' })
  await call('transfer', { from: 'savings', to: 'current', amount: 100 })
})
await withToken('all', async (call) => {
  await call('transfer', { from: 'savings', to: 'current', amount: 100 })
  await call('transfer', { from: 'savings', to: 'current', amount: 1000 })
})
await withToken('all, with a second factor', async (call) => {
  await call('transfer', { from: 'savings', to: 'current', amount: 1000 })
  await call('balance', { account: 'savings' })
})
