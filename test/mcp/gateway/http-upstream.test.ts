import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import { gateway } from '../running-gateway.ts'
import { call, events, json, listening, post, session, upstream } from './listening.ts'

const tick = (milliseconds = 10) => new Promise((resolve) => setTimeout(resolve, milliseconds))

type OnCall = (message: JsonObject, response: ServerResponse, header: (name: string) => string | undefined) => void

/** A client on standard streams in front of a server over HTTP, greeted. */
async function behind(onCall: OnCall, onGet?: OnCall) {
  const server = await upstream((message, asked, response) => {
    const header = (name: string) => asked.headers[name] as string | undefined
    if (message.method === 'initialize') {
      const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} } }
      return json(response, { id: message.id ?? null, result }, { 'mcp-session-id': 'theirs' })
    }
    if (asked.method === 'GET' && onGet !== undefined) return onGet(message, response, header)
    if (asked.method === 'DELETE') return response.writeHead(204).end()
    if (message.id === undefined || message.method === undefined) {
      return response.writeHead(asked.method === 'GET' ? 405 : 202).end()
    }
    return onCall(message, response, header)
  })
  const running = gateway({ rules: 'allow call *\nallow log *\nallow elicit *', url: `${server.url}?key=ours` })
  await running.greet()
  return { ...running, ...server }
}

const done = (message: JsonObject): JsonObject => ({ id: message.id ?? null, result: { content: [] } })

describe('a server over HTTP', () => {
  it('is asked in its session and in its version, and the session is ended with the client', async () => {
    const { send, next, leave, status, seen, methods } = await behind((message, response) =>
      json(response, done(message)),
    )
    send(call(1, 'x'))
    expect(await next()).toMatchObject({ id: 1, result: { content: [] } })
    leave()
    expect(await status).toBe(0)
    expect(methods()).toEqual(['initialize', 'notifications/initialized', 'tools/call'])
    for (const { headers } of seen.slice(1)) {
      expect(headers).toMatchObject({ 'mcp-session-id': 'theirs', 'mcp-protocol-version': '2025-11-25' })
    }
    expect(seen.at(-1)?.method).toBe('DELETE')
  })

  it('answers byte for byte, but for the ends of lines', async () => {
    const { send, line } = await behind((message, response) => {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(`{\n  "result": {"content":[ ],\r\n "n":1.0,"u":"\\u00e9"},\n "id": ${message.id},"jsonrpc":"2.0"}`)
    })
    send(call(1, 'x'))
    expect(await line()).toBe('{"jsonrpc":"2.0","id":1,"result":{"content":[ ],   "n":1.0,"u":"\\u00e9"}}')
  })

  it('answers with a stream, and asks the client in it', async () => {
    let finish: () => void = () => {}
    const { send, next, methods } = await behind((message, response) => {
      const write = events(response)
      write({ id: 'q', method: 'elicitation/create', params: { message: 'sure?' } })
      finish = () => write(done(message))
    })
    send(call(1, 'x'))
    const question = await next()
    expect(question).toMatchObject({ method: 'elicitation/create' })
    send({ id: question.id ?? null, result: { action: 'accept' } })
    await tick(100)
    expect(methods()).toHaveLength(3)
    finish()
    expect(await next()).toMatchObject({ id: 1, result: {} })
  })

  it('is gone on with after the last event of a stream that breaks', async () => {
    let asked: JsonObject = {}
    const { send, next, seen } = await behind(
      (message, response) => {
        asked = message
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end('id: e1\nretry: 10\ndata: \n\n')
      },
      (_, response, header) => {
        if (header('last-event-id') === undefined) return response.writeHead(405).end()
        return events(response)(done(asked), 'e2')
      },
    )
    send(call(1, 'x'))
    expect(await next()).toMatchObject({ id: 1, result: {} })
    expect(seen.map(({ headers }) => headers['last-event-id']).filter(Boolean)).toEqual(['e1'])
  })

  it('is heard on outside any request, again after the stream ends', async () => {
    let streams = 0
    const { next } = await behind(
      () => {},
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const params = { level: 'info', data: `${++streams}` }
        const message = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params })
        response.write(`retry: 10\nid: ${streams}\ndata: ${message}\n\n`)
        if (streams === 1) response.end()
      },
    )
    expect(await next()).toMatchObject({ params: { data: '1' } })
    expect(await next()).toMatchObject({ params: { data: '2' } })
  })

  it('is not asked again at once, whatever it says of the time', async () => {
    const asked: number[] = []
    const { send } = await behind(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end('id: a\nretry: 0\ndata: \n\n')
      },
      (_, response, header) => {
        asked.push(Date.now())
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        // Always further on, so that to ask once more is not in vain.
        response.end(`id: ${header('last-event-id') ?? ''}+\nretry: 0\ndata: \n\n`)
      },
    )
    send(call(1, 'x'))
    await tick(400)
    expect(asked.length).toBeGreaterThan(1)
    expect(asked.length).toBeLessThan(12)
  })

  it('is heard once, however often the client says that it is ready', async () => {
    const gets: unknown[] = []
    const { send, next } = await behind(
      (message, response) => json(response, done(message)),
      (_, response) => gets.push(events(response)),
    )
    for (let i = 0; i < 5; i++) send({ method: 'notifications/initialized' })
    send(call(1, 'x'))
    await next()
    await tick(50)
    expect(gets).toHaveLength(1)
  })

  it('may name events, and the revision, as no header can be written', async () => {
    const server = await upstream((message, asked, response) => {
      if (asked.method === 'GET') {
        if (asked.headers['last-event-id'] === undefined) return response.writeHead(405).end()
        return events(response)({ id: 9, result: { content: [] } }, 'e')
      }
      if (message.method === 'initialize') {
        return json(response, { id: message.id ?? null, result: { protocolVersion: '1\r\nx: y', capabilities: {} } })
      }
      if (message.id === undefined) return response.writeHead(202).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('id: \u4e00\nretry: 10\ndata: \n\nid: \u0001\ndata: \n\n')
    })
    const { greet, send } = gateway({ rules: 'allow call *', url: server.url })
    await greet()
    send(call(1, 'x'))
    while (!server.seen.some(({ headers }) => headers['last-event-id'] !== undefined)) await tick()
    const resumed = server.seen.flatMap(({ headers }) => headers['last-event-id'] ?? [])
    expect(resumed.map((id) => Buffer.from(String(id), 'latin1').toString('utf8'))).toEqual(['\u4e00'])
    expect(server.seen.every((asked) => !('x' in asked.headers) && !('mcp-protocol-version' in asked.headers))).toBe(
      true,
    )
  })

  it('that answers no notification has clients wait before too many of them are kept', async () => {
    const unanswered: ServerResponse[] = []
    const server = await upstream((message, asked, response) => {
      if (message.method === 'initialize') {
        return json(response, { id: message.id ?? null, result: { protocolVersion: '2025-11-25', capabilities: {} } })
      }
      if (message.method === 'notifications/roots/list_changed') return unanswered.push(response)
      return response.writeHead(asked.method === 'GET' ? 405 : 202).end()
    })
    const { url } = await listening({ reach: { url: server.url } })
    const headers = await session(url)
    const params = { _meta: { 'x.y/z': 'x'.repeat(200_000) } }
    let taken = 0
    const posting = (async () => {
      for (; taken < 20; taken++) await post(url, { method: 'notifications/roots/list_changed', params }, headers)
    })()
    await tick(500)
    const first = taken
    // What waits is let in as soon as there is room.
    const answering = setInterval(() => {
      for (const response of unanswered.splice(0)) response.writeHead(202).end()
    }, 5)
    await posting
    clearInterval(answering)
    expect(first).toBeLessThan(20)
  })

  const failures: readonly (readonly [what: string, answer: OnCall, message: string])[] = [
    ['an error of its own', (_, response) => response.writeHead(500).end('oops'), 'answered with HTTP 500'],
    [
      'a redirection',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      'answered with HTTP 307',
    ],
    ['no JSON', (_, response) => response.writeHead(200).end('hello'), 'cannot be read'],
    ['nothing', (_, response) => response.writeHead(202).end(), 'answered with HTTP 202'],
    [
      'a stream that ends early',
      (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: \n\n'),
      'ended its answer early',
    ],
    ['half of a body', (_, response) => half(response), 'cannot be read'],
    [
      'a body of 10 MB',
      (message, response) => json(response, { ...done(message), x: 'x'.repeat(10_000_000) }),
      'cannot be read',
    ],
    ['the end of the connection', (_, response) => response.destroy(), 'cannot be reached'],
  ]
  const half = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write('{"jsonrpc":"2.0",')
    setTimeout(() => response.destroy(), 20)
  }

  it('that answers with something else fails that call, and is asked on', async () => {
    let answer: OnCall = () => {}
    const { send, next } = await behind((message, response, header) =>
      message.method === 'ping'
        ? json(response, { id: message.id ?? null, result: {} })
        : answer(message, response, header),
    )
    for (const [i, [what, wrong, message]] of failures.entries()) {
      answer = wrong
      send(call(i, 'x'))
      const { id, error } = (await next()) as { id: number; error: { code: number; message: string } }
      expect([what, id, error.code, error.message]).toEqual([what, i, -32603, expect.stringContaining(message)])
      send({ id: 'p', method: 'ping' })
      expect(await next()).toMatchObject({ id: 'p', result: {} })
    }
  })

  it('is not asked over a connection that it may be about to close', async () => {
    const sockets = new Set<unknown>()
    const { send, next } = await behind((message, response) => {
      sockets.add(response.socket)
      json(response, done(message))
    })
    for (const [id, pause] of [0, 0, 1200].entries()) {
      await tick(pause)
      send(call(id, 'x'))
      await next()
    }
    expect(sockets.size).toBe(2)
  })

  it('passes on an error that it gives for the request, whatever its status in HTTP', async () => {
    const { send, next } = await behind((message, response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32020, message: 'no' } }))
    })
    send(call(1, 'x'))
    expect(await next()).toMatchObject({ id: 1, error: { code: -32020, message: 'no' } })
  })

  it('that does not accept the credentials is told to the operator, not to the client', async () => {
    const { send, line, told, errors } = await behind((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="theirs"' }).end(),
    )
    send(call(1, 'x'))
    expect(await line()).not.toContain('theirs')
    await told('does not accept the credentials of the gateway (HTTP 401)')
    expect(errors()).not.toContain('key=ours')
  })

  it('that has lost the session ends the gateway; what waits is answered', async () => {
    const { send, next, status } = await behind((_, response) => response.writeHead(404).end())
    send(call(1, 'x'))
    expect(await next()).toMatchObject({ id: 1, error: { message: 'the server has stopped' } })
    expect(await status).toBe(1)
  })

  it('is told of what is cancelled, in a session', async () => {
    const { send, methods } = await behind((_, response) => void events(response))
    send(call(1, 'x'))
    await tick(100)
    send({ method: 'notifications/cancelled', params: { requestId: 1 } })
    while (!methods().includes('notifications/cancelled')) await tick()
  })

  it('keeps no connection for what is taken back in a session, and is not asked for the rest of it', async () => {
    let open = 0
    const { send, seen, methods } = await behind((message, response) => {
      if ((message.params as { name?: string }).name === 'breaks') {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        return response.end('id: e1\nretry: 150\ndata: \n\n')
      }
      open++
      response.on('close', () => open--)
      return events(response)
    })
    const names = ['x', 'y', 'z', 'breaks']
    for (const [id, name] of names.entries()) send(call(id, name))
    while (methods().length < 6 || open < 3) await tick()
    await tick(50)
    for (const id of names.keys()) send({ method: 'notifications/cancelled', params: { requestId: id } })
    while (open > 0) await tick()
    expect(methods().filter((method) => method === 'notifications/cancelled').length).toBeGreaterThan(0)
    await tick(250)
    expect(seen.filter(({ headers }) => headers['last-event-id'] !== undefined)).toEqual([])
  })

  it('that has answered and goes on is not heard any more; what comes over its connection then is', async () => {
    let open = 0
    let finish: () => void = () => {}
    const { send, next } = await behind((message, response) => {
      const { name } = message.params as { name: string }
      if (name === 'quick') return json(response, done(message))
      if (name === 'slow') {
        finish = () => json(response, done(message))
        return undefined
      }
      open++
      response.on('close', () => open--)
      return events(response)(done(message))
    })
    for (const id of [0, 1, 2]) {
      send(call(id, 'endless'))
      await next()
    }
    expect(open).toBe(3)
    send(call(3, 'quick'))
    await next()
    send(call(4, 'slow'))
    while (open > 0) await tick()
    await tick(200)
    finish()
    expect(await next()).toMatchObject({ id: 4, result: {} })
  })

  it('is not told that its greeting is taken back, which cannot be', async () => {
    let finish: () => void = () => {}
    const server = await upstream((message, _, response) => {
      if (message.method !== 'initialize') return response.writeHead(202).end()
      finish = () => json(response, { id: message.id ?? null, result: { protocolVersion: '2025-11-25' } })
      return undefined
    })
    const { send, next } = gateway({ rules: 'allow call *', url: server.url })
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } })
    while (server.methods().length === 0) await tick()
    send({ method: 'notifications/cancelled', params: { requestId: 1 } })
    await tick(50)
    finish()
    expect(await next()).toMatchObject({ id: 1, result: { protocolVersion: '2025-11-25' } })
    expect(server.methods()).not.toContain('notifications/cancelled')
  })

  it('that is not there fails each request', async () => {
    const { send, next } = gateway({ rules: 'allow call *', url: 'http://127.0.0.1:1/mcp' })
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } })
    expect(await next()).toMatchObject({ id: 1, error: { message: 'the server cannot be reached: ECONNREFUSED' } })
  })
})
