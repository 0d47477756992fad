import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import type { Lock } from '../../../src/lock/format.ts'
import type { Principal } from '../../../src/surfaces/mcp/enforcement/principal.ts'
import { readBody } from '../../../src/surfaces/mcp/http/body.ts'
import { type GuardHandlerOptions, guardHandler } from '../../../src/surfaces/mcp/http/guard-handler.ts'
import { enforced, lockOf } from '../guarded.ts'
import type { Policy } from '../skins/skins.ts'

const metadata = 'https://s.dev/.well-known/oauth-protected-resource'
const rules = `
  allow call open if scope("write") or args.path == "public"
  allow call region
  allow read "note://{id}"
`
const callers: Readonly<Record<string, Principal>> = {
  ann: { actor: 'User:ann' },
  'ann who writes': { actor: 'User:ann', token: { scopes: ['write'] } },
  bob: { actor: 'User:bob' },
}

interface Answer {
  status?: number
  headers?: Record<string, string>
  /** An object is sent as JSON. */
  body?: JsonObject | string | ReadableStream<Uint8Array>
}

/** What has reached the server, and the endpoint before it. */
function endpoint(
  answer: (message: JsonObject | undefined, request: Request) => Answer = result,
  more: Partial<GuardHandlerOptions<object>> = {},
  policy = enforced(rules, undefined) as Policy,
) {
  const reached: { request: Request; message: JsonObject | undefined }[] = []
  const fetch = guardHandler(
    async (request) => {
      const text = await request.text()
      const message = text === '' ? undefined : (JSON.parse(text) as JsonObject)
      reached.push({ request, message })
      const { status = 200, headers, body = '' } = answer(message, request)
      if (typeof body === 'string' || body instanceof ReadableStream)
        return new Response(body || null, { status, ...(headers && { headers }) })
      return Response.json(body, { status, ...(headers && { headers }) })
    },
    policy.engine,
    {
      server: 's',
      resourceMetadata: metadata,
      report: () => {},
      authenticate: (request) => callers[request.headers.get('authorization')?.replace('Bearer ', '') ?? ''],
      ...more,
    },
  )
  return { fetch, reached }
}

function result(message: JsonObject | undefined): Answer {
  return { body: { jsonrpc: '2.0', id: message?.id ?? null, result: { content: [] } } }
}

/** What is in a lock, and a result for whatever else is asked. */
function offering(lock: Lock): (message: JsonObject | undefined) => Answer {
  return (message) => {
    const list = message?.method === 'tools/list' ? { tools: lock.tools as unknown as JsonObject[] } : undefined
    const empty = { prompts: [], resources: [], resourceTemplates: [] }
    return { body: { jsonrpc: '2.0', id: message?.id ?? null, result: list ?? { ...empty, content: [] } } }
  }
}

function post(message: unknown, headers: Record<string, string> = {}, who = 'ann'): Request {
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(who === '' ? {} : { authorization: `Bearer ${who}` }),
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  })
}

function call(path: string, more: JsonObject = {}): JsonObject {
  return { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'open', arguments: { path }, ...more } }
}

const encoder = new TextEncoder()

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {} },
}

async function check(response: Promise<Response>, status: number, error?: object): Promise<Response> {
  const answered = await response
  expect(answered.status).toBe(status)
  if (error !== undefined) expect(await answered.clone().json()).toMatchObject({ error })
  return answered
}

describe('a caller', () => {
  it('without credentials is told where to get them', async () => {
    const { fetch, reached } = endpoint()
    const answered = await check(fetch(post(call('public'), {}, '')), 401)
    expect(answered.headers.get('www-authenticate')).toBe(`Bearer resource_metadata="${metadata}"`)
    expect(reached).toEqual([])
  })

  it('with credentials that nobody accepts is told so', async () => {
    const answered = await check(endpoint().fetch(post(call('public'), {}, 'forged')), 401)
    expect(answered.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  it('without a scope that would do is told which, and with it is let through', async () => {
    const { fetch } = endpoint()
    const answered = await check(fetch(post(call('x'))), 403, {
      code: -32003,
      data: { missing: { scopes: ['write'] } },
    })
    expect(await answered.json()).toMatchObject({ id: 7 })
    expect(answered.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", error_description="more scopes are required", scope="write", resource_metadata="${metadata}"`,
    )
    expect(answered.headers.get('cache-control')).toBe('no-store')
    await check(fetch(post(call('x'), {}, 'ann who writes')), 200)
  })

  it('is denied within JSON-RPC where no token would help', async () => {
    const secret = { ...call('x'), params: { name: 'secret', arguments: {} } }
    const answered = await check(endpoint().fetch(post(secret)), 200, { code: -32003 })
    expect(answered.headers.has('www-authenticate')).toBe(false)
  })

  it('is nobody where that cannot be found out', async () => {
    const { fetch, reached } = endpoint(result, {
      authenticate: () => {
        throw new Error('the key is not there')
      },
    })
    await check(fetch(post(call('public'))), 500, { code: -32603 })
    expect(reached).toEqual([])
  })
})

describe('a request', () => {
  it.each<[string, Request, number, number]>([
    ['a batch', post([call('public')]), 400, -32600],
    ['no JSON', post('{'), 400, -32700],
    ['a member twice', post('{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}'), 400, -32700],
    ['no message', post({ id: 1 }), 400, -32600],
    ['a batch of nothing', post([]), 400, -32600],
    ['another type', post(call('public'), { 'content-type': 'text/plain' }), 415, -32600],
    ['an encoding', post(call('public'), { 'content-encoding': 'gzip' }), 415, -32600],
    ['another method', new Request('http://localhost/mcp', { method: 'PUT' }), 405, -32600],
    ['too much', post(`"${'x'.repeat(4 * 1024 * 1024)}"`), 413, -32700],
    [
      'a number that the server would round',
      post(
        '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"region","arguments":{"n":9007199254740993}}}',
      ),
      400,
      -32700,
    ],
    ['a page elsewhere', post(call('public'), { origin: 'https://evil.dev' }), 403, -32003],
  ])('with %s is refused', async (_, request, status, code) => {
    const { fetch, reached } = endpoint(result, { origins: ['https://app.acme.dev'] })
    await check(fetch(request), status, { code })
    expect(reached).toEqual([])
  })

  it('of a page that may call is let through', async () => {
    const { fetch } = endpoint(result, { origins: ['https://app.acme.dev'] })
    await check(fetch(post(call('public'), { origin: 'https://app.acme.dev' })), 200)
  })

  it('that does not come to an end is given up', async () => {
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
    })
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ann' },
      body: endless,
      duplex: 'half',
    })
    await check(endpoint(result, { bodyTimeout: 20 }).fetch(request), 408, { code: -32700 })
  })

  it('is passed on as it was judged, written anew, and answered as it was sent', async () => {
    const { fetch, reached } = endpoint()
    const answered = await check(fetch(post({ ...call('public', { input: 'x' }), extra: 1 })), 200)
    expect(reached[0]?.message).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'open', arguments: { path: 'public' } },
    })
    expect(await answered.json()).toEqual({ jsonrpc: '2.0', id: 7, result: { content: [] } })
  })

  it('is passed on as the JSON that was judged, in whatever character set its sender claims it is', async () => {
    const { fetch, reached } = endpoint()
    await check(fetch(post(call('public'), { 'content-type': 'application/json; charset=utf-7' })), 200)
    expect(reached[0]?.request.headers.get('content-type')).toBe('application/json')
  })

  it('whose body comes in very many pieces takes no more memory than its bytes', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const used = (): number => {
      gc()
      return process.memoryUsage().heapUsed
    }
    const piece = encoder.encode(' ')
    const before = used()
    let taken = 0
    let left = 100_000
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (--left > 0) return controller.enqueue(piece)
        taken = used() - before
        controller.close()
      },
    })
    await readBody(new Response(body), 60_000)
    expect(taken).toBeLessThan(8 * 1024 * 1024)
  })

  it('whose body somebody has read already is judged like any other', async () => {
    const { fetch, reached } = endpoint()
    const read = { parsedBody: call('x') }
    await check(fetch(post(''), read), 403)
    await check(fetch(post(''), { parsedBody: [call('public')] }), 400)
    expect(reached).toEqual([])
    await check(fetch(post(''), { parsedBody: call('public') }), 200)
  })
})

describe('a header that repeats the body', () => {
  const version = '2026-07-28'
  const modern = (params: JsonObject, method = 'tools/call'): JsonObject => ({
    jsonrpc: '2.0',
    id: 7,
    method,
    params: { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': version } },
  })
  const said = { 'mcp-method': 'tools/call', 'mcp-name': 'open', 'mcp-protocol-version': version }
  const open = modern({ name: 'open', arguments: { path: 'public' } })

  it.each<[string, JsonObject, Record<string, string>]>([
    ['another method', open, { ...said, 'mcp-method': 'tools/list' }],
    ['another name', open, { ...said, 'mcp-name': 'region' }],
    ['another name, encoded', open, { ...said, 'mcp-name': '=?base64?cmVnaW9u?=' }],
    ['another name, behind a byte order mark', open, { ...said, 'mcp-name': '=?base64?77u/b3Blbg==?=' }],
    ['an encoding that is none', open, { ...said, 'mcp-name': '=?base64?b3Blbg=?=' }],
    ['a name twice', open, { ...said, 'mcp-name': 'open, region' }],
    ['another version', open, { ...said, 'mcp-protocol-version': '2025-11-25' }],
    ['no method', open, { 'mcp-name': 'open', 'mcp-protocol-version': version }],
    ['no name', open, { 'mcp-method': 'tools/call', 'mcp-protocol-version': version }],
    ['no version', open, { 'mcp-method': 'tools/call', 'mcp-name': 'open' }],
    ['a name where there is none', modern({}, 'tools/list'), { ...said, 'mcp-method': 'tools/list' }],
    ['an argument that is not there', open, { ...said, 'mcp-param-region': 'eu' }],
    ['another method, before 2026-07-28', call('public'), { 'mcp-method': 'tools/list' }],
    [
      'another URI',
      modern({ uri: 'note://a' }, 'resources/read'),
      { ...said, 'mcp-method': 'resources/read', 'mcp-name': 'note://b' },
    ],
  ])('with %s is refused', async (_, message, headers) => {
    const { fetch, reached } = endpoint()
    await check(fetch(post(message, headers)), 400, { code: -32020 })
    expect(reached).toEqual([])
  })

  it.each<[string, JsonObject, Record<string, string>]>([
    ['as it is', open, said],
    ['encoded', open, { ...said, 'mcp-name': '=?base64?b3Blbg==?=' }],
    ['with an argument', open, { ...said, 'mcp-param-path': 'public' }],
    ['not there before 2026-07-28', call('public'), {}],
  ])('%s is let through', async (_, message, headers) => {
    await check(endpoint().fetch(post(message, headers)), 200)
  })

  it('is compared with the argument that the locked schema names', async () => {
    const region = { type: 'string', 'x-mcp-header': 'Region' }
    const inputSchema = {
      type: 'object',
      properties: {
        to: { type: 'object', properties: { region } },
        n: { type: 'integer', 'x-mcp-header': 'N' },
        other: { type: 'string' },
      },
    }
    const lock = lockOf({ tools: [{ name: 'region', inputSchema }] })
    const { fetch } = endpoint(offering(lock), {}, enforced('allow call region', lock) as Policy)
    const message = modern({ name: 'region', arguments: { to: { region: 'eu' }, n: 5, other: 'us' } })
    const named = { ...said, 'mcp-name': 'region' }
    await check(fetch(post(message, { ...named, 'mcp-param-region': 'eu', 'mcp-param-n': '5' })), 200)
    await check(fetch(post(message, { ...named, 'mcp-param-region': 'us', 'mcp-param-n': '5' })), 400, { code: -32020 })
    await check(fetch(post(message, { ...named, 'mcp-param-n': '5' })), 400, { code: -32020 })
  })

  it('tells nothing of a tool that is hidden', async () => {
    const inputSchema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
    const lock = lockOf({ tools: ['region', 'open'].map((name) => ({ name, inputSchema })) })
    const { fetch } = endpoint(offering(lock), {}, enforced('allow call open', lock) as Policy)
    const answers = ['region', 'no_such'].map(async (name) => {
      const message = modern({ name, arguments: { region: 'eu' } })
      const answered = await check(fetch(post(message, { ...said, 'mcp-name': name })), 200, { code: -32003 })
      return (await answered.text()).replaceAll(name, 'it')
    })
    const [hidden, missing] = await Promise.all(answers)
    expect(hidden).toBe(missing)
  })
})

describe('a session', () => {
  const begin = (message: JsonObject | undefined): Answer => ({
    ...result(message),
    ...(message?.method === 'initialize' ? { headers: { 'mcp-session-id': 'one' } } : {}),
  })
  const inSession = { 'mcp-session-id': 'one' }

  it('is its principal’s: to anybody else there is none', async () => {
    const { fetch, reached } = endpoint(begin)
    await check(fetch(post(call('public'), inSession)), 404)
    await check(fetch(post(initialize)), 200)
    await check(fetch(post(call('public'), inSession)), 200)
    await check(fetch(post(call('x'), inSession, 'ann who writes')), 200)
    const count = reached.length
    for (const method of ['GET', 'DELETE']) {
      const headers = { authorization: 'Bearer bob', ...inSession }
      await check(fetch(new Request('http://localhost/mcp', { method, headers })), 404)
    }
    await check(fetch(post(call('public'), inSession, 'bob')), 404)
    expect(reached).toHaveLength(count)
  })

  it('that has begun with the id of somebody else’s does not begin', async () => {
    const { fetch } = endpoint(begin)
    await check(fetch(post(initialize)), 200)
    await check(fetch(post(initialize, {}, 'bob')), 500)
    await check(fetch(post(call('public'), inSession)), 200)
  })

  it('ends when its principal ends it', async () => {
    const { fetch } = endpoint(begin)
    await check(fetch(post(initialize)), 200)
    const headers = { authorization: 'Bearer ann', ...inSession }
    await check(fetch(new Request('http://localhost/mcp', { method: 'DELETE', headers })), 200)
    await check(fetch(post(call('public'), inSession)), 404)
  })

  it('has a stream of what its principal may hear', async () => {
    const events = [
      { method: 'notifications/resources/updated', params: { uri: 'secret://x' } },
      { method: 'notifications/message', params: { level: 'info', data: 'x' } },
      { method: 'notifications/resources/updated', params: { uri: 'note://a' } },
      { id: 9, method: 'elicitation/create', params: { message: 'password?' } },
    ]
    const stream = events
      .map((event, i) => `id: ${i}\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...event })}\n\n`)
      .join('')
    const answered: JsonObject[] = []
    const { fetch } = endpoint((message, { method }) => {
      if (method === 'GET') return { headers: { 'content-type': 'text/event-stream' }, body: stream }
      if (message?.method === undefined && message !== undefined) answered.push(message)
      return begin(message)
    })
    await check(fetch(post(initialize)), 200)
    const headers = { authorization: 'Bearer ann', ...inSession }
    const heard = await check(fetch(new Request('http://localhost/mcp', { headers })), 200)
    const text = await heard.text()
    expect(text.match(/data: .*/g)).toEqual([
      'data: {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"note://a"}}',
    ])
    expect(text.match(/id: \d/g)).toEqual(['id: 0', 'id: 1', 'id: 2', 'id: 3'])
    // The server is told that its question was refused.
    expect(answered).toMatchObject([{ id: 9, error: { code: -32003 } }])
  })
})

describe('what a client answers the server', () => {
  it('is an error where it cannot be read', async () => {
    const asks = { jsonrpc: '2.0', id: 9, method: 'elicitation/create', params: { message: 'name?' } }
    const { fetch, reached } = endpoint(
      (message, { method }) => {
        if (method === 'GET')
          return { headers: { 'content-type': 'text/event-stream' }, body: `data: ${JSON.stringify(asks)}\n\n` }
        return message?.method === 'initialize'
          ? { ...result(message), headers: { 'mcp-session-id': 'one' } }
          : { status: 202 }
      },
      {},
      enforced('allow elicit *', undefined) as Policy,
    )
    await check(fetch(post(initialize)), 200)
    const headers = { authorization: 'Bearer ann', 'mcp-session-id': 'one' }
    const asked = await (await fetch(new Request('http://localhost/mcp', { headers }))).text()
    const { id = null } = JSON.parse(asked.slice('data: '.length)) as JsonObject
    await check(fetch(post({ jsonrpc: '2.0', id, result: 5 }, headers)), 202)
    expect(reached.at(-1)?.message).toMatchObject({ id: 9, error: { code: -32603 } })
  })
})

describe('a guard', () => {
  const lock = lockOf({ tools: [{ name: 'open', inputSchema: { type: 'object' } }] })
  const locked = enforced('allow call open', lock) as Policy

  it('lets nobody else’s request keep it from finding out what the server offers', async () => {
    let isGivenUp = false
    const offer = offering(lock)
    const { fetch } = endpoint(
      (message) => {
        if (message?.method !== 'tools/list' || isGivenUp) return offer(message)
        isGivenUp = true
        throw new Error('the client is gone')
      },
      {},
      locked,
    )
    const both = await Promise.all([fetch(post(call('a'))), fetch(post(call('b'), {}, 'bob'))])
    expect(await both[0].json()).toHaveProperty('error')
    expect(await both[1].json()).toHaveProperty('result')
  })

  it('judges what the server says by itself by the policy that is in force by then', async () => {
    const policy = enforced('allow read "note://{id}"', undefined)
    let hear: (event: string) => void = () => {}
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        hear = (event) => {
          controller.enqueue(encoder.encode(`data: ${event}\n\n`))
          controller.close()
        }
      },
    })
    const streamed = { headers: { 'content-type': 'text/event-stream' }, body }
    const { fetch } = endpoint(() => streamed, {}, policy as Policy)
    const stream = await fetch(new Request('http://localhost/mcp', { headers: { authorization: 'Bearer ann' } }))
    const notSeen = lockOf({ resourceTemplates: [{ uriTemplate: 'note://{id}', name: 'note' }] })
    policy.engine.replace(enforced('allow read "note://{id}"', notSeen).engine.policy)
    const params = { uri: 'note://a' }
    hear(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/resources/updated', params }))
    expect(await stream.text()).not.toContain('note://a')
  })

  it('ends a stream when the credentials that have opened it expire, and the work behind it', async () => {
    let isOpen = true
    const endless = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(encoder.encode(': \n\n')),
        cancel: () => {
          isOpen = false
        },
      })
    const authenticate = () => ({ actor: 'User:ann', token: { scopes: ['write'], exp: Date.now() / 1000 - 5 } })
    const headers = { 'content-type': 'text/event-stream' }
    const { fetch } = endpoint(() => ({ headers, body: endless() }), { authenticate })
    const text = await (await fetch(post(call('public')))).text()
    expect(text).toContain('"id":7,"error":{"code":-32603,"message":"the credentials have expired"}')
    expect(isOpen).toBe(false)
  })

  it('sends what a confirmed call is answered with on a stream, however its server writes the type', async () => {
    const policy = enforced('allow call open if confirmed()', undefined) as Policy
    const answered = (message: JsonObject | undefined): Answer =>
      message?.method === 'initialize'
        ? { ...result(message), headers: { 'mcp-session-id': 'one' } }
        : {
            headers: { 'content-type': 'Text/Event-Stream; charset=utf-16' },
            body: `data: {"jsonrpc":"2.0","id":${JSON.stringify(message?.id)},"result":{"content":[]}}\n\n`,
          }
    const { fetch } = endpoint(answered, { carriesConsent: () => true }, policy)
    const params = { protocolVersion: '2025-11-25', capabilities: { elicitation: {} } }
    await fetch(post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
    const waiting = await fetch(post(call('open'), { 'mcp-session-id': 'one' }))
    const yes = { jsonrpc: '2.0', id: 1, result: { action: 'accept', content: { confirm: true } } }
    await fetch(post(yes, { 'mcp-session-id': 'one' }))
    expect(await waiting.text()).toMatch(/elicitation.*\n\ndata: \{"jsonrpc":"2.0","id":7,"result"/s)
  })

  it('waits for no confirmation longer than the credentials of the call are good', async () => {
    const authenticate = () => ({ actor: 'User:ann', expires: Date.now() })
    const policy = enforced('allow call open if confirmed()', undefined) as Policy
    const answered = (message: JsonObject | undefined): Answer => ({
      ...result(message),
      ...(message?.method === 'initialize' ? { headers: { 'mcp-session-id': 'one' } } : {}),
    })
    const { fetch, reached } = endpoint(answered, { authenticate, carriesConsent: () => true }, policy)
    const params = { protocolVersion: '2025-11-25', capabilities: { elicitation: {} } }
    await fetch(post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
    const waiting = await fetch(post(call('a'), { 'mcp-session-id': 'one' }))
    const text = await waiting.text()
    expect(text).toContain('elicitation/create')
    expect(text).toContain('"id":7,"error":{"code":-32603,"message":"the credentials have expired"}')
    const [, question = ''] = /data: (\{.*elicitation.*\})/.exec(text) ?? []
    const { id } = JSON.parse(question) as { id: number }
    const yes = { jsonrpc: '2.0', id, result: { action: 'accept', content: { confirm: true } } }
    await fetch(post(yes, { 'mcp-session-id': 'one' }))
    expect(reached.map(({ message }) => message?.method)).not.toContain('tools/call')
  })

  it('reports what was thrown in one line, which steers no terminal', async () => {
    const reports: string[] = []
    const { fetch } = endpoint(result, {
      report: (problem) => reports.push(problem),
      audit: () => {
        throw new Error('no room\n\u009b2J')
      },
    })
    await check(fetch(post(call('public'))), 200, { code: -32603 })
    expect(reports).toEqual(['the audit record could not be written: no room\\u{a}\\u{9b}2J'])
  })

  it('goes on where nobody takes its reports', async () => {
    const { fetch } = endpoint(
      () => {
        throw new Error('gone')
      },
      {
        report: () => {
          throw new Error('the disk is full')
        },
      },
    )
    await check(fetch(post(call('public'))), 502, { code: -32603 })
  })
})

describe('an answer of the server', () => {
  const answered = (answer: Answer) => endpoint(() => answer).fetch(post(call('public')))
  const lost = { code: -32603 }

  it('without an id is about the one request', async () => {
    const error = { code: -32022, message: 'Unsupported protocol version', data: { supported: ['2025-11-25'] } }
    const response = await check(answered({ status: 400, body: { jsonrpc: '2.0', id: null, error } }), 400, error)
    expect(await response.json()).toMatchObject({ id: 7 })
  })

  it.each<[string, Answer]>([
    ['no JSON', { body: 'hello' }],
    ['nothing', { status: 200 }],
    ['a web page', { body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['another id', { body: { jsonrpc: '2.0', id: 99, result: {} } }],
    ['several messages', { body: [{ jsonrpc: '2.0', id: 1, result: {} }] as never }],
    ['a member twice', { body: '{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}' }],
  ])('that is %s is none', async (_, answer) => {
    await check(answered(answer), 200, lost)
  })

  it.each([202, 204, 307])('with %i is none that its client would look at, or go elsewhere for', async (status) => {
    const headers = { location: 'https://evil.dev/mcp' }
    const response = await check(answered({ status, headers }), 502, lost)
    expect(response.headers.has('location')).toBe(false)
    expect(await response.json()).toMatchObject({ id: 7 })
  })

  it('that does not come fails the request', async () => {
    const { fetch } = endpoint(() => {
      throw new Error('gone')
    })
    await check(fetch(post(call('public'))), 502, { code: -32603 })
  })

  it('is the same whatever pieces it comes in', async () => {
    const data = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'größer 🦊' }] } })
    const bytes = encoder.encode(`: hello\r\n\r\nevent: message\r\nid: 4\r\ndata: ${data}\r\n\r\n`)
    for (const size of [1, 2, 3, 7, 1000]) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size))
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          const piece = pieces.shift()
          if (piece === undefined) controller.close()
          else controller.enqueue(piece)
        },
      })
      const response = await check(answered({ headers: { 'content-type': 'text/event-stream' }, body }), 200)
      expect(await response.text()).toBe(`:\n\nid: 4\ndata: ${data.replace('"id":1', '"id":7')}\n\n`)
    }
  })

  it('that has not come when its stream ends is none', async () => {
    const response = await check(
      answered({ headers: { 'content-type': 'text/event-stream' }, body: ': hello\n\n' }),
      200,
    )
    expect(await response.text()).toContain('"id":7,"error":{"code":-32603')
  })

  it.each([
    ['is not waited for when nobody can hear it any more', '', undefined],
    ['is waited for where its stream can be taken up again', 'id: 1\n', -32600],
  ])('%s', async (_, id, code) => {
    const { fetch } = endpoint((message) => {
      if (message?.method === 'initialize') return { ...result(message), headers: { 'mcp-session-id': 'one' } }
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(encoder.encode(`${id}data: \n\n`)),
      })
      return { headers: { 'content-type': 'text/event-stream' }, body }
    })
    await check(fetch(post(initialize)), 200)
    const calling = () => check(fetch(post(call('public'), { 'mcp-session-id': 'one' })), 200)
    const reader = (await calling()).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    const again = (await calling()).body?.getReader()
    const text = new TextDecoder().decode((await again?.read())?.value)
    await again?.cancel()
    if (code === undefined) expect(text).toBe('data: \n\n')
    else expect(text).toContain(`"code":${code}`)
  })

  it('on a stream ends with an event that is too large', async () => {
    const body = `data: {"jsonrpc":"2.0","id":1,"result":{"x":"${'x'.repeat(9 * 1024 * 1024)}`
    const response = await check(answered({ headers: { 'content-type': 'text/event-stream' }, body }), 200)
    expect(await response.text()).toContain('"error":{"code":-32603')
  })

  it('that asks the client for what is not allowed is refused, in JSON and on a stream', async () => {
    const inputRequests = { q: { method: 'elicitation/create', params: { message: 'password?' } } }
    const message = { jsonrpc: '2.0', id: 1, result: { resultType: 'input_required', inputRequests } }
    await check(answered({ body: message }), 200, { code: -32003 })
    const stream = { headers: { 'content-type': 'text/event-stream' }, body: `data: ${JSON.stringify(message)}\n\n` }
    expect(await (await answered(stream)).text()).not.toContain('password')
  })

  it('is private to its caller', async () => {
    const read = { jsonrpc: '2.0', id: 7, method: 'resources/read', params: { uri: 'note://a' } }
    const { fetch } = endpoint((message) => ({
      body: { jsonrpc: '2.0', id: message?.id ?? null, result: { contents: [], ttlMs: 5, cacheScope: 'public' } },
    }))
    expect(await (await fetch(post(read))).json()).toMatchObject({ result: { cacheScope: 'private', ttlMs: 5 } })
  })
})
