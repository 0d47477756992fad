import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import type { AppliedLimit } from '../../src/index.ts'
import { createEnforcement, type Enforced } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import { readMessage } from '../../src/surfaces/mcp/protocol/message.ts'
import { memoryLimits } from '../../src/surfaces/mcp/stores/limits.ts'
import { anyObject, enforced, errorOf, guard, lockOf } from './guarded.ts'

const tools = ['read', 'send', 'slow', 'other'].map((name) => ({ name, inputSchema: anyObject }))
const lock = lockOf({ tools, resourceTemplates: [{ name: 'doc', uriTemplate: 'doc://{id}' }] })
const call = (id: number, name: string, more: JsonObject = {}) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: {}, ...more },
})

describe('labels', () => {
  const rules = `
    allow call read, send
    label call read as tainted
    deny call send if "tainted" in session.labels
  `

  it('are there before the request that sets them goes on: a call behind it sees them', async () => {
    const { client } = guard(rules, lock)
    expect(await client(call(1, 'send'))).toHaveProperty('forwarded')
    expect(await client(call(2, 'read'))).toHaveProperty('forwarded')
    // Neither call has been answered.
    expect(errorOf(await client(call(3, 'send')))?.code).toBe(-32003)
  })

  it('stay when the request fails, and when the policy changes', async () => {
    const { client, server, enforcement } = guard(rules, lock)
    await client(call(1, 'read'))
    await server({ id: 1, error: { code: -32000, message: 'no' } })
    expect(errorOf(await client(call(2, 'send')))).toBeDefined()
    enforcement.replace(enforced(rules, lock))
    expect(errorOf(await client(call(3, 'send')))).toBeDefined()
  })

  it('are not set by a request that is denied, nor by what is only listed', async () => {
    const { client, exchange } = guard(`${rules} deny call read if args has x and args.x == "1"`, lock)
    await client({ id: 1, method: 'tools/call', params: { name: 'read', arguments: { x: '1' } } })
    await exchange('tools/list', {}, { result: { tools } })
    expect(await client(call(2, 'send'))).toHaveProperty('forwarded')
  })
})

describe('limits', () => {
  it('count what is let through, and answer the next with when to come back', async () => {
    const { client, audit } = guard('allow call read, send  limit call read to 2 per 1m', lock)
    expect(await client(call(1, 'read'))).toHaveProperty('forwarded')
    expect(await client(call(2, 'read'))).toHaveProperty('forwarded')
    const error = errorOf(await client(call(3, 'read')))
    expect(error).toMatchObject({ code: -32003, data: { reason: 'limited', retryAfter: 60 } })
    expect(error?.message).toBe('too many requests: call read; try again in 60 s')
    expect(await client(call(4, 'send'))).toHaveProperty('forwarded')
    expect(audit.map(({ reason }) => reason)).toEqual(['granted', 'granted', 'limited', 'granted'])
  })

  it('of a rule with an id stay with it when others come before it', async () => {
    const { client, enforcement } = guard('allow call read  @id("reads") limit call read to 1 per 1m', lock)
    expect(await client(call(1, 'read'))).toHaveProperty('forwarded')
    const more = 'limit call read to 9 per 1m  allow call read  @id("reads") limit call read to 1 per 1m'
    enforcement.replace(enforced(more, lock))
    expect(errorOf(await client(call(2, 'read')))).toMatchObject({ data: { reason: 'limited' } })
  })

  const limitsAt = () => {
    let now = 0
    const store = memoryLimits(() => now)
    return (limits: readonly AppliedLimit[], at: number, caller?: string) => {
      now = at
      return store.reserve(limits, caller)
    }
  }

  it('never let more through than their count in any window', () => {
    const reserve = limitsAt()
    const limit = { rule: 'r', count: 3, per: 100, key: 'k' }
    const admitted = Array.from({ length: 1000 }, (_, i) => i * 7).filter((now) => reserve([limit], now) === undefined)
    for (const start of admitted)
      expect(admitted.filter((time) => time >= start && time < start + 100).length).toBeLessThanOrEqual(3)
    expect(admitted.length).toBeGreaterThan(190)
  })

  it('are taken all together or not at all', () => {
    const reserve = limitsAt()
    const wide = { rule: 'wide', count: 2, per: 100, key: '' }
    const narrow = { rule: 'narrow', count: 1, per: 100, key: '' }
    expect(reserve([wide, narrow], 0)).toBeUndefined()
    expect(reserve([wide, narrow], 1)).toBe(99)
    expect(reserve([wide], 2)).toBeUndefined()
  })

  it('keep no more keys than their bound, and refuse beyond it', () => {
    const reserve = limitsAt()
    const one = (key: number) => [{ rule: 'r', count: 1, per: 1000, key: String(key) }]
    for (let key = 0; key < 10_000; key++) expect(reserve(one(key), 0, `${key % 10}`)).toBeUndefined()
    expect(reserve(one(10_001), 1, 'another')).toBe(1000)
    expect(reserve(one(10_001), 1001, 'another')).toBeUndefined()
  })

  it('are counted for others, too, when one caller makes up keys', () => {
    const reserve = limitsAt()
    const one = (key: string, count = 1) => [{ rule: 'r', count, per: 1000, key }]
    expect(reserve(one('common', 2), 0, 'bob')).toBeUndefined()
    for (let key = 0; key < 1000; key++) expect(reserve(one(`${key}`), 0, 'ann')).toBeUndefined()
    expect(reserve(one('1000'), 1, 'ann')).toBe(1000)
    // What others have begun to count is counted on, and what is theirs.
    expect(reserve(one('common', 2), 1, 'ann')).toBeUndefined()
    expect(reserve(one('common', 2), 2, 'ann')).toBe(998)
    expect(reserve(one('1000'), 2, 'bob')).toBeUndefined()
    for (let key = 2000; key < 3000; key++) expect(reserve(one(`${key}`), 1500, 'ann')).toBeUndefined()
  })
})

describe('a denial', () => {
  const guarded = 'allow call read  deny call read if args has x and args.x == "1" unless scope("a:b") and acr("aal2")'
  const denied = { id: 1, method: 'tools/call', params: { name: 'read', arguments: { x: '1' } } }

  it('of what is listed says what would help, out of one set, and no rule', async () => {
    expect(errorOf(await guard(guarded, lock).client(denied))).toEqual({
      code: -32003,
      message: 'not permitted: call read; it takes the scope a:b, authentication at the level aal2',
      data: { reason: 'forbidden', missing: { scopes: ['a:b'], acr: ['aal2'] } },
    })
  })

  it('says what this gateway cannot ask for', async () => {
    const error = errorOf(await guard('allow call read if not (args has x) or confirmed()', lock).client(denied))
    expect(error?.message).toContain('a confirmation by the user, which cannot be asked for here')
    expect(error?.data).toMatchObject({ missing: { confirmed: true } })
  })

  it('offers nothing to nobody, and nothing about what is hidden', async () => {
    const anonymous = guard(guarded, lock, { principal: { actor: null } })
    expect(errorOf(await anonymous.client(denied))?.data).toEqual({ reason: 'forbidden' })
    const hidden = guard(`${guarded}  deny list read`, lock)
    expect(errorOf(await hidden.client(denied))?.data).toEqual({ reason: 'not-permitted' })
  })

  it('repeats a name only in characters that show', async () => {
    const { client } = guard('allow call read', lock)
    const error = errorOf(await client(call(1, `x\u001b[2J\u202e\n${'y'.repeat(500)}`)))
    expect(error?.message).toContain('x\\u{1b}[2J\\u{202e}\\u{a}yyy')
    expect(error?.message.length).toBeLessThan(160)
  })

  it('is what an agent gets that nothing has been delegated to', async () => {
    const { client } = guard('allow call read', lock, { principal: { actor: 'User:ann', agents: ['Agent:bot'] } })
    expect(errorOf(await client(call(1, 'read')))?.code).toBe(-32003)
    const delegated = guard('allow call read  delegate call read', lock, {
      principal: { actor: 'User:ann', agents: ['Agent:bot'] },
    })
    expect(await delegated.client(call(1, 'read'))).toHaveProperty('forwarded')
  })
})

describe('arguments', () => {
  const schema = (inputSchema: JsonObject) => lockOf({ tools: [{ name: 'read', inputSchema }] })
  const problem = async (inputSchema: JsonObject, args: JsonObject): Promise<string | undefined> => {
    const { client } = guard('allow call *', schema(inputSchema))
    const error = errorOf(await client({ id: 1, method: 'tools/call', params: { name: 'read', arguments: args } }))
    expect([-32602, undefined]).toContain(error?.code)
    return error?.message
  }
  const path = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }

  it('are checked against the locked schema, and say what is wrong in words without values', async () => {
    expect(await problem(path, { path: 'x' })).toBeUndefined()
    expect(await problem(path, { path: 3 })).toBe('invalid arguments: path must be string')
    expect(await problem(path, {})).toBe("invalid arguments: must have required property 'path'")
  })

  it('are neither coerced nor completed', async () => {
    const withDefault = { type: 'object', properties: { n: { type: 'integer', default: 3 } }, required: ['n'] }
    expect(await problem(withDefault, { n: '3' })).toBeDefined()
    expect(await problem(withDefault, {})).toBeDefined()
  })

  it('are there only as own members', async () => {
    const inherited = { type: 'object', required: ['toString'] }
    expect(await problem(inherited, {})).toBeDefined()
    expect(await problem(path, JSON.parse('{"__proto__":{"path":"x"}}') as JsonObject)).toBeDefined()
  })

  it('are checked by the draft that a schema names', async () => {
    const tuple = { type: 'object', properties: { pair: { type: 'array', items: [{ type: 'string' }] } } }
    expect(await problem({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, { pair: [3] })).toBeDefined()
    expect(
      await problem({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, { pair: ['x'] }),
    ).toBeUndefined()
  })

  it('cannot make a pattern, or the search for duplicates, take long', async () => {
    const start = performance.now()
    expect(
      await problem({ type: 'object', properties: { x: { pattern: '^(a+)+$' } } }, { x: `${'a'.repeat(50_000)}!` }),
    ).toBeDefined()
    const many = Array.from({ length: 20_000 }, (_, i) => ({ i }))
    expect(
      await problem({ type: 'object', properties: { x: { type: 'array', uniqueItems: true } } }, { x: many }),
    ).toBeUndefined()
    expect(
      await problem(
        { type: 'object', properties: { x: { type: 'array', uniqueItems: true } } },
        { x: [...many.slice(0, 9), { i: 3 }] },
      ),
    ).toBeDefined()
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it.each([
    { $ref: 'https://x.test/schema' },
    { $async: true, type: 'object' },
    { type: 'object', properties: { a: { type: 'nonsense' } } },
  ])('cannot be checked by the schema %j, and are refused', async (inputSchema) => {
    const { client, reports } = guard('allow call *', schema(inputSchema as JsonObject))
    expect(errorOf(await client(call(1, 'read')))?.code).toBe(-32602)
    expect(reports.join()).toContain('the input schema of read cannot be used')
  })

  it('are checked by a schema that refers to itself as deep as they go', async () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } }
    expect(await problem(tree, { child: { child: {} } })).toBeUndefined()
    expect(await problem(tree, { child: { child: 3 } })).toBe('invalid arguments: child.child must be object')
  })

  it.each([
    {
      type: 'object',
      $ref: '#/$defs/a',
      $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { allOf: [{ $ref: '#/$defs/a' }] } },
    },
    { type: 'object', $dynamicAnchor: 'n', anyOf: [{ $dynamicRef: '#n' }] },
  ])('are refused by a schema that refers to itself without end: %j', async (inputSchema) => {
    expect(await problem(inputSchema as JsonObject, {})).toBe(
      'invalid arguments: the schema of this tool cannot be used',
    )
  })

  it('of more than 256 KiB are refused', async () => {
    expect(await problem(path, { path: 'x'.repeat(256 * 1024) })).toBe('invalid arguments: more than 256 KiB')
  })

  it('are looked at in the same way for a hidden tool, one that has drifted, and one that there is not', async () => {
    const both = lockOf({ tools: ['secret', 'drifted'].map((name) => ({ name, inputSchema: path })) })
    const policy = enforced('deny call secret, drifted  deny list secret, drifted', both)
    const asked: string[] = []
    const engine: Enforced['engine'] = {
      authorize: (actor, action, item, env) => {
        asked.push(action)
        return policy.engine.authorize(actor, action, item, env)
      },
    }
    const enforcement = createEnforcement({
      server: 's',
      policy: { ...policy, engine },
      principal: { actor: 'User:ann' },
      reached: { command: 'server', args: [] },
    })
    const [secret = {}, drifted = {}] = both.tools as unknown as readonly JsonObject[]
    enforcement.definitions.complete('tools', [secret, { ...drifted, description: 'other' }])
    const check = async (name: string, args: JsonObject) => {
      asked.length = 0
      const message = readMessage({ jsonrpc: '2.0', ...call(1, name, { arguments: args }) })
      const verdict = await enforcement.fromClient(message)
      return [JSON.stringify(verdict).replace(name, 'it'), ...asked]
    }
    for (const args of [{ path: 'a' }, { path: 1 }, { path: 'x'.repeat(256 * 1024) }, { path: 'a', Path: 'b' }]) {
      const known = await check('secret', args)
      expect(known.length).toBeGreaterThan(1)
      expect(await check('drifted', args)).toEqual(known)
      expect(await check('nothing', args)).toEqual(known)
    }
  })

  it('for a hidden tool are not held against its schema, which would take time', async () => {
    const locked = lockOf({ tools: [{ name: 'hidden', inputSchema: path }] })
    const { client, audit } = guard('allow call * if actor is Agent', locked)
    await client({ id: 1, method: 'tools/call', params: { name: 'hidden', arguments: { path: 3 } } })
    expect(audit).toMatchObject([{ decision: 'deny', reason: 'not-permitted' }])
  })

  it('that are wrong do not tell a hidden tool from one that does not exist', async () => {
    const locked = lockOf({ tools: [{ name: 'hidden', inputSchema: path }] })
    const { client } = guard('allow call * if actor is Agent', locked)
    expect(errorOf(await client(call(1, 'hidden')))?.message).toBe('not permitted: call hidden')
    expect(errorOf(await client(call(2, 'nobody')))?.message).toBe('not permitted: call nobody')
  })

  it('that are integers beyond 2^53 are refused where a schema counts on them, and passed as they are elsewhere', async () => {
    const integer = { type: 'object', properties: { id: { type: 'integer' } } }
    const args = { id: 9007199254740993n }
    expect(await problem(integer, args)).toBeDefined()
    const { client } = guard('allow call *', schema({ type: 'object' }))
    const outcome = await client({ id: 1, method: 'tools/call', params: { name: 'read', arguments: args } })
    expect(outcome).toMatchObject({ forwarded: { params: { arguments: args } } })
  })
})

describe('a task', () => {
  const rules =
    'allow call slow  deny call slow if "done" in session.labels  allow call read  label call read as done  allow call other'

  it.each([
    ['a member of the result', { task: { taskId: 't1', status: 'working' } }],
    ['the result itself', { resultType: 'task', taskId: 't1', status: 'working' }],
  ])('as %s is decided as the request that created it', async (_, result) => {
    const { exchange, client, server } = guard(rules, lock)
    const about = (method: string, taskId: string, id: number) => client({ id, method, params: { taskId } })
    expect(errorOf(await about('tasks/get', 't1', 1))?.code).toBe(-32003)
    await exchange('tools/call', { name: 'slow', arguments: {}, _meta: { progressToken: 'p' } }, { result })
    for (const [i, method] of ['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/update'].entries()) {
      expect(await about(method, 't1', i)).toHaveProperty('forwarded')
      expect(errorOf(await about(method, 't2', 100))?.code).toBe(-32003)
    }
    expect(
      await server({ method: 'notifications/tasks/status', params: { taskId: 't1', status: 'working' } }),
    ).toHaveProperty('forwarded')
    expect(await server({ method: 'notifications/tasks/status', params: { taskId: 't2', status: 'working' } })).toBe(
      'dropped',
    )
    expect(
      await server({ method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } }),
    ).toHaveProperty('forwarded')

    // What may no longer be called may no longer be fetched.
    await client(call(50, 'read'))
    expect(errorOf(await about('tasks/result', 't1', 51))?.code).toBe(-32003)
    expect(await server({ method: 'notifications/tasks/status', params: { taskId: 't1', status: 'working' } })).toBe(
      'dropped',
    )
  })

  it('keeps its origin, whatever the server says later', async () => {
    const { exchange, client } = guard(rules, lock)
    await exchange('tools/call', { name: 'slow', arguments: {} }, { result: { task: { taskId: 't1' } } })
    await exchange('tools/call', { name: 'read', arguments: {} }, { result: { task: { taskId: 't1' } } })
    expect(errorOf(await client({ id: 1, method: 'tasks/get', params: { taskId: 't1' } }))?.code).toBe(-32003)
  })

  it('in a list asks for nothing that is not allowed', async () => {
    const { exchange } = guard(rules, lock)
    await exchange('tools/call', { name: 'slow', arguments: {} }, { result: { task: { taskId: 't1' } } })
    const tasks = [{ taskId: 't1', inputRequests: { a: { method: 'sampling/createMessage', params: {} } } }]
    expect(await exchange('tasks/list', {}, { result: { tasks } })).toMatchObject({
      forwarded: { result: { tasks: [] } },
    })
  })

  it('is listed to whom its request is allowed', async () => {
    const { exchange } = guard(rules, lock)
    await exchange('tools/call', { name: 'slow', arguments: {} }, { result: { task: { taskId: 't1' } } })
    const tasks = [{ taskId: 't1' }, { taskId: 't2' }, { taskId: 3 }]
    expect(await exchange('tasks/list', {}, { result: { tasks } })).toMatchObject({
      forwarded: { result: { tasks: [{ taskId: 't1' }] } },
    })
  })

  it('is listed to nobody who is nobody: it may be somebody else’s', async () => {
    const { exchange, client } = guard('allow call other', lock, { principal: { actor: null } })
    await exchange('tools/call', { name: 'other', arguments: {} }, { result: { task: { taskId: 't1' } } })
    expect(await exchange('tasks/list', {}, { result: { tasks: [{ taskId: 't1' }] } })).toMatchObject({
      forwarded: { result: { tasks: [] } },
    })
    expect(await client({ id: 1, method: 'tasks/get', params: { taskId: 't1' } })).toHaveProperty('forwarded')
  })

  it('that asks the client for something is inspected like any result', async () => {
    const { exchange, server } = guard(rules, lock)
    await exchange('tools/call', { name: 'slow', arguments: {} }, { result: { task: { taskId: 't1' } } })
    const inputRequests = { a: { method: 'sampling/createMessage', params: {} } }
    expect(
      errorOf(await exchange('tasks/get', { taskId: 't1' }, { result: { taskId: 't1', inputRequests } }))?.code,
    ).toBe(-32003)
    expect(
      errorOf(await exchange('tasks/get', { taskId: 't1' }, { result: { taskId: 't1', result: { inputRequests } } }))
        ?.code,
    ).toBe(-32003)
    expect(await server({ method: 'notifications/tasks/status', params: { taskId: 't1', inputRequests } })).toBe(
      'dropped',
    )
  })
})

describe('a subscription', () => {
  const rules = 'allow subscribe "doc://{id}" if id == "1"'

  it('can be ended by whom it was made, and by nobody else', async () => {
    const { client, server } = guard(rules, lock)
    const unsubscribe = (id: number) => client({ id, method: 'resources/unsubscribe', params: { uri: 'doc://1' } })
    expect(errorOf(await unsubscribe(1))?.code).toBe(-32003)
    await client({ id: 2, method: 'resources/subscribe', params: { uri: 'doc://1' } })
    expect(await unsubscribe(3)).toHaveProperty('forwarded')
    expect(errorOf(await unsubscribe(4))?.code).toBe(-32003)
    await client({ id: 5, method: 'resources/subscribe', params: { uri: 'doc://1' } })
    await server({ id: 3, error: { code: -32000, message: 'no' } })
    expect(errorOf(await unsubscribe(6))?.code).toBe(-32003)
  })

  it('by `subscriptions/listen` has only the URIs, tasks and flags that are allowed', async () => {
    const { client } = guard(rules, lock)
    const notifications = {
      toolsListChanged: true,
      promptsListChanged: 'yes',
      everything: true,
      resourceSubscriptions: ['doc://1', 'doc://2', 'secret://1', 3],
      taskIds: ['t1'],
    }
    expect(await client({ id: 'L', method: 'subscriptions/listen', params: { notifications } })).toMatchObject({
      forwarded: {
        id: 1,
        params: { notifications: { toolsListChanged: true, resourceSubscriptions: ['doc://1'], taskIds: [] } },
      },
    })
  })

  it('has its notifications under the id that the client gave it, and none under another', async () => {
    const { client, server } = guard(rules, lock)
    const key = 'io.modelcontextprotocol/subscriptionId'
    const acknowledged = (id: string | number) => ({
      method: 'notifications/subscriptions/acknowledged',
      params: { _meta: { [key]: id }, notifications: {} },
    })
    expect(await server(acknowledged(1))).toBe('dropped')
    await client({ id: 'L', method: 'subscriptions/listen', params: { notifications: {} } })
    await client({ id: 'M', method: 'tools/list' })
    expect(await server(acknowledged(1))).toMatchObject({ forwarded: { params: { _meta: { [key]: 'L' } } } })
    expect(await server(acknowledged(2))).toBe('dropped')
    expect(await server({ method: 'notifications/subscriptions/acknowledged', params: {} })).toBe('dropped')
    expect(await server({ method: 'notifications/cancelled', params: { requestId: 2 } })).toBe('dropped')
    expect(await server({ method: 'notifications/cancelled', params: { requestId: 1 } })).toMatchObject({
      forwarded: { params: { requestId: 'L' } },
    })
    expect(await server(acknowledged(1))).toBe('dropped')
  })
})

describe('ids', () => {
  it('in flight cannot be used again', async () => {
    const { client, server } = guard('allow call read', lock)
    await client(call(1, 'read'))
    expect(errorOf(await client(call(1, 'read')))?.code).toBe(-32600)
    expect(await client({ ...call(1, 'read'), id: '1' })).toHaveProperty('forwarded')
    await server({ id: 1, result: {} })
    expect(await client(call(1, 'read'))).toHaveProperty('forwarded')
  })

  it('answer once, and only what was asked', async () => {
    const { client, server } = guard('allow call read', lock)
    await client(call(7, 'read'))
    for (const id of [7, '1', 0, -1, 2, 1.5, null]) expect(await server({ id, result: {} })).toBe('dropped')
    expect(await server({ id: 1, result: { a: 1 } })).toEqual({
      forwarded: { jsonrpc: '2.0', id: 7, result: { a: 1 } },
    })
    expect(await server({ id: 1, result: {} })).toBe('dropped')
  })

  it('of our own requests are not those of the client', async () => {
    const { client, server, enforcement } = guard('allow call read', lock)
    const { message, answer } = enforcement.ask('tools/list', {})
    expect(
      errorOf(await client({ method: 'notifications/cancelled', params: { requestId: message.id ?? 0 } })),
    ).toBeUndefined()
    expect(await server({ id: message.id ?? 0, result: { tools: [] } })).toBe('dropped')
    expect(await answer).toEqual({ result: { tools: [] } })
  })

  it.each([
    {},
    { result: {}, error: { code: 1, message: '' } },
    { result: 3 },
    { error: 'no' },
    { error: { code: 'x', message: '' } },
  ])('of an answer that is none end the request: %j', async (answer) => {
    const { client, server } = guard('allow call read', lock)
    await client(call(7, 'read'))
    const outcome = await server({ id: 1, ...(answer as JsonObject) })
    expect(outcome).toMatchObject({ forwarded: { id: 7, error: { code: -32603 } } })
  })

  it.each([
    [{ id: null, method: 'ping' }],
    [{ id: 1.5, method: 'ping' }],
    [{ id: {}, method: 'ping' }],
    [{ id: 'x'.repeat(300), method: 'ping' }],
    [{ id: 1, method: 3 }],
    [{ id: 1, method: 'ping', params: [] }],
    [{ id: 1, method: 'ping', result: {} }],
    [{ id: 1 }],
    [{ jsonrpc: '1.0', id: 1, method: 'ping' }],
  ])('and messages of no form are refused: %j', async (message) => {
    expect(errorOf(await guard('allow call read', lock).client(message as JsonObject))?.code).toBe(-32600)
  })
})

describe('the audit', () => {
  it('has one record a decision, without arguments', async () => {
    const { client, audit } = guard('@id("reads") allow call read', lock)
    await client({ id: 1, method: 'tools/call', params: { name: 'read', arguments: { password: 'hunter2' } } })
    await client(call(2, 'send'))
    expect(audit).toMatchObject([
      {
        method: 'tools/call',
        actor: 'User:ann',
        agents: [],
        action: 'call',
        resource: { server: 's', kind: 'tool', name: 'read' },
        decision: 'allow',
        reason: 'granted',
        rules: ['reads'],
        errors: [],
        policy: 'sha256:test',
      },
      { decision: 'deny', reason: 'not-permitted' },
    ])
    expect(audit[0]?.arguments).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(JSON.stringify(audit)).not.toContain('hunter2')
  })

  it('that cannot be written lets nothing through, either way', async () => {
    const { client, exchange, reports } = guard('allow call read  allow sample *', lock, {
      audit: () => {
        throw new Error('no space left')
      },
    })
    expect(errorOf(await client(call(1, 'read')))).toEqual({
      code: -32603,
      message: 'the decision could not be recorded',
    })
    expect(errorOf(await client(call(2, 'send')))).toEqual({
      code: -32603,
      message: 'the decision could not be recorded',
    })
    expect(errorOf(await exchange('tools/list', {}, { result: { tools } }))?.code).toBe(-32603)
    expect(reports.join()).toContain('no space left')
  })
})
