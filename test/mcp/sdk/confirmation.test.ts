import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../../src/index.ts'
import { guard } from '../../../src/surfaces/mcp/index.ts'

const { policy } = compile({ 'p.licet': 'actor User\nserver s { allow call send if confirmed()  allow call read }' })

async function connected(answer: 'accept' | 'decline') {
  if (policy === undefined) throw new Error('no policy')
  const server = new Server({ name: 's', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({ content: [{ type: 'text', text: params.name }] }))
  const engine = createEngine(policy, { facts: [{ type: 'User', id: 'ann' }] })
  guard(server, engine, { server: 's', principal: { actor: 'User:ann' }, carriesConsent: () => true, report: () => {} })
  const client = new Client({ name: 'c', version: '1' }, { capabilities: { elicitation: {} } })
  const asked: string[] = []
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message)
    // What does not have to be confirmed goes on meanwhile.
    await client.callTool({ name: 'read' })
    return answer === 'accept' ? { action: answer, content: { confirm: true } } : { action: answer }
  })
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(theirs), client.connect(ours)])
  return { client, asked }
}

describe('a guarded server of the SDK', () => {
  it('has its client ask the user, and goes on with a yes', async () => {
    const { client, asked } = await connected('accept')
    expect(await client.callTool({ name: 'send' })).toMatchObject({ content: [{ text: 'send' }] })
    expect(asked).toEqual(['Do you confirm this request to s?\ntools/call send\n{}'])
  })

  it('is not called with a no', async () => {
    const { client } = await connected('decline')
    await expect(client.callTool({ name: 'send' })).rejects.toThrow('the user has not confirmed it')
  })
})
