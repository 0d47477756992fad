import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import {
  clientNotifications,
  clientRequests,
  serverNotifications,
  serverRequests,
} from '../../src/surfaces/mcp/protocol/methods.ts'
import { anyObject, errorOf, guard, lockOf } from './guarded.ts'

const lock = lockOf({
  tools: [
    { name: 'open', inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
    { name: 'secret', inputSchema: anyObject },
  ],
  prompts: [{ name: 'ask' }, { name: 'secret' }],
  resources: [
    { name: 'a', uri: 'note://a' },
    { name: 'x', uri: 'secret://x' },
  ],
  resourceTemplates: [
    { name: 'd', uriTemplate: 'doc://{id}' },
    { name: 'v', uriTemplate: 'vault://{id}' },
  ],
})

const permissive = `
  allow call open if args.path == "ok"
  allow get ask
  allow read, subscribe "note://{x}"
  allow read, subscribe "doc://{id}" if id == "1"
  allow complete ask, "doc://{id}"
  allow log, sample, elicit, roots *
`
const nothing = 'deny call open'

/** What the client may ask for with `permissive`, and what it may not; `hidden` is in the lock, `unknown` is not. */
const requests: readonly {
  method: string
  allowed: JsonObject
  denied?: JsonObject
  hidden?: JsonObject
  unknown?: JsonObject
}[] = [
  { method: 'initialize', allowed: { protocolVersion: '2025-11-25', capabilities: {} } },
  { method: 'ping', allowed: {} },
  { method: 'server/discover', allowed: {} },
  { method: 'tools/list', allowed: {} },
  { method: 'prompts/list', allowed: {} },
  { method: 'resources/list', allowed: {} },
  { method: 'resources/templates/list', allowed: {} },
  {
    method: 'tools/call',
    allowed: { name: 'open', arguments: { path: 'ok' } },
    denied: { name: 'open', arguments: { path: 'no' } },
    hidden: { name: 'secret', arguments: {} },
    unknown: { name: 'nobody', arguments: {} },
  },
  { method: 'prompts/get', allowed: { name: 'ask' }, hidden: { name: 'secret' }, unknown: { name: 'nobody' } },
  {
    method: 'resources/read',
    allowed: { uri: 'doc://1' },
    denied: { uri: 'doc://2' },
    hidden: { uri: 'secret://x' },
    unknown: { uri: 'nothing://x' },
  },
  {
    method: 'resources/subscribe',
    allowed: { uri: 'note://a' },
    denied: { uri: 'doc://2' },
    hidden: { uri: 'vault://1' },
    unknown: { uri: 'nothing://x' },
  },
  {
    method: 'completion/complete',
    allowed: { ref: { type: 'ref/prompt', name: 'ask' }, argument: { name: 'x', value: '' } },
    hidden: { ref: { type: 'ref/prompt', name: 'secret' }, argument: { name: 'x', value: '' } },
    unknown: { ref: { type: 'ref/prompt', name: 'nobody' }, argument: { name: 'x', value: '' } },
  },
  {
    method: 'completion/complete',
    allowed: { ref: { type: 'ref/resource', uri: 'doc://{id}' }, argument: { name: 'id', value: '' } },
    hidden: { ref: { type: 'ref/resource', uri: 'vault://{id}' }, argument: { name: 'id', value: '' } },
    unknown: { ref: { type: 'ref/resource', uri: 'nothing://{id}' }, argument: { name: 'id', value: '' } },
  },
  { method: 'logging/setLevel', allowed: { level: 'info' } },
]

const ofThings = [
  'resources/unsubscribe',
  'subscriptions/listen',
  'tasks/get',
  'tasks/result',
  'tasks/update',
  'tasks/cancel',
  'tasks/list',
]

describe('requests of the client', () => {
  it('are all here, or in the tests of the things that they are about', () => {
    expect(new Set([...requests.map(({ method }) => method), ...ofThings])).toEqual(new Set(clientRequests.keys()))
  })

  it.each(requests)('$method passes when it is allowed, with its parameters', async ({ method, allowed }) => {
    const { client } = guard(permissive, lock)
    const outcome = await client({ id: 7, method, params: allowed })
    const params = Object.keys(allowed).length === 0 ? {} : { params: allowed }
    expect(outcome).toEqual({ forwarded: { jsonrpc: '2.0', id: 1, method, ...params } })
  })

  const judged = requests.filter(({ hidden, method }) => hidden !== undefined || method === 'logging/setLevel')
  it.each(judged)('$method is denied by a policy that does not say otherwise', async ({ method, allowed }) => {
    const { client } = guard(nothing, lock)
    expect(errorOf(await client({ id: 7, method, params: allowed }))?.code).toBe(-32003)
  })

  it.each(judged)('$method is denied where the rule does not reach', async ({ method, denied }) => {
    if (denied === undefined) return
    expect(errorOf(await guard(permissive, lock).client({ id: 7, method, params: denied }))?.code).toBe(-32003)
  })

  it.each(judged)(
    '$method answers alike about what is hidden and what does not exist',
    async ({ method, hidden, unknown }) => {
      if (hidden === undefined || unknown === undefined) return
      const nameless = async (params: JsonObject): Promise<string> => {
        const outcome = await guard(permissive, lock).client({ id: 7, method, params })
        const names = [
          params.name,
          params.uri,
          (params.ref as JsonObject | undefined)?.name,
          (params.ref as JsonObject | undefined)?.uri,
        ]
        return names.reduce(
          (text: string, name) => (typeof name === 'string' ? text.replaceAll(name, '…') : text),
          JSON.stringify(outcome),
        )
      }
      expect(await nameless(hidden)).toBe(await nameless(unknown))
      expect(await nameless(hidden)).toContain('not permitted')
    },
  )

  it.each(['tools/list', 'tools/call', 'resources/read', 'ping', 'initialize'])(
    '%s is forwarded under a number of ours',
    async (method) => {
      const { client } = guard(permissive, lock)
      const params = requests.find((one) => one.method === method)?.allowed ?? {}
      expect(await client({ id: 'licet', method, params })).toMatchObject({ forwarded: { id: 1 } })
      expect(await client({ id: 1, method, params })).toMatchObject({ forwarded: { id: 2 } })
    },
  )

  it.each([
    'tools/delete',
    'TOOLS/CALL',
    'tools/call ',
    'roots/list',
    'sampling/createMessage',
    '__proto__',
    'constructor',
    '',
  ])('with the method %j are not part of the protocol, and denied', async (method) => {
    const { client, audit } = guard(permissive, lock)
    expect(errorOf(await client({ id: 7, method }))?.code).toBe(-32003)
    expect(audit).toMatchObject([{ decision: 'deny', reason: 'unknown-method' }])
  })

  it.each([
    ['tools/call', { name: 3 }],
    ['tools/call', { name: 'open', arguments: [] }],
    ['tools/call', {}],
    ['prompts/get', { name: 'ask', arguments: { x: 3 } }],
    ['resources/read', { uri: null }],
    ['resources/subscribe', {}],
    ['completion/complete', { ref: 'ask' }],
    ['completion/complete', { ref: { type: 'ref/other', name: 'ask' } }],
    ['subscriptions/listen', {}],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: 'all' } }],
    ['tasks/get', {}],
    ['tools/list', { cursor: 'made up' }],
    ['tools/list', { cursor: 3 }],
  ])('%s with %j is not what the method wants', async (method, params) => {
    expect(errorOf(await guard(permissive, lock).client({ id: 7, method, params }))?.code).toBe(-32602)
  })
})

describe('parameters', () => {
  it('that no rule looked at do not reach the server', async () => {
    const { client } = guard(permissive, lock)
    const params = { name: 'open', arguments: { path: 'ok' }, input: { path: 'no' }, _meta: { a: 1 } }
    expect(await client({ id: 7, method: 'tools/call', params, extra: true })).toEqual({
      forwarded: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'open', arguments: { path: 'ok' }, _meta: { a: 1 } },
      },
    })
  })

  it('that ask for log messages are left out where the log is not allowed', async () => {
    const params = { _meta: { 'io.modelcontextprotocol/logLevel': 'debug', a: 1 } }
    expect(await guard(nothing, lock).client({ id: 7, method: 'tools/list', params })).toMatchObject({
      forwarded: { params: { _meta: { a: 1 } } },
    })
    expect(await guard(permissive, lock).client({ id: 7, method: 'tools/list', params })).toMatchObject({
      forwarded: { params },
    })
  })
})

describe('requests of the server', () => {
  it('are all here', () => {
    expect([...serverRequests.keys()]).toEqual(['ping', 'sampling/createMessage', 'elicitation/create', 'roots/list'])
  })

  it.each([
    ['sampling/createMessage', 'sample', { messages: [], maxTokens: 1 }],
    ['elicitation/create', 'elicit', { message: 'name?', requestedSchema: {} }],
    ['roots/list', 'roots', {}],
  ])('%s reaches the client only where %s is allowed', async (method, action, params) => {
    const allowed = guard(`allow ${action} *`, lock)
    const outcome = await allowed.server({ id: 'q', method, params })
    expect(outcome).toMatchObject({ forwarded: { id: 1, method } })
    expect(await allowed.client({ id: 1, result: { ok: true } })).toEqual({
      forwarded: { jsonrpc: '2.0', id: 'q', result: { ok: true } },
    })
    expect(await allowed.client({ id: 1, result: { ok: true } })).toBe('dropped')

    const denied = guard(nothing, lock)
    expect(await denied.server({ id: 'q', method, params })).toMatchObject({
      answered: { id: 'q', error: { code: -32003 } },
    })
    expect(denied.audit).toMatchObject([{ action, decision: 'deny', resource: { server: 's', kind: 'server' } }])
  })

  it.each([{ result: 3 }, { error: 'no' }, {}])('are told of an answer that is none: %j', async (answer) => {
    const { client, server } = guard('allow roots *', lock)
    await server({ id: 'q', method: 'roots/list' })
    expect(await client({ id: 1, ...(answer as JsonObject) })).toMatchObject({
      forwarded: { id: 'q', error: { code: -32603 } },
    })
    expect(await client({ id: 1, ...(answer as JsonObject) })).toMatchObject({ answered: { error: { code: -32600 } } })
  })

  it.each(['tools/call', 'tasks/get', 'initialize', 'whatever'])('%s is denied', async (method) => {
    expect(await guard(permissive, lock).server({ id: 1, method })).toMatchObject({
      answered: { error: { code: -32003 } },
    })
  })

  it.each([
    ['sample', 'sampling/createMessage'],
    ['elicit', 'elicitation/create'],
    ['roots', 'roots/list'],
  ])('inside a result need %s too', async (action, method) => {
    const result = { resultType: 'input_required', inputRequests: { a: { method, params: {} } }, requestState: 'x' }
    const call = { name: 'open', arguments: { path: 'ok' } }
    const rules = 'allow call open'
    expect(await guard(`${rules} allow ${action} *`, lock).exchange('tools/call', call, { result })).toMatchObject({
      forwarded: { result },
    })
    expect(errorOf(await guard(rules, lock).exchange('tools/call', call, { result }))?.code).toBe(-32003)
  })

  it.each([{ a: { method: 'tools/call' } }, { a: 3 }, [], 'x', { a: { method: 'roots/list' }, b: { method: 'x' } }])(
    'inside a result that are none of them refuse it: %j',
    async (inputRequests) => {
      const { exchange } = guard('allow call open allow roots *', lock)
      const outcome = await exchange(
        'tools/call',
        { name: 'open', arguments: { path: 'ok' } },
        { result: { inputRequests } },
      )
      if (Array.isArray(inputRequests)) expect(errorOf(outcome)).toBeDefined()
      else expect(errorOf(outcome)?.code).toBe(-32003)
    },
  )

  it('inside an error that asks to open a URL need `elicit`', async () => {
    const call = { name: 'open', arguments: { path: 'ok' } }
    const error = {
      code: -32042,
      message: 'open this',
      data: { elicitations: [{ mode: 'url', elicitationId: 'e1', url: 'https://x.test', message: 'go' }] },
    }
    expect(errorOf(await guard('allow call open', lock).exchange('tools/call', call, { error }))?.code).toBe(-32003)
    const allowed = guard('allow call open allow elicit *', lock)
    expect(errorOf(await allowed.exchange('tools/call', call, { error }))?.code).toBe(-32042)
    const complete = (elicitationId: string) =>
      allowed.server({ method: 'notifications/elicitation/complete', params: { elicitationId } })
    expect(await complete('e1')).toHaveProperty('forwarded')
    expect(await complete('e2')).toBe('dropped')
  })
})

describe('notifications', () => {
  it('are all here', () => {
    expect([...clientNotifications.keys(), ...serverNotifications.keys()]).toHaveLength(14)
  })

  it.each(['notifications/initialized', 'notifications/roots/list_changed'])(
    '%s of the client passes',
    async (method) => {
      expect(await guard(nothing, lock).client({ method })).toEqual({ forwarded: { jsonrpc: '2.0', method } })
    },
  )

  it.each(['notifications/message', 'notifications/tools/list_changed', 'notifications/x', 'tools/call'])(
    '%s of the client is dropped',
    async (method) => {
      expect(await guard(permissive, lock).client({ method })).toBe('dropped')
    },
  )

  it.each(['tools', 'prompts', 'resources'])('%s list_changed of the server passes', async (list) => {
    expect(await guard(nothing, lock).server({ method: `notifications/${list}/list_changed` })).toHaveProperty(
      'forwarded',
    )
  })

  it.each(['notifications/initialized', 'notifications/x', 'tools/call', 'notifications/roots/list_changed'])(
    '%s of the server is dropped',
    async (method) => {
      expect(await guard(permissive, lock).server({ method })).toBe('dropped')
    },
  )

  it('of progress pass for a token of a request in flight, and no other', async () => {
    const { client, server } = guard(permissive, lock)
    const progress = (progressToken: unknown) =>
      server({ method: 'notifications/progress', params: { progressToken, progress: 1 } as JsonObject })
    expect(await progress('t')).toBe('dropped')
    await client({
      id: 7,
      method: 'tools/call',
      params: { name: 'open', arguments: { path: 'ok' }, _meta: { progressToken: 't' } },
    })
    await client({ id: 8, method: 'tools/call', params: { name: 'secret', _meta: { progressToken: 'u' } } })
    expect(await progress('t')).toHaveProperty('forwarded')
    expect(await progress('u')).toBe('dropped')
    expect(await progress(undefined)).toBe('dropped')
    await server({ id: 1, result: {} })
    expect(await progress('t')).toBe('dropped')
  })

  it('of log messages pass where `log` is allowed', async () => {
    const message = { method: 'notifications/message', params: { level: 'info', data: 'x' } }
    expect(await guard(permissive, lock).server(message)).toHaveProperty('forwarded')
    expect(await guard(nothing, lock).server(message)).toBe('dropped')
  })

  it('of resources pass for those that may be read or subscribed to', async () => {
    const { server } = guard(permissive, lock)
    const updated = (uri: string) => server({ method: 'notifications/resources/updated', params: { uri } })
    expect(await updated('note://a')).toHaveProperty('forwarded')
    expect(await updated('doc://1')).toHaveProperty('forwarded')
    expect(await updated('doc://2')).toBe('dropped')
    expect(await updated('secret://x')).toBe('dropped')
    expect(await updated('nothing://x')).toBe('dropped')
  })

  it('of the client cancel its own requests, under our number, and nothing else', async () => {
    const { client, server } = guard(permissive, lock)
    const cancel = (requestId: unknown) =>
      client({ method: 'notifications/cancelled', params: { requestId } as JsonObject })
    expect(await cancel(7)).toBe('dropped')
    await client({ id: 7, method: 'tools/list' })
    expect(await cancel('7')).toBe('dropped')
    expect(await cancel(1)).toBe('dropped')
    expect(await cancel(7)).toMatchObject({ forwarded: { params: { requestId: 1 } } })
    expect(await cancel(7)).toBe('dropped')
    expect(await server({ id: 1, result: { tools: [] } })).toBe('dropped')
  })

  it('of the server cancel its own requests', async () => {
    const { server } = guard(permissive, lock)
    await server({ id: 'q', method: 'roots/list' })
    const cancel = (requestId: string | number) => server({ method: 'notifications/cancelled', params: { requestId } })
    expect(await cancel(1)).toBe('dropped')
    expect(await cancel('q')).toMatchObject({ forwarded: { params: { requestId: 1 } } })
  })
})
