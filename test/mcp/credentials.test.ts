import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { createEnforcement } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import { type Id, readMessage } from '../../src/surfaces/mcp/protocol/message.ts'
import { createGuard } from '../../src/surfaces/mcp/sdk/guard.ts'
import type { MessageOrigin } from '../../src/surfaces/mcp/sdk/types.ts'
import { enforced } from './guarded.ts'

const rules = 'allow call *\nallow log * if scope("log")\nallow subscribe * if scope("notes")'
const subscriptionId = 'io.modelcontextprotocol/subscriptionId'

/** A connection that two clients of one person share, each with a token of its own. */
async function shared() {
  const enforcement = createEnforcement({
    server: 's',
    policy: enforced(rules, undefined),
    principal: { actor: 'User:ann' },
  })
  let next = 1
  const ask = async (method: string, params: JsonObject, scopes: readonly string[]): Promise<Id> => {
    const message = readMessage({ jsonrpc: '2.0', id: next++, method, params })
    const verdict = await enforcement.fromClient(message, { actor: 'User:ann', token: { scopes } })
    if (verdict.kind !== 'forward') throw new Error('it was not forwarded')
    return verdict.message.id as Id
  }
  const tell = async (method: string, params: JsonObject, within?: Id): Promise<string> => {
    const verdict = await enforcement.fromServer(readMessage({ jsonrpc: '2.0', method, params }), within)
    return verdict.kind
  }
  return { ask, tell }
}

describe('what a server says on a connection that clients share', () => {
  const call = { name: 'x', arguments: {} }
  const log = { level: 'info', data: 'secret' }

  it('in the answer to a request is judged by the credentials of that request', async () => {
    const { ask, tell } = await shared()
    const mine = await ask('tools/call', call, [])
    const other = await ask('tools/call', call, ['log'])
    expect(await tell('notifications/message', log, mine)).toBe('drop')
    expect(await tell('notifications/message', log, other)).toBe('forward')
  })

  it('to the only request there is, by those of that one, whoever has spoken since', async () => {
    const { ask, tell } = await shared()
    await ask('tools/call', call, [])
    await ask('notifications/none', {}, ['log']).catch(() => {})
    expect(await tell('notifications/message', log)).toBe('drop')
  })

  it('to a subscription, by those that it was made with', async () => {
    const { ask, tell } = await shared()
    const notifications = { resourceSubscriptions: ['note://a'] }
    const mine = await ask('subscriptions/listen', { notifications }, [])
    const other = await ask('subscriptions/listen', { notifications }, ['notes'])
    const about = (number: Id): JsonObject => ({ uri: 'note://a', _meta: { [subscriptionId]: number } })
    expect(await tell('notifications/resources/updated', about(mine))).toBe('drop')
    expect(await tell('notifications/resources/updated', about(other))).toBe('forward')
    await ask('tools/call', call, [])
    expect(await tell('notifications/resources/updated', about(other))).toBe('forward')
  })
})

it('what a server in process says of a request is judged by the credentials of that request', async () => {
  const sent: JsonObject[] = []
  const relayed: JsonObject[] = []
  const transport = {
    start: async () => {},
    close: async () => {},
    send: async (message: JsonObject) => void sent.push(message),
    onmessage: (message: JsonObject, _?: MessageOrigin) => void relayed.push(message),
  }
  const { engine } = enforced(rules, undefined)
  const principal = ({ authInfo }: MessageOrigin) => ({ actor: 'User:ann', token: { scopes: authInfo?.scopes ?? [] } })
  createGuard(engine, { server: 's', principal, report: () => {} }).transport(transport)
  const send = transport.send as (message: JsonObject, options?: { relatedRequestId: Id }) => Promise<void>
  await transport.start()
  for (const [id, scopes] of [[], ['log']].entries()) {
    const params = { name: 'x', arguments: {} }
    const authInfo = { token: '', clientId: '', scopes }
    transport.onmessage({ jsonrpc: '2.0', id, method: 'tools/call', params }, { authInfo })
  }
  while (relayed.length < 2) await new Promise((resolve) => setImmediate(resolve))
  for (const { id } of relayed) {
    const message = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: `of ${id}` } }
    await send(message, { relatedRequestId: id as Id })
  }
  expect(sent).toMatchObject([{ params: { data: `of ${relayed[1]?.id}` } }])
})
