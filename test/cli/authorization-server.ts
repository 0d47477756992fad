import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
// @ts-expect-error It has no types.
import Provider, { errors } from 'oidc-provider'
import { onTestFinished } from 'vitest'

// What oidc-provider takes of Node 22, for Node 20.
;(URL as { parse?: unknown }).parse ??= (url: string, base?: string) =>
  URL.canParse(url, base) ? new URL(url, base) : null

export interface AuthorizationServer {
  readonly issuer: string
  /** A token for a client by itself, as the token endpoint gives it; undefined where it refuses. */
  token(resource: string, scope: string): Promise<string | undefined>
  /** Signs with another key from now on, and publishes no other. */
  rotate(): Promise<void>
  /** Answers nobody, or everybody again. */
  reachable(is: boolean): void
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A certified authorization server on loopback, in this process. */
export async function authorizationServer(resources: readonly string[]): Promise<AuthorizationServer> {
  const server = createServer((request, response) => {
    if (isReachable) handle(request, response)
    else request.socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let isReachable = true
  let handle: Handler = await provider(issuer, 'first', resources)
  return {
    issuer,
    rotate: async () => {
      handle = await provider(issuer, 'second', resources)
    },
    reachable: (is) => {
      isReachable = is
    },
    token: async (resource, scope) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('bot:secret')}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }).toString(),
      })
      return ((await response.json()) as { access_token?: string }).access_token
    },
  }
}

async function provider(issuer: string, kid: string, resources: readonly string[]): Promise<Handler> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const scopes = ['notes:read', 'notes:write']
  return new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }] },
    clients: [
      {
        client_id: 'bot',
        client_secret: 'secret',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, indicator: string) => {
          if (!resources.includes(indicator)) throw new errors.InvalidTarget()
          return {
            scope: scopes.join(' '),
            audience: indicator,
            accessTokenTTL: 86_400,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }
        },
      },
    },
  }).callback()
}
