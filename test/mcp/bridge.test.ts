import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createEnforcement } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import { bridge } from '../../src/surfaces/mcp/gateway/bridge.ts'

import { stdioSide, unreadByClient, unreadByServer } from '../../src/surfaces/mcp/gateway/stdio-side.ts'
import { enforced } from './guarded.ts'

/** A bridge between streams whose buffers hold a kilobyte. */
function bridged() {
  const stream = () => new PassThrough({ highWaterMark: 1024 })
  const client = { input: stream(), output: stream() }
  const server = { input: stream(), output: stream() }
  const enforcement = createEnforcement({
    server: 's',
    principal: { actor: 'User:ann' },
    reached: { command: 'x', args: [] },
    policy: enforced('allow call *', undefined),
  })
  bridge({
    client: stdioSide(client, unreadByClient),
    server: stdioSide(server, unreadByServer),
    enforcement,
    report: () => {},
  })
  return { client, server }
}

const tick = () => new Promise((resolve) => setImmediate(resolve))

/** Writes lines as long as they are taken, at most a megabyte. */
async function fill(stream: PassThrough, line: (i: number) => string): Promise<number> {
  let written = 0
  for (let i = 0; written < 1_000_000; i++) {
    const text = `${line(i)}\n`
    written += text.length
    if (!stream.write(text)) await tick()
    if (stream.writableNeedDrain) return written
  }
  return written
}

describe('a receiver that does not read', () => {
  it('is not written to for ever: the client is not read either while the server is slow', async () => {
    const { client, server } = bridged()
    const line = (i: number) =>
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized', params: { _meta: { i } } })
    expect(await fill(client.input, line)).toBeLessThan(20_000)
    expect(server.output.readableLength + server.output.writableLength).toBeLessThan(10_000)

    // It goes on where it stopped.
    let read = 0
    server.output.on('data', (chunk: Buffer) => {
      read += chunk.length
    })
    while (client.input.writableNeedDrain) await tick()
    expect(await fill(client.input, line)).toBeGreaterThan(900_000)
    await tick()
    expect(read).toBeGreaterThan(900_000)
  })

  it('is not answered for ever: a server that asks without end is not heard on', async () => {
    const { client, server } = bridged()
    const question = (i: number) => JSON.stringify({ jsonrpc: '2.0', id: `${i}${'x'.repeat(200)}`, method: 'x/y' })
    let asked = 0
    for (let i = 0; i < 30 && !server.input.writableNeedDrain; i++) asked += await fill(server.input, question)
    expect(asked).toBeGreaterThan(5_000_000)
    expect(server.output.readableLength + server.output.writableLength).toBeLessThan(20_000_000)
    expect(client.output.readableLength).toBe(0)
    server.output.resume()
    while (server.input.writableNeedDrain) await tick()
    expect(await fill(server.input, question)).toBeGreaterThan(900_000)
  })

  it('is not written to for ever: neither side is read while the client is slow', async () => {
    const { client, server } = bridged()
    const changed = () => JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    expect(await fill(server.input, changed)).toBeLessThan(20_000)
    expect(await fill(client.input, () => 'rubbish')).toBeLessThan(20_000)
    expect(client.output.readableLength + client.output.writableLength).toBeLessThan(20_000)
  })
})
