import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createReply, type Reply } from '../../../src/surfaces/mcp/gateway/listener/reply.ts'

it('a client that reads nothing is cut off, and those that are held for it go on', async () => {
  let isLeft = false
  let held = 0
  const source = { hold: () => held++, release: () => held-- }
  const server = createServer((_, response) => {
    const reply: Reply = createReply(response, {
      headers: {},
      principal: { actor: 'User:ann' },
      onExpired: () => {},
      onLeft: () => {
        isLeft = true
      },
      onSlow: () => {},
      stall: 200,
    })
    // More than the buffers of two sockets take.
    for (let i = 0; i < 200; i++) reply.send('x'.repeat(100_000), { isLast: false }, [source])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const sent = request({ port: (server.address() as AddressInfo).port }).end()
  sent.on('error', () => {})
  await new Promise((resolve) => sent.on('response', (response) => resolve(response.pause().on('error', () => {}))))
  expect(held).toBe(1)
  while (!isLeft) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(held).toBe(0)
  sent.destroy()
})
