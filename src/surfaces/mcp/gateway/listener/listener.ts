import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Policy } from '../../../../index.ts'
import { type Caller, isPrincipal, refusedCaller } from '../../http/caller.ts'
import { headersOf } from '../../http/node-request.ts'
import { documentAt, type MetadataOption, metadataUrl } from '../../http/resource-metadata.ts'
import type { Endpoint } from './endpoint.ts'
import { hostCheck } from './hosts.ts'
import { refusal, refuse } from './refusal.ts'

/** What is known of an HTTP request before it is known whose it is: the part of a `Request` that credentials can stand in. */
export interface Credentials {
  readonly method: string
  readonly url: string
  readonly headers: Headers
}

/** Says on whose behalf a request is made. Where it throws nobody gets in: the answer is 500. */
export type Authenticate = (request: Credentials, server: string) => Caller | Promise<Caller>

export interface Served {
  readonly endpoint: Endpoint
  readonly authenticate: Authenticate
  /** Protected resource metadata (RFC 9728). */
  readonly metadata: MetadataOption
  readonly policy: () => Policy
}

export interface ListenerOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Names besides that of `host` by which clients know the listener. */
  readonly hosts: readonly string[]
  /** By name; each is served at `/NAME`. */
  readonly servers: ReadonlyMap<string, Served>
  readonly report: (problem: string) => void
}

export interface Listener {
  /** Where it listens, without a path. */
  readonly url: string
  /** No more connections are taken; what is open ends. */
  close(): Promise<void>
}

const mostConnections = 4096
/** Milliseconds in which a request, and its headers, have to have come in. */
const requestTimeout = 60_000
const headersTimeout = 15_000
const keepAliveTimeout = 30_000

/** @throws Error when it cannot listen there */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { host, port, hosts, servers, report } = options
  const hostProblem = hostCheck(host, hosts)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers, method = '' } = request
    const problem = hostProblem(headers.host, headers.origin)
    if (problem !== undefined) return refuse(response, refusal(403, problem))
    const target = request.url ?? ''
    const document = documentIn(servers, { method, target })
    if (document !== undefined) return sendJson(response, document)
    const name = nameIn(target)
    const served = name === undefined ? undefined : servers.get(name)
    if (name === undefined || served === undefined) return refuse(response, refusal(404, 'there is no such server'))
    if (!['POST', 'GET', 'DELETE'].includes(method)) {
      return refuse(response, refusal(405, 'the protocol has no such method', { allow: 'POST, GET, DELETE' }))
    }
    const caller = await served.authenticate(credentialsIn(request), name)
    if (!isPrincipal(caller)) {
      const {
        status,
        message,
        headers: told,
      } = refusedCaller(caller, headers.authorization, metadataUrl(served.metadata))
      return refuse(response, refusal(status, message, told))
    }
    await served.endpoint(request, response, caller)
  }
  const server = createServer({ requestTimeout, headersTimeout, keepAliveTimeout }, (request, response) => {
    request.on('error', () => {})
    response.on('error', () => {})
    answer(request, response).catch((thrown: unknown) => {
      report(`a request could not be answered: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
      refuse(response, refusal(500, 'internal error'))
    })
  })
  server.maxConnections = mostConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return { url: urlOf(host, server), close: () => closed(server) }
}

/** What is known of servers to everybody. */
function documentIn(
  servers: ListenerOptions['servers'],
  asked: { readonly method: string; readonly target: string },
): string | undefined {
  for (const { metadata, policy } of servers.values()) {
    const document = documentAt(metadata, asked, policy)
    if (document !== undefined) return document
  }
  return undefined
}

function sendJson(response: ServerResponse, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
}

function nameIn(target: string): string | undefined {
  const [path = ''] = target.split('?', 1)
  return /^\/([\w.-]+)\/?$/.exec(path)?.[1]
}

function credentialsIn(request: IncomingMessage): Credentials {
  const { method = '', url = '', headers } = request
  return { method, url: `http://${headers.host}${url}`, headers: headersOf(request) }
}

function urlOf(host: string, server: Server): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
