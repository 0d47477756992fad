import { expect, it } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import { ask, call, events, json, listening, post, session, standalone, upstream } from './listening.ts'

/** Whoever says so has credentials that are good for a second or so more. */
const authenticate = ({ headers }: { headers: Headers }) => ({
  actor: 'User:ann',
  ...(headers.get('x-token') === 'short' ? { token: { exp: Date.now() / 1000 + 1 } } : { expires: Date.now() + 1e12 }),
})
const short = { 'x-token': 'short' }

/** A server that begins a stream for each request, and answers none by itself. */
async function speaking() {
  const asked: { readonly message: JsonObject; readonly write: ReturnType<typeof events>; isOpen: boolean }[] = []
  const server = await upstream((message, request, response) => {
    if (message.method === 'initialize') {
      const result = { protocolVersion: '2025-11-25', capabilities: { tools: {}, logging: {} } }
      return json(response, { id: message.id ?? null, result }, { 'mcp-session-id': 'x' })
    }
    if (message.method === 'server/discover') {
      return json(response, { id: message.id ?? null, result: { capabilities: { tools: {} } } })
    }
    if (request.method !== 'GET' && message.id === undefined) return response.writeHead(202).end()
    const one = { message, write: events(response), isOpen: true }
    response.on('close', () => {
      one.isOpen = false
    })
    return asked.push(one)
  })
  const rules = 'allow call *\nallow log *\nallow subscribe *'
  const gateway = await listening({ reach: { url: server.url }, rules, authenticate })
  const of = (text: string) => asked.find(({ message }) => JSON.stringify(message).includes(text))
  return { ...gateway, of }
}

it('the streams of credentials end with them; what a session waits for is kept for better ones', async () => {
  const { url, of } = await speaking()
  const named = await session(url, short)
  const begun = performance.now()
  const listen = standalone('L', 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  const lone = standalone(1, 'tools/call', { name: 'x', arguments: {} })
  const [heard, listened, called, answered] = await Promise.all([
    ask(url, { method: 'GET', headers: named }),
    post(url, listen.message, { ...listen.headers, ...short }),
    post(url, lone.message, { ...lone.headers, ...short }),
    post(url, call(7, 'in-session'), named),
  ])
  expect(performance.now() - begun).toBeLessThan(4000)
  expect(heard).toMatchObject({ status: 200, messages: [] })
  const expired = { code: -32603, message: 'the credentials have expired' }
  expect(listened.messages).toMatchObject([{ id: 'L', error: expired }])
  expect(called.messages).toMatchObject([{ id: 1, error: expired }])
  expect(answered.messages).toEqual([])
  // Those that stood for themselves are cancelled; that of the session goes on.
  while (of('subscriptions/listen')?.isOpen !== false) await new Promise((resolve) => setTimeout(resolve, 5))
  const last = [...answered.text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? ''
  const better = { ...named, 'x-token': 'long' }
  const resumed = ask(url, { method: 'GET', headers: { ...better, 'last-event-id': last } })
  await new Promise((resolve) => setTimeout(resolve, 20))
  of('in-session')?.write({ id: of('in-session')?.message.id ?? null, result: { content: [] } })
  expect((await resumed).messages).toMatchObject([{ id: 7, result: { content: [] } }])
})
