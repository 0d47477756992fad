import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import type { AuditRecord } from '../../../src/surfaces/mcp/audit/audit.ts'
import { clientRequests, serverNotifications, serverRequests } from '../../../src/surfaces/mcp/protocol/methods.ts'
import { enforced, lockOf } from '../guarded.ts'
import type { Era, RawClient } from './raw-client.ts'
import { type Policy, type Script, skins } from './skins.ts'

const openSchema = {
  type: 'object',
  properties: { path: { type: 'string' }, ask: { type: 'string' }, tell: { type: 'string' } },
  required: ['path'],
}
const offered = {
  tools: [
    { name: 'open', inputSchema: openSchema },
    { name: 'secret', inputSchema: { type: 'object' } },
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
} satisfies Record<string, JsonObject[]>

const lock = lockOf(offered)
const uses = `
  allow call open if args.path == "ok"
  allow get ask
  allow read, subscribe "note://{x}"
  allow read, subscribe "doc://{id}" if id == "1"
  allow complete ask, "doc://{id}"
`
const permissive = `${uses} allow log, sample, elicit, roots *`

/** Offers what is locked and what is not, does what it is asked to, and says so in `calls`. */
function server(era: Era, calls: string[] = []): Script {
  const stray = { name: 'stray', inputSchema: { type: 'object' } }
  return async (method, params, back) => {
    calls.push(`${method} ${String(params.name ?? params.uri ?? params.taskId ?? '')}`.trim())
    const { ask, tell, path } = (params.arguments ?? {}) as { ask?: string; tell?: string; path?: string }
    if (tell !== undefined) {
      const [told = '', about = '{}'] = tell.split(' ')
      // A gateway that renames tokens has given the server another.
      const { progressToken: mine = 'mine' } = (params._meta ?? {}) as JsonObject
      const said = JSON.parse(about) as JsonObject
      await back.notify(told, said.progressToken === 'mine' ? { ...said, progressToken: mine } : said)
    }
    if (ask !== undefined) {
      const input = { method: ask, params: asks[ask] ?? {} }
      if (era === 'modern') return { resultType: 'input_required', inputRequests: { q: input }, requestState: 'x' }
      await back.ask(ask, input.params)
    }
    switch (method) {
      case 'tools/list':
        return { tools: [...offered.tools, stray] }
      case 'prompts/list':
        return { prompts: offered.prompts }
      case 'resources/list':
        return { resources: offered.resources }
      case 'resources/templates/list':
        return { resourceTemplates: offered.resourceTemplates }
      case 'tools/call':
        if (params.task !== undefined) return { task: { taskId: 't1', status: 'working', createdAt: '', ttl: null } }
        return { content: [{ type: 'text', text: `opened ${path}` }] }
      case 'prompts/get':
        return { messages: [] }
      case 'resources/read':
        return { contents: [] }
      case 'completion/complete':
        return { completion: { values: [] } }
      case 'tasks/list':
        return { tasks: [{ taskId: 't1' }, { taskId: 'of somebody else' }] }
      default:
        return {}
    }
  }
}

const asks: Readonly<Record<string, JsonObject>> = {
  'sampling/createMessage': { messages: [], maxTokens: 1 },
  'elicitation/create': { mode: 'form', message: 'name?', requestedSchema: { type: 'object', properties: {} } },
  'roots/list': {},
}

/** What a server may say by itself, and whether it reaches a client that has asked for progress, and for nothing else. */
const told: readonly (readonly [method: string, params: JsonObject, isPassed: boolean])[] = [
  ['notifications/progress', { progressToken: 'mine', progress: 1 }, true],
  ['notifications/progress', { progressToken: 'another', progress: 1 }, false],
  ['notifications/resources/updated', { uri: 'note://a' }, true],
  ['notifications/resources/updated', { uri: 'secret://x' }, false],
  ['notifications/tools/list_changed', {}, true],
  ['notifications/prompts/list_changed', {}, true],
  ['notifications/resources/list_changed', {}, true],
  ['notifications/cancelled', { requestId: 7 }, false],
  ['notifications/tasks/status', { taskId: 't2', status: 'working' }, false],
  ['notifications/elicitation/complete', { elicitationId: 'e' }, false],
  ['notifications/subscriptions/acknowledged', { notifications: {} }, false],
  ['notifications/nobody', {}, false],
]

interface Row {
  readonly method: string
  readonly era?: Era
  readonly allowed: JsonObject
  readonly denied?: JsonObject
  readonly hidden?: JsonObject
  readonly unknown?: JsonObject
}

const argument = { name: 'x', value: '' }
const items: readonly Row[] = [
  {
    method: 'tools/call',
    allowed: { name: 'open', arguments: { path: 'ok' } },
    denied: { name: 'open', arguments: { path: 'no' } },
    hidden: { name: 'secret', arguments: {} },
    unknown: { name: 'stray', arguments: {} },
  },
  { method: 'prompts/get', allowed: { name: 'ask' }, hidden: { name: 'secret' }, unknown: { name: 'stray' } },
  {
    method: 'resources/read',
    allowed: { uri: 'doc://1' },
    denied: { uri: 'doc://2' },
    hidden: { uri: 'secret://x' },
    unknown: { uri: 'nothing://x' },
  },
  {
    method: 'resources/subscribe',
    era: 'legacy',
    allowed: { uri: 'note://a' },
    denied: { uri: 'doc://2' },
    hidden: { uri: 'vault://1' },
    unknown: { uri: 'nothing://x' },
  },
  {
    method: 'completion/complete',
    allowed: { ref: { type: 'ref/prompt', name: 'ask' }, argument },
    hidden: { ref: { type: 'ref/prompt', name: 'secret' }, argument },
    unknown: { ref: { type: 'ref/resource', uri: 'nothing://{id}' }, argument },
  },
]
const lists = {
  'tools/list': ['tools', 'name', ['open']],
  'prompts/list': ['prompts', 'name', ['ask']],
  'resources/list': ['resources', 'uri', ['note://a']],
  'resources/templates/list': ['resourceTemplates', 'uriTemplate', ['doc://{id}']],
} as const
const passed: readonly Row[] = [
  {
    method: 'initialize',
    era: 'legacy',
    allowed: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  },
  { method: 'ping', era: 'legacy', allowed: {} },
  { method: 'server/discover', era: 'modern', allowed: {} },
]
const tasks: Readonly<Record<Era, readonly string[]>> = {
  legacy: ['tasks/get', 'tasks/result', 'tasks/cancel'],
  modern: ['tasks/get', 'tasks/update', 'tasks/cancel'],
}

const isDenied = { error: { code: -32003 } }

/** A guard with a lock looks for itself what there is. */
function isOurs(call: string): boolean {
  return call.endsWith('/list')
}

/** Compiled once. */
const policies = new Map<string, Policy>()
function policyOf(rules: string): Policy {
  const policy = policies.get(rules) ?? (enforced(rules, lock) as Policy)
  policies.set(rules, policy)
  return policy
}

function inEra(era: Era, rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.era === undefined || row.era === era)
}

it('has a row for every method', () => {
  const others = ['logging/setLevel', 'resources/unsubscribe', 'subscriptions/listen', 'tasks/list']
  const rows = [...items, ...passed].map(({ method }) => method)
  expect(new Set([...rows, ...Object.keys(lists), ...tasks.legacy, ...tasks.modern, ...others])).toEqual(
    new Set(clientRequests.keys()),
  )
  expect(new Set([...Object.keys(asks), 'ping'])).toEqual(new Set(serverRequests.keys()))
  const notifications = told.map(([method]) => method).filter((method) => method !== 'notifications/nobody')
  expect(new Set([...notifications, 'notifications/message'])).toEqual(new Set(serverNotifications.keys()))
})

describe.each(skins)('$name', (skin) => {
  const { era, hasSessions } = skin
  const opened = async (
    rules: string,
    calls: string[] = [],
    audit: AuditRecord[] = [],
    script = server(era, calls),
  ): Promise<RawClient> => skin.connect(policyOf(rules), script, audit)

  it('lets through what is allowed, and nothing else; hidden is answered as not there', async () => {
    const calls: string[] = []
    const client = await opened(permissive, calls)
    for (const { method, allowed, denied, hidden, unknown } of inEra(era, items)) {
      expect(await client.request(method, allowed), method).not.toMatchObject(isDenied)
      expect(calls.pop(), method).toContain(method)
      calls.length = 0
      for (const params of [denied, hidden, unknown]) {
        if (params === undefined) continue
        expect(await client.request(method, params), `${method} ${JSON.stringify(params)}`).toMatchObject(isDenied)
      }
      expect(calls, method).toEqual([])
      if (method === 'completion/complete' || hidden === undefined || unknown === undefined) continue
      const nameless = async (params: JsonObject): Promise<string> =>
        JSON.stringify((await client.request(method, params)).error).replaceAll(String(params.name ?? params.uri), '…')
      expect(await nameless(hidden), method).toBe(await nameless(unknown))
    }
    for (const [method, [list, key, shown]] of Object.entries(lists)) {
      const { result } = await client.request(method)
      const listed = result?.[list] as JsonObject[] | undefined
      expect(
        listed?.map((item) => item[key]),
        method,
      ).toEqual(shown)
      if (era === 'modern' && !skin.name.startsWith('stdio')) expect(result?.cacheScope).toBe('private')
    }
  })

  it('denies everything where nothing is allowed, but for what needs no rule', async () => {
    const calls: string[] = []
    const client = await opened('deny call secret', calls)
    for (const { method, allowed } of inEra(era, items)) {
      expect(await client.request(method, allowed), method).toMatchObject(isDenied)
    }
    expect(calls.filter((call) => !isOurs(call))).toEqual([])
    for (const { method, allowed } of inEra(era, passed)) {
      expect(await client.request(method, allowed), method).not.toMatchObject(isDenied)
    }
  })

  it('denies methods that nobody knows', async () => {
    const calls: string[] = []
    const client = await opened(permissive, calls)
    for (const method of ['tools/delete', 'TOOLS/CALL', 'roots/list', '__proto__', 'tasks/rename']) {
      expect(await client.request(method), method).toMatchObject(isDenied)
    }
    expect(calls.filter((call) => !isOurs(call))).toEqual([])
  })

  it('judges a task as the request that created it', async () => {
    const calls: string[] = []
    const script = server(era, calls)
    const created: Script = (method, params, back) =>
      era === 'modern' && method === 'tools/call'
        ? { resultType: 'task', taskId: 't1', status: 'working' }
        : script(method, params, back)
    const client = await opened(permissive, calls, [], created)
    const task = era === 'legacy' ? { task: {} } : {}
    await client.request('tools/call', { name: 'open', arguments: { path: 'ok' }, ...task })
    for (const method of tasks[era]) {
      expect(await client.request(method, { taskId: 't1' }), method).not.toMatchObject(isDenied)
      expect(await client.request(method, { taskId: 't2' }), method).toMatchObject(isDenied)
    }
    if (era === 'modern') return
    const { result } = await client.request('tasks/list')
    expect(result?.tasks).toEqual([{ taskId: 't1' }])
  })

  it('asks the client only for what is allowed', async () => {
    if (era === 'legacy' && !hasSessions) return
    const open = (ask: string) => ({ name: 'open', arguments: { path: 'ok', ask } })
    const [allowed, denied] = [await opened(permissive), await opened(uses)]
    for (const method of Object.keys(asks)) {
      allowed.received.length = 0
      const answered = await allowed.request('tools/call', open(method))
      if (era === 'modern') expect(answered.result?.inputRequests, method).toMatchObject({ q: { method } })
      else
        expect(
          allowed.received.map((message) => message.method),
          method,
        ).toEqual([method])

      const refused = await denied.request('tools/call', open(method))
      expect(refused, method).toHaveProperty('error')
      expect(JSON.stringify([denied.received, refused.result])).not.toContain(method)
    }
  })

  it('tells the client only what is allowed', async () => {
    const tell = async (client: RawClient, method: string, params: JsonObject): Promise<unknown[]> => {
      client.received.length = 0
      await client.request('tools/call', {
        name: 'open',
        arguments: { path: 'ok', tell: `${method} ${JSON.stringify(params)}` },
        _meta: { progressToken: 'mine', 'io.modelcontextprotocol/logLevel': 'debug' },
      })
      return client.received.map((message) => message.method)
    }
    const client = await opened(permissive)
    for (const [method, params, isPassed] of told) {
      // Under `serveStdio` a change goes to the subscriptions, and there is none.
      const isRouted = era === 'modern' && skin.name.includes('serveStdio') && /updated|list_changed/.test(method)
      expect(await tell(client, method, params), method).toEqual(isPassed && !isRouted ? [method] : [])
    }
    const log = { level: 'info', data: 'x' }
    expect(await tell(client, 'notifications/message', log)).toEqual(['notifications/message'])
    expect(await tell(await opened(uses), 'notifications/message', log)).toEqual([])
  })

  it('judges subscriptions', async () => {
    const client = await opened(permissive)
    if (era === 'legacy') {
      expect(await client.request('resources/unsubscribe', { uri: 'note://a' })).toMatchObject(isDenied)
      if (!hasSessions) return
      await client.request('resources/subscribe', { uri: 'note://a' })
      expect(await client.request('resources/unsubscribe', { uri: 'note://a' })).toHaveProperty('result')
      return
    }
    if (!skin.seesListen) return
    const wanted = { resourceSubscriptions: ['note://a', 'secret://x', 'doc://2'], toolsListChanged: true }
    void client.request('subscriptions/listen', { notifications: wanted })
    if (skin.name.startsWith('stdio')) return
    await expect.poll(() => client.received).toHaveLength(1)
    expect(client.received[0]?.params).toMatchObject({
      notifications: { resourceSubscriptions: ['note://a'], toolsListChanged: true },
    })
  })

  it('judges the log level', async () => {
    if (era === 'modern') return
    const level = { level: 'info' }
    expect(await (await opened(permissive)).request('logging/setLevel', level)).toHaveProperty('result')
    expect(await (await opened(uses)).request('logging/setLevel', level)).toMatchObject(isDenied)
  })

  it('denies what has drifted from the lock', async () => {
    const other = lockOf({ ...offered, tools: [{ name: 'open', description: 'as it was', inputSchema: openSchema }] })
    const client = await skin.connect(enforced(permissive, other) as Policy, server(era), [])
    expect(await client.request('tools/call', { name: 'open', arguments: { path: 'ok' } })).toMatchObject(isDenied)
    expect((await client.request('tools/list')).result?.tools).toEqual([])
  })

  it('records each decision once', async () => {
    const audit: AuditRecord[] = []
    const client = await opened(permissive, [], audit)
    audit.length = 0
    await client.request('tools/call', { name: 'open', arguments: { path: 'ok' } })
    await client.request('tools/call', { name: 'open', arguments: { path: 'no' } })
    expect(audit.map(({ method, decision }) => [method, decision])).toEqual([
      ['tools/call', 'allow'],
      ['tools/call', 'deny'],
    ])
  })
})
