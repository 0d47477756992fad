import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { captureLock, verifyAudit } from '../../src/surfaces/mcp/index.ts'
import { connected, folder, gateway, scriptedServer } from './running-gateway.ts'

const capture = (mode: string) => captureLock({ server: 's', reach: scriptedServer(mode) })

/** A gateway in front of our own server, which was locked as it is; greeted. */
async function guarded(mode: string, rules = 'allow call *', options = {}) {
  const running = gateway({ rules, lock: await capture(mode), ...scriptedServer(mode), ...options })
  await running.greet()
  return running
}

describe('a client of the SDK in front of the filesystem server', () => {
  const server = join(import.meta.dirname, '../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js')

  it('sees and calls only what the policy permits', async () => {
    const data = folder({ 'a.txt': 'hello', '.env': 'SECRET=1' })
    const reach = { command: process.execPath, args: [server, data] }
    const lock = await captureLock({ server: 's', reach })
    const rules = `
      let root = path(${JSON.stringify(data)})
      allow call read_text_file, write_file if path(args.path) in root
      deny call "read_*" if args has path and args.path.endsWith(".env")
      allow call list_allowed_directories
    `
    const client = await connected(gateway({ rules, lock, ...reach }))
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names.sort()).toEqual(['list_allowed_directories', 'read_text_file', 'write_file'])

    const call = async (name: string, args: Record<string, unknown>): Promise<unknown> => {
      try {
        const { content } = await client.callTool({ name, arguments: args })
        return (content as [{ text: string }])[0].text
      } catch (error) {
        return (error as { code: number }).code
      }
    }
    expect(await call('read_text_file', { path: join(data, 'a.txt') })).toBe('hello')
    expect(await call('write_file', { path: join(data, 'b.txt'), content: 'new' })).toContain('Successfully wrote')
    expect(readFileSync(join(data, 'b.txt'), 'utf8')).toBe('new')
    expect(await call('read_text_file', { path: join(data, '.env') })).toBe(-32003)
    expect(await call('read_text_file', { path: `${data}/../../etc/passwd` })).toBe(-32003)
    expect(await call('read_text_file', { path: '/etc/passwd' })).toBe(-32003)
    expect(await call('edit_file', { path: join(data, 'a.txt'), edits: [] })).toBe(-32003)
    expect(await call('no_such_tool', {})).toBe(-32003)
    expect(await call('read_text_file', { path: 7 })).toBe(-32602)
    await expect(client.request({ method: 'files/delete' }, {} as never)).rejects.toMatchObject({ code: -32003 })
    await client.close()
  })
})

describe('what passes', () => {
  it('has a result that is the same byte for byte', async () => {
    const { call, line } = await guarded('odd')
    call(1, 'echo')
    expect(await line()).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"content":[ ],"n":1.0,"e":1e2,"u":"\\u00e9\\/","big":9223372036854775807, "__proto__":{"a":1}}}',
    )
  })

  it('keeps its order, and nothing is lost or mixed up among many calls', async () => {
    const { call, next } = await guarded('plain')
    const answers = Array.from({ length: 500 }, () => next())
    for (let id = 0; id < 500; id++) call(id, 'echo', { text: `${id}` })
    for (const { id, result } of await Promise.all(answers)) {
      expect((result as { content: [{ text: string }] }).content[0].text).toBe(`${id}`)
    }
  })

  it('waits until it is known what the server offers: a call before any list is judged like any other', async () => {
    const { call, next } = await guarded('plain')
    call(1, 'echo', { text: 'hi' })
    call(2, 'other')
    expect(await next()).toMatchObject({ id: 2, error: { code: -32003 } })
    expect(await next()).toMatchObject({ id: 1, result: { content: [{ text: 'hi' }] } })
  })

  it('is only what was judged: what a server would read otherwise does not reach it', async () => {
    const { write, next } = await guarded('plain')
    write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"other","name":"echo"}}')
    expect(await next()).toMatchObject({ id: 1, error: { code: -32700 } })
    write('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"text":"\\ud800"}}}')
    expect(await next()).toMatchObject({ id: 2, error: { code: -32700 } })
  })
})

describe('a client that sends rubbish', () => {
  it.each([
    ['text', 'hello'],
    ['half an object', '{"jsonrpc":"2.0","method'],
    ['a string', '"ping"'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'],
    ['an infinity', '{"jsonrpc":"2.0","method":"ping","x":1e999}'],
    ['depth', `{"jsonrpc":"2.0","method":"ping","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['many values', `{"jsonrpc":"2.0","method":"ping","params":[${'1,'.repeat(200_000)}1]}`],
    ['a deep key', `{"jsonrpc":"2.0","method":"ping","params":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ['10 MB', `{"jsonrpc":"2.0","method":"ping","params":{"x":"${'x'.repeat(10_000_000)}"}}`],
  ])('gets an error for %s, and is served on', async (_, text) => {
    const { write, next, call, errors } = await guarded('plain')
    write(text)
    const { id, error } = await next()
    expect(id).toBe(null)
    expect([-32700, -32600]).toContain((error as JsonObject).code)
    call(2, 'echo', { text: 'still here' })
    expect(await next()).toMatchObject({ id: 2, result: { content: [{ text: 'still here' }] } })
    expect(errors()).toBe('')
  })

  it('in bytes that are no text, or in empty lines, is served on', async () => {
    const { write, next, send } = await guarded('plain')
    write(' \n\r\n\t')
    write(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('latin1'))
    expect(await next()).toMatchObject({ error: { code: -32700 } })
    send({ id: 1, method: 'ping' })
    expect(await next()).toMatchObject({ id: 1 })
  })

  it('of 10 MB with an id in its place gets the error for it', async () => {
    const { write, next } = await guarded('plain')
    write(`{"method":"ping","params":{"x":"${'x'.repeat(10_000_000)}"},"jsonrpc":"2.0","id":5}`)
    expect(await next()).toMatchObject({ id: 5, error: { code: -32700 } })
  })
})

describe('a server that misbehaves', () => {
  it('by being another command than the one that was locked is not started', async () => {
    const running = gateway({ rules: 'allow call *', lock: await capture('plain'), ...scriptedServer('rubbish') })
    expect(await running.status).toBe(1)
    expect(running.errors()).toContain('the server s is not reached in the way that was locked')
  })

  it('by writing rubbish is heard on, and its stray answers are dropped', async () => {
    const lock = { ...(await capture('plain')), reached: { ...scriptedServer('rubbish') } }
    const { greet, call, next, send, errors } = gateway({ rules: 'allow call *', lock, ...scriptedServer('rubbish') })
    await greet()
    call(1, 'echo')
    expect(await next()).toMatchObject({ id: 1, result: { content: [] } })
    send({ id: 2, method: 'tools/list' })
    expect(await next()).toMatchObject({ id: 2, result: { tools: [{ name: 'echo' }] } })
    expect(errors()).toContain('licet: dropped what the server wrote')
    expect(errors()).not.toContain('\u0001')
  })

  it.each([
    ['large', 'the answer of the server cannot be read'],
    ['deep', 'the answer of the server cannot be read'],
    ['duplicate', 'the answer of the server cannot be read'],
  ])('by an answer that is too %s fails that call, and no other', async (mode, message) => {
    const { call, next, send } = await guarded(mode)
    call(1, 'echo', { text: 'more' })
    expect(await next()).toMatchObject({ id: 1, error: { code: -32603, message } })
    send({ id: 2, method: 'tools/list' })
    expect(await next()).toMatchObject({ id: 2, result: { tools: [{ name: 'echo' }] } })
  })

  it('by dying: what waits is answered, and the gateway ends as the server did', async () => {
    const { call, next, status, errors } = await guarded('dying')
    call(1, 'echo')
    call(2, 'echo', { text: 'die' })
    expect(await next()).toMatchObject({ id: 1, error: { message: 'the server has stopped' } })
    expect(await next()).toMatchObject({ id: 2, error: { message: 'the server has stopped' } })
    expect(await status).toBe(3)
    expect(errors()).toContain('licet: the server ended with status 3')
  })

  it('by never telling what it offers: nothing of it can be used', async () => {
    const lock = { ...(await capture('plain')), reached: { ...scriptedServer('silent') } }
    const { greet, call, next, told } = gateway({
      rules: 'allow call *',
      lock,
      patience: 100,
      ...scriptedServer('silent'),
    })
    await greet()
    call(1, 'echo')
    expect(await next()).toMatchObject({ id: 1, error: { code: -32003 } })
    await told('does not tell what it offers')
  })

  it('by drifting: what has drifted is neither listed nor callable', async () => {
    const lock = { ...(await capture('plain')), reached: { ...scriptedServer('drifted') } }
    const { greet, call, next, send, errors } = gateway({ rules: 'allow call *', lock, ...scriptedServer('drifted') })
    await greet()
    call(1, 'echo')
    expect(await next()).toMatchObject({ id: 1, error: { code: -32003, message: 'not permitted: call echo' } })
    send({ id: 2, method: 'tools/list' })
    expect(await next()).toMatchObject({ id: 2, result: { tools: [] } })
    expect(errors()).toContain('the tool echo is not as it was locked')
  })

  it('by drifting while it runs: the list is read again before the next call', async () => {
    const { call, next } = await guarded('changing')
    call(1, 'echo')
    expect(await next()).toMatchObject({ method: 'notifications/tools/list_changed' })
    expect(await next()).toMatchObject({ id: 1, result: {} })
    call(2, 'echo')
    expect(await next()).toMatchObject({ id: 2, error: { code: -32003 } })
  })

  it('by instructions that nobody has locked: they do not reach the client', async () => {
    const lock = { ...(await capture('plain')), reached: { ...scriptedServer('talkative') } }
    const { send, line, told } = gateway({ rules: 'allow call *', lock, ...scriptedServer('talkative') })
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } })
    expect(await line()).not.toContain('ignore the policy')
    await told('the instructions of the server s are not as they were locked')
  })

  it('by not ending when it is asked to is ended', async () => {
    const { leave, status, errors } = await guarded('stubborn')
    leave()
    expect(await status).toBe(0)
    expect(errors()).toContain('not yet')
  })

  it('by not being there gives the status that a shell gives', async () => {
    const running = gateway({ rules: 'allow call *', command: 'no-such-command', args: [] })
    expect(await running.status).toBe(127)
    expect(running.errors()).toContain('there is no such command')
  })
})

describe('a server without a handshake', () => {
  it('is looked at before the first call, and tells of changes where they are asked for', async () => {
    const running = gateway({ rules: 'allow call *', lock: await capture('stateless'), ...scriptedServer('stateless') })
    const { next, send, folder: path } = running
    const ask = (id: string, method: string, params: JsonObject = {}) => {
      const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }
      send({ id, method, params: { ...params, _meta: meta } })
    }
    ask('c', 'tools/call', { name: 'echo', arguments: { text: 'hi' } })
    expect(await next()).toMatchObject({ id: 'c', result: { content: [{ text: 'hi' }] } })
    ask('n', 'tools/call', { name: 'nobody', arguments: {} })
    expect(await next()).toMatchObject({ id: 'n', error: { code: -32003 } })
    ask('t', 'tools/list')
    expect(await next()).toMatchObject({ id: 't', result: { tools: [{ name: 'echo' }], cacheScope: 'private' } })
    ask('L', 'subscriptions/listen', { notifications: { toolsListChanged: true } })
    const subscribed = { params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'L' } } }
    expect(await next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged', ...subscribed })
    writeFileSync(join(path, 'p.licet'), 'actor User {} server s from "./s.lock.json" { deny call *  allow call * }')
    expect(await next()).toMatchObject({ method: 'notifications/tools/list_changed', ...subscribed })
  })
})

describe('the policy', () => {
  const write = (path: string, rules: string) =>
    writeFileSync(
      join(path, 'p.licet'),
      `actor User {}\nserver s from "./s.lock.json" {\n${rules}\n}\ngiven User:ann {}\n`,
    )

  it('is loaded again when it changes, and the client told', async () => {
    const { call, next, folder: path, told } = await guarded('plain')
    call(1, 'echo')
    expect(await next()).toMatchObject({ id: 1, result: {} })
    write(path, 'deny call *  allow call * if actor is User')
    expect(await next()).toMatchObject({ method: 'notifications/tools/list_changed' })
    await told('the policy has changed, and is in force')
    call(2, 'echo')
    expect(await next()).toMatchObject({ id: 2, error: { code: -32003 } })
  })

  it('stays in force when the new one has errors, which are shown', async () => {
    const { call, next, folder: path, told, errors } = await guarded('plain')
    write(path, 'allow call nobody')
    await told('the policy that is in force stays')
    expect(errors()).toContain('unknown-item')
    call(1, 'echo')
    expect(await next()).toMatchObject({ id: 1, result: {} })
  })

  it('with errors at the start serves nothing', async () => {
    const running = gateway({ rules: 'allow call nobody', lock: await capture('plain'), ...scriptedServer('plain') })
    expect(await running.status).toBe(1)
    expect(running.errors()).toContain('unknown-item')
  })
})

describe('the audit log', () => {
  it('has a line for each decision, in their order, before the client has its answer', async () => {
    const path = join(folder(), 'audit.jsonl')
    const { call, next } = await guarded('counting', 'allow call * if args has text and args.text != "no"', {
      audit: path,
    })
    for (const [id, text] of ['a', 'no', 'b'].entries()) call(id, 'echo', { text })
    for (let i = 0; i < 3; i++) await next()
    const records = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; data: JsonObject })
      .filter(({ type }) => type === 'dev.licet.decision')
    expect(records.map(({ data }) => data.decision)).toEqual(['allow', 'deny', 'allow'])
  })

  it('has nothing in a line that ends it, or steers a terminal', async () => {
    const path = join(folder(), 'audit.jsonl')
    const { call, next } = await guarded('plain', 'allow call *', { audit: path })
    const name = 'a\u2028b\u0085c\u009b2J\u202e\u{e0041}\u001b'
    call(1, name)
    await next()
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines.join('')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ data: { resource: { name } } })
  })

  it('that cannot be opened stops the gateway before the server is started', async () => {
    const running = gateway({
      rules: 'allow call *',
      ...scriptedServer('plain'),
      audit: join(folder(), 'no', 'such', 'file'),
    })
    expect(await running.status).toBe(1)
    expect(running.errors()).toContain('the audit log cannot be written')
  })

  it('holds arguments without what is redacted; a path that leads nowhere stops the gateway', async () => {
    const path = join(folder(), 'audit.jsonl')
    const audit = (redact: string) => ({ file: path, arguments: 'redacted' as const, redact: [redact] })
    const lock = await capture('plain')
    const { greet, call, next } = gateway({
      rules: 'allow call *',
      lock,
      ...scriptedServer('plain'),
      audit: audit('args.text'),
    })
    await greet()
    call(1, 'echo', { text: 'hunter2', more: 'hunter3' })
    await next()
    const last = JSON.parse(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '')
    expect(last.data.args).toEqual({ text: '[redacted]', more: '[redacted]' })

    const running = gateway({ rules: 'allow call *', lock, ...scriptedServer('plain'), audit: audit('args.txt') })
    expect(await running.status).toBe(1)
    expect(running.errors()).toContain('`args.txt` leads to no argument that is locked: did you mean `args.text`?')
  })

  it('is closed however the gateway ends', async () => {
    const path = join(folder(), 'audit.jsonl')
    const lock = { ...(await capture('plain')), reached: { command: 'other', args: [] } }
    const running = gateway({ rules: 'allow call *', lock, ...scriptedServer('plain'), audit: path })
    expect(await running.status).toBe(1)
    const ending = await guarded('plain', 'allow call *', { audit: path })
    ending.leave()
    await ending.status
    expect(verifyAudit([path])).toMatchObject({ chains: 2, notes: [] })
    expect(ending.errors()).toMatch(
      /the audit log is closed with record 000000000\d{3} of chain \S+, sha256:[0-9a-f]{64}\n/,
    )
  })
})
