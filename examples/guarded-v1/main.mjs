// A server of the SDK 1.x guarded in its own process, and a client that tries things.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createEngine } from 'licet'
import { guard } from 'licet/mcp'
import { loadPolicy } from 'licet/node'
import { notesServer } from './server.mjs'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy, { facts: [{ type: 'User', id: 'ann', editor: false }] })

// The one line.
const server = guard(notesServer(), engine, { server: 'notes', principal: { actor: 'User:ann' } })

const client = new Client({ name: 'example', version: '1.0.0' })
const [near, far] = InMemoryTransport.createLinkedPair()
await Promise.all([client.connect(near), server.connect(far)])

const { tools } = await client.listTools()
console.log(`User:ann sees ${tools.map(({ name }) => name).join(', ')}`)

async function attempt(what, request) {
  const said = await request().then(
    ({ content, contents }) => `allowed  ${what}: ${(content ?? contents)[0].text}`,
    ({ message }) => `denied   ${what}: ${message.split(';')[0]}`,
  )
  console.log(said)
}
const call = (name, args) =>
  attempt(`${name} ${JSON.stringify(args)}`, () => client.callTool({ name, arguments: args }))
const read = (uri) => attempt(`read ${uri}`, () => client.readResource({ uri }))

await call('write_note', { folder: 'drafts', name: 'idea', body: 'a policy' })
await call('write_note', { folder: 'team', name: 'idea', body: 'a policy' })
await call('delete_note', { folder: 'drafts', name: 'todo' })
await call('nothing', {})
await read('note://team/plan')
await read('note://private/diary')
for (let i = 0; i < 3; i++) await call('search', { query: 'policy' })
await client.close()
