import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasDrifted } from '../../src/lock/drift.ts'
import { readLock } from '../../src/lock/read-lock.ts'
import { writeLock } from '../../src/lock/write-lock.ts'
import { captureLock, checkLock, type Reach } from '../../src/surfaces/mcp/index.ts'
import { json, upstream } from './gateway/listening.ts'
import { scriptedServer } from './running-gateway.ts'

const tool = { name: 'echo', description: 'echoes', inputSchema: { type: 'object' as const } }

/** A server of the SDK behind a URL, one page a tool. */
async function served(names: readonly string[]): Promise<string> {
  const http = createServer(async (request, response) => {
    const server = new Server({ name: 'http', version: '1' }, { capabilities: { tools: {} }, instructions: 'be nice' })
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const at = Number(params?.cursor ?? 0)
      const page = names.slice(at, at + 1).map((name) => ({ ...tool, name }))
      return { tools: page, ...(at + 1 < names.length ? { nextCursor: String(at + 1) } : {}) }
    })
    const transport = new StreamableHTTPServerTransport({})
    await server.connect(transport as Parameters<typeof server.connect>[0])
    await transport.handleRequest(request, response)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`
}

describe('captureLock', () => {
  it('puts what a server offers into a lock that can be written and read', async () => {
    const reach = scriptedServer('plain')
    const lock = await captureLock({ server: 's', reach })
    expect(lock).toMatchObject({
      server: 's',
      reached: reach,
      protocolVersion: '2025-11-25',
      serverInfo: { name: 'scripted' },
      tools: [{ name: 'echo', description: 'echoes' }],
    })
    expect([...lock.digests.tools.keys()]).toEqual(['echo'])
    expect(readLock({ name: 's.lock.json', text: writeLock(lock) }).lock).toEqual(lock)
    expect(hasDrifted(await checkLock(lock))).toBe(false)
  })

  it('asks a server without a handshake in its own way', async () => {
    expect(await captureLock({ server: 's', reach: scriptedServer('stateless') })).toMatchObject({
      protocolVersion: '2026-07-28',
      tools: [{ name: 'echo' }],
    })
  })

  it('asks a server without a handshake over HTTP, with the headers that it wants', async () => {
    const { url } = await upstream((message, asked, response) => {
      const { id = null, method } = message
      if (asked.headers['mcp-method'] !== method) {
        return json(response, { id, error: { code: -32601, message: 'no handshake' } })
      }
      const tools = [{ name: 'echo', inputSchema: { type: 'object' } }]
      const result = method === 'server/discover' ? { capabilities: { tools: {} } } : { tools }
      return json(response, { id, result })
    })
    expect(await captureLock({ server: 's', reach: { url } })).toMatchObject({
      protocolVersion: '2026-07-28',
      tools: [{ name: 'echo' }],
    })
  })

  it('asks over HTTP, to the last page', async () => {
    const url = await served(['a', 'b', 'c'])
    const lock = await captureLock({ server: 's', reach: { url } })
    expect(lock.tools.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(lock).toMatchObject({ reached: { url, origin: new URL(url).origin }, instructions: 'be nice' })
  })

  it.each<[string, Reach, string]>([
    [
      'that is not there',
      { command: 'no-such-command', args: [] },
      'the server could not be started: there is no such command',
    ],
    [
      'that ends',
      { command: process.execPath, args: ['-e', 'console.error("no key"); process.exit(3)'] },
      'the server ended with status 3: no key',
    ],
    [
      'that writes something else',
      { command: process.execPath, args: ['-e', 'console.log("hello\\u001b[2J")'] },
      'the server wrote something that is no message',
    ],
    [
      'that says nothing',
      { command: process.execPath, args: ['-e', 'process.stdin.resume()'] },
      'the server took longer than 1 s',
    ],
    ['that does not tell its tools', scriptedServer('silent'), 'the server took longer than 1 s'],
    [
      'behind no address',
      { url: 'http://127.0.0.1:9/mcp' },
      'initialize failed: the server cannot be reached: ECONNREFUSED',
    ],
  ])('says what is wrong with a server %s', async (_, reach, message) => {
    await expect(captureLock({ server: 's', reach, timeout: 1000 })).rejects.toThrow(message)
  })

  it('does not lock a server that has two things of one name', async () => {
    const url = await served(['a', 'a'])
    await expect(captureLock({ server: 's', reach: { url } })).rejects.toThrow('the server has the tool a twice')
  })
})

describe('checkLock', () => {
  it('says what is no longer as it was locked', async () => {
    const lock = await captureLock({ server: 's', reach: scriptedServer('plain') })
    const drift = await checkLock(lock, { reach: scriptedServer('drifted') })
    expect(drift.items).toMatchObject([
      { list: 'tools', name: 'echo', status: 'drifted', fields: [{ field: 'description' }] },
    ])
    expect(drift.server).toMatchObject([{ field: 'reached' }])
  })

  it('needs to know how the server is reached', async () => {
    const { reached: _, ...lock } = await captureLock({ server: 's', reach: scriptedServer('plain') })
    await expect(checkLock(lock)).rejects.toThrow('the lock does not say how the server is reached')
  })
})
