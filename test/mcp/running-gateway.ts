import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import type { Lock } from '../../src/lock/format.ts'
import { writeLock } from '../../src/lock/write-lock.ts'
import { policyFiles, runGateway, type ServerReach, type StdioGatewayOptions } from '../../src/surfaces/mcp/index.ts'

const scripted = fileURLToPath(new URL('./scripted-server.mjs', import.meta.url))

/** How the server of our own is started. */
export function scriptedServer(mode: string): { readonly command: string; readonly args: readonly string[] } {
  return { command: process.execPath, args: [scripted, mode] }
}

/** A folder that is gone after the test. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'licet-mcp-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

export interface Running {
  /** Writes a line as it is. */
  write(text: string): void
  send(message: JsonObject): void
  /** The next line that the client gets, as text. */
  line(): Promise<string>
  next(): Promise<JsonObject>
  /** Shakes hands as a client does. */
  greet(): Promise<void>
  call(id: number, name: string, args?: JsonObject): void
  /** The client leaves. */
  leave(): void
  readonly status: Promise<number>
  readonly errors: () => string
  /** Resolves when the operator has been told this. */
  told(text: string): Promise<void>
  readonly folder: string
  /** The transport of a client of the SDK. */
  readonly transport: Transport
}

export type Guarded = Partial<StdioGatewayOptions> &
  ServerReach & {
    readonly rules: string
    readonly lock?: Lock
  }

/** A gateway in this process, in front of a server process of its own. */
export function gateway({ rules, lock, ...options }: Guarded): Running {
  const from = lock === undefined ? '' : ' from "./s.lock.json"'
  const path = folder({
    'p.licet': `actor User {}\nserver s${from} {\n${rules}\n}\ngiven User:ann {}\n`,
    ...(lock === undefined ? {} : { 's.lock.json': writeLock({ ...lock, server: 's' }) }),
  })
  const input = new PassThrough()
  const output = new PassThrough()
  const errors = new PassThrough()
  let told = ''
  errors.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8')
  })
  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  let rest = ''
  let listener: ((line: string) => void) | undefined
  output.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('utf8')).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      if (listener !== undefined) listener(line)
      else if (waiting.length > 0) waiting.shift()?.(line)
      else lines.push(line)
    }
  })
  const status = runGateway({
    server: 's',
    source: policyFiles({ policies: [join(path, 'p.licet')] }),
    principal: { actor: 'User:ann' },
    input,
    output,
    errors,
    ...options,
  })
  onTestFinished(async () => {
    input.end()
    await status
  })
  const line = (): Promise<string> => {
    const next = lines.shift()
    return next === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(next)
  }
  const write = (text: string): void => {
    input.write(`${text}\n`)
  }
  const send = (message: JsonObject): void => write(JSON.stringify({ jsonrpc: '2.0', ...message }))
  const next = async (): Promise<JsonObject> => JSON.parse(await line()) as JsonObject
  const transport: Transport = {
    start: async () => {
      listener = (text) => transport.onmessage?.(deserializeMessage(text))
    },
    send: async (message) => {
      input.write(serializeMessage(message))
    },
    close: async () => {
      input.end()
      await status
      transport.onclose?.()
    },
  }
  return {
    write,
    send,
    line,
    next,
    greet: async () => {
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
      send({ id: 'hello', method: 'initialize', params })
      await next()
      send({ method: 'notifications/initialized' })
    },
    call: (id, name, args = {}) => send({ id, method: 'tools/call', params: { name, arguments: args } }),
    leave: () => {
      input.end()
    },
    status,
    errors: () => told,
    told: async (text) => {
      while (!told.includes(text)) await new Promise((resolve) => errors.once('data', resolve))
    },
    folder: path,
    transport,
  }
}

export async function connected(running: Running): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: {} })
  await client.connect(running.transport)
  return client
}
