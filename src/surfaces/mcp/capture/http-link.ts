import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { JsonObject } from '../../../base/json.ts'
import type { Answer } from '../enforcement/enforcement.ts'
import { type Id, ownString, readMessage, request } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import type { Link } from './capture.ts'

/**
 * Asks a server over Streamable HTTP, through the transport of the SDK.
 *
 * @throws Error when the SDK is not installed
 */
export async function httpLink(url: string): Promise<Link> {
  const transport = new (await streamableHttp())(new URL(url))
  const waiting = new Map<Id, { resolve(answer: Answer): void; reject(error: Error): void }>()
  let next = 1
  transport.onmessage = (sent: JSONRPCMessage) => {
    const message = readMessage(sent as unknown as JsonObject)
    if (message.kind !== 'result' && message.kind !== 'error') return
    waiting.get(message.id)?.resolve(message.kind === 'result' ? { result: message.result } : { error: message.error })
    waiting.delete(message.id)
    const version = message.kind === 'result' ? ownString(message.result, 'protocolVersion') : undefined
    if (version !== undefined) transport.setProtocolVersion(version)
  }
  const fail = (problem: string): Error =>
    new Error(`the server at ${visible(url)} cannot be asked: ${visible(problem)}`)
  transport.onclose = () => {
    for (const { reject } of waiting.values()) reject(fail('it closed the connection'))
    waiting.clear()
  }
  await transport.start()
  const send = (message: JsonObject): Promise<void> => transport.send(message as unknown as JSONRPCMessage)
  return {
    ask: (method, params) => {
      const id = next++
      return new Promise<Answer>((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        send(request(id, method, params)).catch((error: unknown) => {
          waiting.delete(id)
          reject(fail(error instanceof Error ? error.message : String(error)))
        })
      })
    },
    notify: (message) => {
      send(message).catch(() => {})
    },
    close: () => transport.close(),
  }
}

async function streamableHttp() {
  try {
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
    return StreamableHTTPClientTransport
  } catch {
    throw new Error(
      'a server behind a URL needs the package @modelcontextprotocol/sdk: npm install @modelcontextprotocol/sdk',
    )
  }
}
