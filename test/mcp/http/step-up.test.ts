import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compile, createEngine } from '../../../src/index.ts'
import { guardNodeHandler } from '../../../src/surfaces/mcp/index.ts'

const policy = `
  actor User {}
  server notes {
    allow call read if scope("notes:read")
    allow call write if scope("notes:read") and scope("notes:write")
  }
`

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse, base: string) => unknown,
): Promise<string> {
  let base = ''
  const server = createServer((request, response) => void handle(request, response, base)).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return base
}

const redirect = 'http://127.0.0.1/callback'

/** An authorization server whose user grants whatever is asked for. `tokens` are those that it has given. */
function authorizationServer() {
  const codes = new Map<string, { scope: string; challenge: string }>()
  const tokens = new Map<string, string>()
  const asked: string[] = []
  const base = listen(async (request, response, issuer) => {
    const url = new URL(request.url ?? '', issuer)
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (url.pathname === '/.well-known/oauth-authorization-server') {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
      })
    }
    if (url.pathname === '/authorize') {
      const code = randomUUID()
      const scope = url.searchParams.get('scope') ?? ''
      asked.push(scope)
      codes.set(code, { scope, challenge: url.searchParams.get('code_challenge') ?? '' })
      const location = new URL(redirect)
      location.searchParams.set('code', code)
      location.searchParams.set('state', url.searchParams.get('state') ?? '')
      return response.writeHead(302, { location: location.href }).end()
    }
    if (url.pathname === '/token') {
      const form = new URLSearchParams(await textOf(request))
      const code = codes.get(form.get('code') ?? '')
      const verifier = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      if (code === undefined || code.challenge !== verifier) return json({ error: 'invalid_grant' }, 400)
      const token = randomUUID()
      tokens.set(token, code.scope)
      return json({ access_token: token, token_type: 'Bearer', expires_in: 3600, scope: code.scope })
    }
    return response.writeHead(404).end()
  })
  return { base, tokens, asked }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const piece of stream) text += piece.toString()
  return text
}

/** A guarded server, and its protected resource metadata. */
async function guarded(issuer: string, tokens: ReadonlyMap<string, string>): Promise<string> {
  const server = new McpServer({ name: 'notes', version: '1' })
  for (const name of ['read', 'write']) {
    server.registerTool(name, { inputSchema: { path: z.string() } }, ({ path }) => ({
      content: [{ type: 'text', text: `${name} ${path}` }],
    }))
  }
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID })
  await server.connect(transport as never)
  const compiled = compile(policy)
  if (compiled.policy === undefined) throw new Error('a policy that does not compile')
  const engine = createEngine(compiled.policy, { facts: [{ type: 'User', id: 'ann' }] })

  let handle: ReturnType<typeof guardNodeHandler> | undefined
  return await listen((request, response, base) => {
    if (request.url === '/.well-known/oauth-protected-resource') {
      const metadata = { resource: `${base}/mcp`, authorization_servers: [issuer] }
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata))
    }
    if (request.url !== '/mcp') return response.writeHead(404).end()
    handle ??= guardNodeHandler((req, res) => transport.handleRequest(req, res, req.body), engine, {
      server: 'notes',
      resourceMetadata: `${base}/.well-known/oauth-protected-resource`,
      report: () => {},
      authenticate: ({ headers }) => {
        const scope = tokens.get(headers.authorization?.replace('Bearer ', '') ?? '')
        return scope === undefined ? undefined : { actor: 'User:ann', token: { sub: 'ann', scopes: scope.split(' ') } }
      },
    })
    return handle(request, response)
  })
}

/** What a client of the SDK keeps; its user follows each link at once. `code` is what the last one has led to. */
function provider() {
  const kept: { tokens?: unknown; verifier?: string; code?: string; discovery?: unknown } = {}
  return {
    kept,
    redirectUrl: redirect,
    clientMetadata: { client_name: 'test', redirect_uris: [redirect], scope: 'notes:read' },
    clientInformation: () => ({ client_id: 'test' }),
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => {
      kept.tokens = tokens
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier
    },
    codeVerifier: () => kept.verifier ?? '',
    saveDiscoveryState: (state: unknown) => {
      kept.discovery = state
    },
    discoveryState: () => kept.discovery as never,
    redirectToAuthorization: async (url: URL) => {
      const { headers } = await fetch(url, { redirect: 'manual' })
      kept.code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? ''
    },
  }
}

describe('the client of the SDK', () => {
  it.each(['1.x', '2.x'])('%s gets the scopes that a challenge names, and comes through', async (major) => {
    const { base, tokens, asked } = authorizationServer()
    const url = new URL(`${await guarded(await base, tokens)}/mcp`)
    const auth = provider()
    const [Client, Transport] = major === '1.x' ? [ClientV1, TransportV1] : [ClientV2 as never, TransportV2 as never]
    const transport = () => new Transport(url, { authProvider: auth })
    /** Does something, and again once the user has followed the link that it led to. */
    const withConsent = async <T>(what: () => Promise<T>, finish: (code: string) => Promise<void>): Promise<T> => {
      delete auth.kept.code
      return await what().catch(async (thrown: unknown) => {
        if (auth.kept.code === undefined) throw thrown
        await finish(auth.kept.code)
        return await what()
      })
    }

    let way = transport()
    let client = new Client({ name: 'test', version: '1' })
    await withConsent(
      () => client.connect(way as never),
      async (code) => {
        await way.finishAuth(code)
        way = transport()
        client = new Client({ name: 'test', version: '1' })
      },
    )
    const call = (name: string) =>
      withConsent(
        () => client.callTool({ name, arguments: { path: 'a' } }),
        (code) => way.finishAuth(code),
      )
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read', 'write'])
    expect(await call('read')).toMatchObject({ content: [{ text: 'read a' }] })
    expect(tokens.size).toBe(1)
    expect(await call('write')).toMatchObject({ content: [{ text: 'write a' }] })
    // All scopes of the operation in one challenge: a token for the missing one alone would have been refused again.
    expect(asked).toEqual(['notes:read', 'notes:read notes:write'])
    await client.close()
  })
})
