import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import { scriptedServer } from '../running-gateway.ts'
import { accept, ask, call, events, json, listening, post, session, upstream } from './listening.ts'

const tick = (milliseconds = 10) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const capabilities = { tools: {}, logging: {} }
const begun = (id: JsonObject[string] | undefined) => ({
  id: id ?? null,
  result: { protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 'x', version: '1' } },
})

/** The text of the one content that a call gives. */
const textOf = (message: JsonObject | undefined): string =>
  (message as { result: { content: [{ text: string }] } }).result.content[0].text

describe('a client of the SDK over HTTP', () => {
  it('lists and calls what the policy permits, of a server over stdio', async () => {
    const { url } = await listening({ reach: scriptedServer('plain'), rules: 'allow call * if args.text != "no"' })
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport)
    expect((await client.listTools()).tools).toMatchObject([{ name: 'echo' }])
    expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toEqual({
      content: [{ type: 'text', text: 'hi' }],
    })
    await expect(client.callTool({ name: 'echo', arguments: { text: 'no' } })).rejects.toMatchObject({ code: -32003 })
    await expect(client.request({ method: 'files/delete' }, {} as never)).rejects.toMatchObject({ code: -32003 })
    await client.close()
  })
})

describe('sessions', () => {
  it('have a server process each: what one has done, another does not see', async () => {
    const { url } = await listening({ reach: scriptedServer('counting') })
    const [ann, ben] = [await session(url), await session(url)]
    const counted = async (headers: Record<string, string>) =>
      textOf((await post(url, call(1, 'echo'), headers)).messages[0])
    expect([await counted(ann), await counted(ann), await counted(ben), await counted(ann)]).toEqual([
      '1',
      '2',
      '1',
      '3',
    ])
  })

  it('are bounded: what its owner has not used longest makes room', async () => {
    const { url } = await listening({ reach: scriptedServer('plain'), connections: 2 })
    const first = await session(url)
    const second = await session(url)
    await post(url, call(1, 'echo'), first)
    const third = await session(url)
    expect((await post(url, call(1, 'echo'), second)).status).toBe(404)
    for (const headers of [first, third]) expect((await post(url, call(2, 'echo'), headers)).status).toBe(200)
  })

  it('of others make no room, and a principal has a quarter of them', async () => {
    const authenticate = ({ headers }: { headers: Headers }) => ({ actor: `User:${headers.get('x-user')}` })
    const { url } = await listening({ reach: scriptedServer('dying'), connections: 4, authenticate })
    const ann = await session(url, { 'x-user': 'ann' })
    const waiting = post(url, call(1, 'echo'), ann)
    await tick(50)
    const refused = await post(url, { id: 1, method: 'initialize', params: {} }, { 'x-user': 'ann' })
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    expect(await session(url, { 'x-user': 'ben' })).toHaveProperty('mcp-session-id')
    await post(url, call(2, 'echo', { text: 'die' }), ann)
    await waiting
  })

  it('that nobody uses are ended, and so are those that their client ends', async () => {
    const { url } = await listening({ reach: scriptedServer('dying'), idle: 300 })
    const headers = await session(url)
    const waiting = post(url, call('w', 'wait'), headers)
    await tick(50)
    expect((await ask(url, { method: 'DELETE', headers })).status).toBe(204)
    expect((await waiting).messages).toMatchObject([{ id: 'w', error: { message: 'the connection has ended' } }])
    expect((await post(url, call(1, 'echo'), headers)).status).toBe(404)
    const idle = await session(url)
    await tick(1000)
    expect((await post(url, call(1, 'echo'), idle)).status).toBe(404)
  })

  it('do not begin where the server refuses', async () => {
    const { url } = await listening({ reach: scriptedServer('stateless') })
    const answer = await post(url, { id: 1, method: 'initialize', params: {} })
    expect(answer).toMatchObject({ status: 200, messages: [{ id: 1, error: { code: -32601 } }] })
    await tick(50)
    const headers = { 'mcp-session-id': String(answer.headers['mcp-session-id']) }
    expect((await post(url, call(1, 'echo'), headers)).status).toBe(404)
  })

  it('do not wait for a beginner who has left', async () => {
    const server = await upstream(() => {})
    const { url } = await listening({ reach: { url: server.url }, connections: 1 })
    for (let count = 1; count <= 3; count++) {
      const sent = request(url, { method: 'POST', headers: { accept, 'content-type': 'application/json' } })
      let status: number | undefined
      sent.on('error', () => {})
      sent.on('response', ({ statusCode }) => {
        status = statusCode
      })
      sent.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }))
      while (server.methods().length < count && status === undefined) await tick()
      expect([count, status]).toEqual([count, undefined])
      sent.destroy()
      await tick(50)
    }
  })

  it('refuse an id that is in flight, and keep the answer for the first', async () => {
    const { url } = await listening({ reach: scriptedServer('dying') })
    const headers = await session(url)
    const first = post(url, call(1, 'echo'), headers)
    await tick(50)
    expect(await post(url, call(1, 'echo'), headers)).toMatchObject({ status: 400, messages: [{ id: 1, error: {} }] })
    await post(url, call(2, 'echo', { text: 'die' }), headers)
    expect((await first).messages).toMatchObject([{ id: 1, error: { message: 'the server has stopped' } }])
  })

  it('hear of a changed policy, and lose no request to it', async () => {
    const { url, folder, told } = await listening({ reach: scriptedServer('plain') })
    const headers = await session(url)
    const hearing = request(url, { method: 'GET', headers: { accept, ...headers } }).end()
    let heard = ''
    hearing.on('response', (response) => response.on('data', (chunk: Buffer) => (heard += chunk.toString())))
    const calls = Array.from({ length: 200 }, (_, id) => post(url, call(id, 'echo', { text: `${id}` }), headers))
    writeFileSync(join(folder, 'p.licet'), 'actor User\nserver s { allow call * if args.text != "no" }')
    const answers = await Promise.all(calls)
    for (const [id, { messages }] of answers.entries()) expect(textOf(messages.at(-1))).toBe(`${id}`)
    await told('the policy has changed')
    while (!heard.includes('notifications/tools/list_changed')) await tick()
    hearing.destroy()
    const denied = await post(url, call(999, 'echo', { text: 'no' }), headers)
    expect(denied).toMatchObject({ status: 200, messages: [{ error: { code: -32003 } }] })
  })
})

describe('a stream', () => {
  /** A server that lets the test say when it answers a call. */
  async function slow() {
    let finish: (message: JsonObject) => void = () => {}
    const server = await upstream((message, _, response) => {
      if (message.method === 'initialize') return json(response, begun(message.id))
      if (message.method !== 'tools/call') return response.writeHead(message.id === undefined ? 202 : 405).end()
      const write = events(response)
      finish = (sent) => write('method' in sent ? sent : { id: message.id ?? null, ...sent })
    })
    const gateway = await listening({ reach: { url: server.url }, rules: 'allow call *\nallow log *' })
    const isAsked = async () => {
      while (!server.methods().includes('tools/call')) await tick()
    }
    return { ...gateway, say: (message: JsonObject) => finish(message), isAsked, methods: server.methods }
  }

  /** Asks, and leaves after the first event. */
  const askAndLeave = (url: string, headers: Record<string, string>, message: JsonObject): Promise<string> =>
    new Promise((resolve) => {
      const sent = request(url, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json', ...headers },
      })
      sent.on('error', () => {})
      sent.on('response', (response) =>
        response.once('data', (chunk: Buffer) => {
          sent.destroy()
          resolve(/id: (\S+)/.exec(chunk.toString())?.[1] ?? '')
        }),
      )
      sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }))
    })

  it('that breaks cancels nothing, and is gone on with after its last event', async () => {
    const { url, say, isAsked, methods } = await slow()
    const headers = await session(url)
    const last = await askAndLeave(url, headers, call(1, 'x'))
    expect(last).toBe('2-0')
    await isAsked()
    say({ method: 'notifications/message', params: { level: 'info', data: 'one' } })
    await tick(50)
    const resumed = ask(url, { method: 'GET', headers: { ...headers, 'last-event-id': last } })
    await tick(50)
    say({ result: { content: [] } })
    expect((await resumed).messages).toMatchObject([{ params: { data: 'one' } }, { id: 1, result: { content: [] } }])
    // All of it is over, and can be asked for once more.
    const again = await ask(url, { method: 'GET', headers: { ...headers, 'last-event-id': '2-1' } })
    expect(again.messages).toMatchObject([{ id: 1 }])
    expect(methods()).not.toContain('notifications/cancelled')
  })

  it('is not gone on with where something of it is forgotten, or was never said', async () => {
    const { url, say, isAsked } = await slow()
    const headers = await session(url)
    const last = await askAndLeave(url, headers, call(1, 'x'))
    await isAsked()
    for (let i = 0; i < 20; i++) {
      say({ method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(100_000) } })
    }
    say({ result: { content: [] } })
    await tick(300)
    const resume = (id: string) => ask(url, { method: 'GET', headers: { ...headers, 'last-event-id': id } })
    expect((await resume(last)).status).toBe(400)
    expect((await resume('2-99')).status).toBe(400)
    expect((await resume('nonsense')).status).toBe(400)
    expect((await resume('2-20')).messages).toMatchObject([{ id: 1 }])
  })

  it('of what belongs to no request keeps for its client what comes before it', async () => {
    const { url } = await listening({ reach: scriptedServer('changing') })
    const headers = await session(url)
    // Heard in the reply to the request, where there is no other stream.
    const { messages } = await post(url, call(1, 'echo'), headers)
    expect(messages).toMatchObject([{ method: 'notifications/tools/list_changed' }, { id: 1 }])
  })
})

describe('who is killed', () => {
  it('as a server, in the middle of a call, is told; other sessions are served on', async () => {
    const { url, told } = await listening({ reach: scriptedServer('dying') })
    const [ann, ben] = [await session(url), await session(url)]
    const waiting = [post(url, call(1, 'echo'), ann), post(url, call(1, 'echo'), ben)]
    const killed = await post(url, call(2, 'echo', { text: 'die' }), ann)
    expect(killed.messages).toMatchObject([{ id: 2, error: { code: -32603, message: 'the server has stopped' } }])
    expect((await waiting[0])?.messages).toMatchObject([{ id: 1, error: { message: 'the server has stopped' } }])
    await told('the server ended with status 3')
    expect((await post(url, call(3, 'echo'), ann)).status).toBe(404)
    expect((await post(url, { id: 4, method: 'ping' }, ben)).messages).toMatchObject([{ id: 4 }])
    expect(await session(url)).toHaveProperty('mcp-session-id')
    await post(url, call(5, 'echo', { text: 'die' }), ben)
  })

  it('as a client, in the middle of a stream, holds nobody up', async () => {
    let write: ReturnType<typeof events> = () => {}
    const server = await upstream((message, _, response) => {
      if (message.method === 'initialize') return json(response, begun(message.id))
      if (message.method === 'ping') return json(response, { id: message.id ?? null, result: {} })
      if (message.method !== 'tools/call') return response.writeHead(message.id === undefined ? 202 : 405).end()
      write = events(response)
      write({ method: 'notifications/message', params: { level: 'info', data: 'first' } })
    })
    const { url } = await listening({ reach: { url: server.url }, rules: 'allow call *\nallow log *' })
    const headers = await session(url)
    const sent = request(url, { method: 'POST', headers: { accept, 'content-type': 'application/json', ...headers } })
    sent.on('error', () => {})
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...call(1, 'x') }))
    await new Promise((resolve) => sent.on('response', (response) => response.once('data', resolve)))
    sent.destroy()
    await tick(50)
    for (let i = 0; i < 100; i++) {
      write({ method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(50_000) } })
    }
    write({ id: 3, result: { content: [] } })
    expect((await post(url, { id: 2, method: 'ping' }, headers)).messages).toMatchObject([{ id: 2, result: {} }])
    expect((await post(url, { id: 2, method: 'ping' }, await session(url))).status).toBe(200)
  })
})

/** Answers the greeting, reads no more, and ends. */
const deaf = `
  process.stdin.once('data', (line) => {
    const { id } = JSON.parse(line)
    const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } }
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
    process.stdin.pause()
    setTimeout(() => process.exit(0), 700)
  })`

describe('a server that reads no more', () => {
  it('keeps its clients waiting only as long as it lives', async () => {
    const { url } = await listening({ reach: { command: process.execPath, args: ['-e', deaf] } })
    const headers = await session(url)
    const params = { _meta: { 'x.y/z': 'x'.repeat(500_000) } }
    const waiting = Array.from({ length: 6 }, () =>
      post(url, { method: 'notifications/roots/list_changed', params }, headers),
    )
    const answers = await Promise.all(waiting)
    expect(answers.map(({ status }) => status).every((status) => status === 202 || status === 404)).toBe(true)
  })
})

describe('a client that does not read', () => {
  it('is not sent more than it takes: the server is not heard on meanwhile', async () => {
    let written = 0
    let isFull = false
    const server = await upstream((message, _, response) => {
      if (message.method === 'initialize') return json(response, begun(message.id))
      if (message.method !== 'tools/call') return response.writeHead(message.id === undefined ? 202 : 405).end()
      events(response)
      const params = { level: 'info', data: 'x'.repeat(100_000) }
      const line = `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params })}\n\n`
      const fill = () => {
        while (written < 200_000_000) {
          written += line.length
          if (!response.write(line)) {
            isFull = true
            return response.once('drain', fill)
          }
        }
        return undefined
      }
      fill()
    })
    const { url } = await listening({ reach: { url: server.url }, rules: 'allow call *\nallow log *' })
    const headers = await session(url)
    const sent = request(url, { method: 'POST', headers: { accept, 'content-type': 'application/json', ...headers } })
    sent.on('error', () => {})
    sent.on('response', (response) => response.pause())
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...call(1, 'x') }))
    let before = -1
    while (!isFull || before !== written) {
      before = written
      await tick(200)
    }
    // What the buffers of four sockets hold, and no more.
    expect(written).toBeLessThan(40_000_000)
    sent.destroy()
  })
})
