import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Principal } from '../../enforcement/principal.ts'
import { challengeHeader } from '../../http/challenge.ts'
import { headersOf } from '../../http/node-request.ts'
import type { Endpoint } from './endpoint.ts'
import { hostCheck } from './hosts.ts'
import { refusal, refuse } from './refusal.ts'

/** What is known of an HTTP request before it is known whose it is: the part of a `Request` that credentials can stand in. */
export interface Credentials {
  readonly method: string
  readonly url: string
  readonly headers: Headers
}

/** Says on whose behalf a request is made; undefined for nobody who may ask. Whatever it throws is a refusal, too. */
export type Authenticate = (
  request: Credentials,
  server: string,
) => Principal | undefined | Promise<Principal | undefined>

export interface Served {
  readonly endpoint: Endpoint
  readonly authenticate: Authenticate
  /** URL of the protected resource metadata (RFC 9728). */
  readonly metadata?: string
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
    const name = nameIn(request.url ?? '')
    const served = name === undefined ? undefined : servers.get(name)
    if (name === undefined || served === undefined) return refuse(response, refusal(404, 'there is no such server'))
    if (!['POST', 'GET', 'DELETE'].includes(method)) {
      return refuse(response, refusal(405, 'the protocol has no such method', { allow: 'POST, GET, DELETE' }))
    }
    const principal = await served.authenticate(credentialsIn(request), name)
    if (principal === undefined) {
      const why = headers.authorization === undefined ? 'unauthenticated' : 'invalid-token'
      const challenge = { 'www-authenticate': challengeHeader(why, served.metadata) }
      return refuse(response, refusal(401, 'the request is not authenticated', challenge))
    }
    await served.endpoint(request, response, principal)
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
