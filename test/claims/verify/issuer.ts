import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** Somebody who signs. */
export interface Signer {
  readonly kid: string
  readonly alg: string
  readonly key: CryptoKey
  readonly jwk: JWK
  readonly thumbprint: string
}

export async function signer(alg: 'ES256' | 'Ed25519' | 'RS256', kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { kid, alg, key: privateKey, jwk: { ...jwk, kid, alg }, thumbprint: await calculateJwkThumbprint(jwk) }
}

/** An authorization server on loopback, which answers as it is told. */
export interface TestIssuer {
  readonly url: string
  /** By path: what is answered. */
  readonly routes: Map<string, (request: IncomingMessage, response: ServerResponse) => void>
  /** Paths that were asked for, in their order. */
  readonly asked: string[]
  close(): void
}

export async function testIssuer(): Promise<TestIssuer> {
  const routes: TestIssuer['routes'] = new Map()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const route = routes.get(path)
    if (route === undefined) response.writeHead(404).end()
    else route(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    routes,
    asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export function json(body: unknown, headers: Record<string, string> = {}) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
}

export const metadataPath = '/.well-known/oauth-authorization-server'

/** An issuer with its metadata and the keys of these signers. */
export function publish(
  { url, routes }: TestIssuer,
  keys: readonly unknown[],
  headers: Record<string, string> = {},
): void {
  const metadata = { issuer: url, jwks_uri: `${url}/keys`, introspection_endpoint: `${url}/introspect` }
  routes.set(metadataPath, json(metadata))
  routes.set('/keys', json({ keys }, headers))
}

export function sign(by: Signer, claims: object, header: object = {}): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: by.alg, kid: by.kid, typ: 'at+jwt', ...header })
    .sign(by.key)
}
