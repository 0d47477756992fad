import { request } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import { scriptedServer } from '../running-gateway.ts'
import { accept, events, json, type Listened, listening, post, standalone, upstream } from './listening.ts'

const tick = (milliseconds = 10) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const echo = (id: JsonObject[string], text: string, more: JsonObject = {}) =>
  standalone(id, 'tools/call', { name: 'echo', arguments: { text }, ...more })

/** A server of the revision, which holds calls back until the test says what they give. */
async function held(options: Partial<Listened> = {}) {
  const calls: { readonly message: JsonObject; readonly write: ReturnType<typeof events>; isOpen: boolean }[] = []
  const server = await upstream((message, _, response) => {
    if (message.method === 'server/discover') {
      return json(response, { id: message.id ?? null, result: { capabilities: { tools: {} } } })
    }
    const one = { message, write: events(response), isOpen: true }
    response.on('close', () => {
      one.isOpen = false
    })
    calls.push(one)
  })
  const gateway = await listening({
    reach: { url: server.url },
    rules: 'allow call *\nallow log *\nallow subscribe *',
    ...options,
  })
  const arrived = async (count: number) => {
    while (calls.length < count) await tick()
    return calls
  }
  return { ...gateway, arrived, seen: server.seen, methods: server.methods }
}

describe('a client of the SDK, with requests that stand each for itself', () => {
  it('discovers, lists and calls what the policy permits', async () => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'x', version: '1' }, { capabilities: { tools: {} } })
      const inputSchema = fromJsonSchema<{ text: string }>({
        type: 'object',
        properties: { text: { type: 'string', 'x-mcp-header': 'Text' } },
      } as never)
      for (const name of ['echo', 'other']) {
        server.registerTool(name, { description: name, inputSchema }, ({ text }) => ({
          content: [{ type: 'text', text: text ?? '' }],
        }))
      }
      return server
    })
    const server = await upstream(async (message, asked, response) => {
      const headers = new Headers(asked.headers as Record<string, string>)
      const body = asked.method === 'POST' ? { body: JSON.stringify(message) } : {}
      const answer = await handler.fetch(new Request(`http://x/mcp`, { method: asked.method ?? '', headers, ...body }))
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
    const { url } = await listening({ reach: { url: server.url }, rules: 'allow call echo if args.text != "no"' })
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo'])
    const text = 'Grüße, =?base64?'
    expect(await client.callTool({ name: 'echo', arguments: { text } })).toMatchObject({ content: [{ text }] })
    await expect(client.callTool({ name: 'echo', arguments: { text: 'no' } })).rejects.toMatchObject({ code: -32003 })
    await expect(client.callTool({ name: 'other', arguments: { text: 'x' } })).rejects.toMatchObject({ code: -32003 })
    expect(server.methods()).toContain('server/discover')
    expect(server.methods()).not.toContain('initialize')
    await client.close()
  })

  it('falls back to sessions where the server has no other revision', async () => {
    const { url } = await listening({ reach: scriptedServer('plain') })
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
      content: [{ text: 'hi' }],
    })
    await client.close()
  })
})

describe('requests that stand each for itself', () => {
  it('of a server over stdio are answered by the one process of their principal', async () => {
    const { url } = await listening({ reach: scriptedServer('stateless') })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const { message, headers } = echo(7, `${i}`)
        return post(url, message, headers)
      }),
    )
    // All have the same id, as requests of clients that know nothing of each other may.
    for (const [i, { status, messages }] of answers.entries()) {
      expect([status, messages]).toMatchObject([200, [{ id: 7, result: { content: [{ text: `${i}` }] } }]])
    }
  })

  it('may name a revision that no header can carry as it is: it is sent on encoded', async () => {
    const { url, seen, methods, arrived } = await held()
    const version = '2026-07-28\r\nx: \u4e00'
    const { message, headers } = echo(1, 'x')
    const key = 'io.modelcontextprotocol/protocolVersion'
    const { params } = message as { params: JsonObject }
    const odd = { ...message, params: { ...params, _meta: { ...(params._meta as JsonObject), [key]: version } } }
    const encoded = `=?base64?${Buffer.from(version).toString('base64')}?=`
    const answer = post(url, odd, { ...headers, 'mcp-protocol-version': encoded })
    const [one] = await arrived(1)
    one?.write({ id: one.message.id ?? null, result: { content: [] } })
    expect(await answer).toMatchObject({ status: 200, messages: [{ id: 1, result: {} }] })
    expect(methods()).toContain('tools/call')
    for (const { headers } of seen) expect(headers).toMatchObject({ 'mcp-protocol-version': encoded })
  })

  it('get the progress and the log of their own, under the names that they gave', async () => {
    const { url, arrived } = await held()
    const asked = [1, 2].map((i) => {
      const { message, headers } = echo('same', `${i}`, { _meta: { progressToken: 'p' } })
      return post(url, message, headers)
    })
    const calls = await arrived(2)
    for (const { message, write } of calls) {
      const { text } = (message.params as { arguments: { text: string } }).arguments
      const { progressToken } = (message.params as { _meta: { progressToken: number } })._meta
      write({ method: 'notifications/progress', params: { progressToken, progress: 1, message: text } })
      write({ method: 'notifications/message', params: { level: 'info', data: text } })
      write({ id: message.id ?? null, result: { content: [{ type: 'text', text }] } })
    }
    for (const [i, { messages }] of (await Promise.all(asked)).entries()) {
      expect(messages).toMatchObject([
        { method: 'notifications/progress', params: { progressToken: 'p', message: `${i + 1}` } },
        { method: 'notifications/message', params: { data: `${i + 1}` } },
        { id: 'same', result: { content: [{ text: `${i + 1}` }] } },
      ])
    }
  })

  it('are cancelled by the end of their connection, and no other is', async () => {
    const { url, arrived } = await held()
    const leave = (id: number) => {
      const { message, headers } = echo(id, `${id}`)
      const sent = request(url, { method: 'POST', headers: { accept, 'content-type': 'application/json', ...headers } })
      sent.on('error', () => {})
      sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }))
      return sent
    }
    const leaving = leave(1)
    const [first] = await arrived(1)
    const { message, headers } = echo(1, 'stays')
    const staying = post(url, message, headers)
    const [, second] = await arrived(2)
    leaving.destroy()
    while (first?.isOpen === true) await tick()
    expect(second?.isOpen).toBe(true)
    second?.write({ id: second.message.id ?? null, result: { content: [] } })
    expect((await staying).messages).toMatchObject([{ id: 1, result: {} }])
  })

  it('are cancelled over stdio by a message', async () => {
    const { url, told } = await listening({ reach: scriptedServer('waiting') })
    const { message, headers } = echo(1, 'never')
    const sent = request(url, { method: 'POST', headers: { accept, 'content-type': 'application/json', ...headers } })
    sent.on('error', () => {})
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }))
    await told('waits')
    sent.destroy()
    await told('notifications/cancelled')
  })

  it('to listen are told of what they asked for, under their own id', async () => {
    const { url, arrived } = await held({ rules: 'deny subscribe "note://secret"\nallow subscribe *' })
    const { message, headers } = standalone('L', 'subscriptions/listen', {
      notifications: { toolsListChanged: true, resourceSubscriptions: ['note://a', 'note://secret'] },
    })
    const listened = post(url, message, headers)
    const [call] = await arrived(1)
    const { id, params } = (call as typeof call & object).message as {
      id: number
      params: { notifications: JsonObject }
    }
    expect(params.notifications).toEqual({ toolsListChanged: true, resourceSubscriptions: ['note://a'] })
    const _meta = { 'io.modelcontextprotocol/subscriptionId': id }
    const about = (method: string, more: JsonObject = {}) => call?.write({ method, params: { ...more, _meta } })
    about('notifications/subscriptions/acknowledged', { notifications: {} })
    about('notifications/resources/updated', { uri: 'note://secret' })
    about('notifications/resources/updated', { uri: 'note://a' })
    about('notifications/tools/list_changed')
    call?.write({ id, result: { _meta } })
    const theirs = { 'io.modelcontextprotocol/subscriptionId': 'L' }
    expect((await listened).messages).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { _meta: theirs } },
      { method: 'notifications/resources/updated', params: { uri: 'note://a', _meta: theirs } },
      { method: 'notifications/tools/list_changed', params: { _meta: theirs } },
      { id: 'L', result: { _meta: theirs } },
    ])
  })

  it('for lists get what is theirs alone to keep', async () => {
    const { url } = await listening({ reach: scriptedServer('stateless') })
    const { message, headers } = standalone(1, 'tools/list')
    expect((await post(url, message, headers)).messages).toMatchObject([
      { result: { tools: [{ name: 'echo' }], cacheScope: 'private' } },
    ])
  })
})
