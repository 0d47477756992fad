import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../../src/base/json.ts'
import type { ClientSide } from '../../../src/surfaces/mcp/gateway/listener/client-side.ts'
import { createSession } from '../../../src/surfaces/mcp/gateway/listener/session.ts'
import { createStatelessClients } from '../../../src/surfaces/mcp/gateway/listener/stateless.ts'
import { failure, type Id, readMessage } from '../../../src/surfaces/mcp/protocol/message.ts'
import { call, post } from './listening.ts'

const challenge = { scopes: ['files:write', 'files:read'], acr: [] }

/** A listener that denies everything, and says what would help. */
async function denying(side: ClientSide, isBegun = false): Promise<string> {
  side.listen(({ incoming }) => {
    const { id } = incoming.message as unknown as { id: Id }
    if (isBegun) {
      const params = { level: 'info', data: 'begun' }
      side.send({ message: { jsonrpc: '2.0', method: 'notifications/message', params }, within: id }, [])
    }
    side.send({ message: failure(id, { code: -32003, message: 'not permitted' }), challenge }, [])
  })
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const message = readMessage(JSON.parse(text) as JsonObject)
      side.post({ message, text, principal: { actor: null } }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe.each([
  ['a session', (challenges?: { metadata?: string }) => createSession('x', challenges, () => {})],
  ['a request that stands for itself', (challenges?: { metadata?: string }) => createStatelessClients(challenges)],
] as const)('a denial in %s', (_, sideWith) => {
  it('is told in HTTP, with all that would help', async () => {
    const answer = await post(await denying(sideWith({ metadata: 'https://example.com/m' })), call(7, 'x'))
    expect(answer).toMatchObject({ status: 403, messages: [{ id: 7, error: { code: -32003 } }] })
    const header = String(answer.headers['www-authenticate'])
    expect(header).toContain('error="insufficient_scope"')
    expect(header).toContain('scope="files:write files:read"')
    expect(header).toContain('resource_metadata="https://example.com/m"')
  })

  it('is an answer like any other where nobody could change it, or where the answer has begun', async () => {
    for (const url of [await denying(sideWith()), await denying(sideWith({}), true)]) {
      const answer = await post(url, call(7, 'x'))
      expect(answer.status).toBe(200)
      expect(answer.messages.at(-1)).toMatchObject({ id: 7, error: { code: -32003 } })
      expect(answer.headers['www-authenticate']).toBeUndefined()
    }
  })
})
