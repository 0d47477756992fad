import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { CallToolRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/index.ts'
import { guardHandler, memoryApprovals, type PolicySource } from '../../../src/surfaces/mcp/index.ts'
import { enforced, facts } from '../guarded.ts'
import { gateway, scriptedServer } from '../running-gateway.ts'
import { accept, call, listening, post, session, standalone } from './listening.ts'

const rules = 'allow call echo if confirmed() or args.text == "free"'
const reach = scriptedServer('plain')
const yes = { action: 'accept', content: { confirm: true } }
const elicitation = { elicitation: {} }

/** A client of the SDK whose user answers what is asked; gives what has been asked. */
async function connected(transport: StreamableHTTPClientTransport, answer: 'accept' | 'decline') {
  const client = new Client({ name: 'c', version: '1' }, { capabilities: elicitation })
  const asked: string[] = []
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message)
    // What does not have to be confirmed goes on meanwhile.
    await client.callTool({ name: 'echo', arguments: { text: 'free' } })
    return answer === 'accept' ? { action: answer, content: { confirm: true } } : { action: answer }
  })
  await client.connect(transport as Transport)
  return { client, asked }
}

/** A server of the SDK behind `guardHandler`. */
function guarded(): StreamableHTTPClientTransport {
  const server = new Server({ name: 's', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
    content: [{ type: 'text', text: String(params.arguments?.text) }],
  }))
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session' })
  const connecting = server.connect(transport)
  const handle = guardHandler(
    async (request: Request) => {
      await connecting
      return await transport.handleRequest(request)
    },
    enforced(rules, undefined).engine,
    { server: 's', authenticate: () => ({ actor: 'User:ann' }), carriesConsent: () => true, report: () => {} },
  )
  return new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
    fetch: (url, init) => handle(new Request(url, init as RequestInit)),
  })
}

describe.each([
  [
    'the gateway over HTTP',
    async () => {
      const { url } = await listening({ reach, rules, server: { carriesConsent: () => true } })
      return new StreamableHTTPClientTransport(new URL(url))
    },
  ],
  ['guardHandler', async () => guarded()],
] as const)('a client of the SDK behind %s', (_, transport) => {
  it('asks its user, and the call goes on with a yes', async () => {
    const { client, asked } = await connected(await transport(), 'accept')
    expect(await client.callTool({ name: 'echo', arguments: { text: 'x' } })).toMatchObject({
      content: [{ text: 'x' }],
    })
    expect(asked).toEqual(['Do you confirm this request to s?\ntools/call echo\n{"text":"x"}'])
    await client.close()
  })

  it('is denied with a no', async () => {
    const { client } = await connected(await transport(), 'decline')
    await expect(client.callTool({ name: 'echo', arguments: { text: 'x' } })).rejects.toThrow('has not confirmed it')
    await client.close()
  })
})

/** A POST whose answer is read as it comes. */
async function streamed(url: string, message: object, headers: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    until: async (end: string): Promise<string> => {
      while (!text.includes(end)) {
        const { done, value } = (await reader?.read()) ?? { done: true }
        if (done) throw new Error(`the stream has ended: ${text}`)
        text += value
      }
      return text
    },
    ended: async (): Promise<string> => {
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += piece.value
      return text
    },
  }
}

async function confirming(url: string) {
  return await session(url, {}, '2025-11-25', elicitation)
}

describe('a question of the gateway', () => {
  it('comes in the stream of the request that waits, whatever others are open', async () => {
    const { url } = await listening({ reach, rules, server: { carriesConsent: () => true } })
    const headers = await confirming(url)
    const outside = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } })
    const first = await streamed(url, call(1, 'echo', { text: 'a' }), headers)
    const second = await streamed(url, call(2, 'echo', { text: 'b' }), headers)
    expect(await first.until('elicitation/create')).toContain('{\\"text\\":\\"a\\"}')
    const asked = await second.until('elicitation/create')
    expect(asked).toContain('{\\"text\\":\\"b\\"}')
    const { id } = JSON.parse(/^data: (\{.*)$/m.exec(asked)?.[1] ?? '') as { id: number }
    expect((await post(url, { id, result: yes }, headers)).status).toBe(202)
    expect(await second.ended()).toContain('"content":[{"type":"text","text":"b"}]')
    await post(url, { method: 'notifications/cancelled', params: { requestId: 1 } }, headers)
    expect(await first.ended()).not.toContain('"content"')
    // What was taken back holds no place.
    expect((await post(url, call(1, 'echo', { text: 'free' }), headers)).messages).toMatchObject([
      { id: 1, result: {} },
    ])
    await outside.body?.cancel()
  })

  it('comes in a result in the revision without sessions', async () => {
    const { url } = await listening({
      reach: scriptedServer('stateless'),
      rules,
      server: { carriesConsent: () => true },
    })
    const ask = async (more: object) => {
      const params = { name: 'echo', arguments: { text: 'x' }, ...more }
      const { message, headers } = standalone(1, 'tools/call', params, elicitation)
      return (await post(url, message, headers)).messages[0]
    }
    const asked = (await ask({})) as { result: { inputRequests: object; requestState: string } }
    const [name = ''] = Object.keys(asked.result.inputRequests)
    const { requestState } = asked.result
    const again = { inputResponses: { [name]: yes }, requestState }
    expect(await ask(again)).toMatchObject({ result: { content: [{ text: 'x' }] } })
    expect(await ask(again)).not.toMatchObject({ result: { content: [{ text: 'x' }] } })
  })

  it('is put to no client that is not trusted', async () => {
    const { url } = await listening({ reach, rules })
    const denied = await post(url, call(1, 'echo', { text: 'x' }), await confirming(url))
    expect(denied.messages).toMatchObject([{ id: 1, error: { code: -32003 } }])
  })

  it('comes over stdio, too', async () => {
    const { send, next, call: calls } = gateway({ rules, ...reach, carriesConsent: () => true })
    const params = { protocolVersion: '2025-11-25', capabilities: elicitation, clientInfo: { name: 'c', version: '1' } }
    send({ id: 0, method: 'initialize', params })
    await next()
    send({ method: 'notifications/initialized' })
    calls(1, 'echo', { text: 'x' })
    const { id, method } = await next()
    expect(method).toBe('elicitation/create')
    send({ id: id ?? null, result: yes })
    expect(await next()).toMatchObject({ id: 1, result: { content: [{ text: 'x' }] } })
  })
})

/** A policy in memory, which knows `User:ann` and `User:lead`, the lead. */
function sourceOf(rules: string): PolicySource {
  const { policy } = compile({ 'p.licet': `actor User {}\nactor Agent {}\nrole lead: User\n${rules}` })
  if (policy === undefined) throw new Error('no policy')
  return { load: () => ({ policy, facts, diagnostics: [], sources: [] }) }
}

describe('what is kept in stores', () => {
  it('crosses servers', async () => {
    const source = sourceOf(`
      server s { allow call echo  label call echo as private }
      server t { allow call echo if not ("private" in session.labels) }`)
    const others = [{ ...reach, server: 't', source, principal: { actor: 'User:ann' } }]
    const { url } = await listening({ reach, server: { source }, others })
    const [s, t] = [url, url.replace(/s$/, 't')]
    const [inS, inT] = [await session(s), await session(t)]
    expect((await post(t, call(1, 'echo'), inT)).messages[0]).toHaveProperty('result')
    expect((await post(s, call(1, 'echo'), inS)).messages[0]).toHaveProperty('result')
    expect((await post(t, call(2, 'echo'), inT)).messages[0]).toHaveProperty('error')
  })

  it('crosses the sessions of a person', async () => {
    const sticky = `
      allow call echo if args.text == "secret" or not ("private" in session.labels)
      label call echo as private if args.text == "secret"
      limit call echo to 3 per 1h by actor`
    const { url } = await listening({ reach, rules: sticky })
    const echo = async (text: string, headers: Record<string, string>) =>
      (await post(url, call(1, 'echo', { text }), headers)).messages[0]
    const [one, two] = [await session(url), await session(url)]
    expect(await echo('a', two)).toHaveProperty('result')
    expect(await echo('secret', one)).toHaveProperty('result')
    expect(await echo('a', two)).toHaveProperty('error')
    expect(await echo('secret', two)).toHaveProperty('result')
    expect(await echo('secret', await session(url))).toMatchObject({ error: { data: { reason: 'limited' } } })
  })

  it('approves calls, over HTTP as over stdio', async () => {
    const approvals = memoryApprovals()
    const source = sourceOf('server s { allow call echo if approvedBy(lead) }')
    const { url } = await listening({ reach, server: { source, stores: { approvals } } })
    const headers = await session(url)
    const echo = async () => (await post(url, call(1, 'echo', { text: 'x' }), headers)).messages[0]
    const waits = (await echo()) as { error: { data: { approval: string } } }
    await approvals.grant(waits.error.data.approval, 'User:lead')
    expect(await echo()).toHaveProperty('result')
    expect(await echo()).toHaveProperty('error')
  })
})

describe('a challenge', () => {
  const scoped = 'allow call echo if scope("echo:use")'
  it('says what other token would do, where clients have tokens, and lists what it is for', async () => {
    const authenticate = () => ({ actor: 'User:ann', token: { iss: 'i', sub: 'ann', scopes: [] } })
    const { url } = await listening({ reach, rules: scoped, authenticate })
    const headers = await session(url)
    const refused = await post(url, call(1, 'echo'), headers)
    expect(refused).toMatchObject({ status: 403, messages: [{ id: 1, error: { code: -32003 } }] })
    expect(refused.headers['www-authenticate']).toContain('scope="echo:use"')
    const listed = await post(url, { id: 2, method: 'tools/list' }, headers)
    expect(listed.messages).toMatchObject([{ result: { tools: [{ name: 'echo' }] } }])
  })

  it('is not there where everybody speaks for one principal', async () => {
    const { url } = await listening({ reach, rules: scoped })
    expect(await post(url, call(1, 'echo'), await session(url))).toMatchObject({ status: 200 })
  })
})
