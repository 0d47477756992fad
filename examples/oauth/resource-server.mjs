// The MCP endpoint, guarded: tokens are verified, requests are made of them, and the policy decides. Nothing of a token is passed on.
import { createServer } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { protectedResourceMetadata, rfc9068 } from 'licet/claims'
import { createVerifier } from 'licet/claims/verify'
import { guardNodeHandler } from 'licet/mcp'
import { notesServer } from './notes.mjs'

/** Listens first, since the address is the name that tokens have to be for. */
export async function listen() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, resource: `http://127.0.0.1:${server.address().port}/mcp` }
}

/**
 * @param {object} options
 * @param {import('licet').Engine} options.engine
 * @param {string} options.issuer
 * @param {(refusal: import('licet/claims/verify').Refusal) => void} options.onRefused
 * @param {import('licet/mcp').Audit} options.audit
 */
export function serve({ server, resource }, { engine, issuer, onRefused, audit }) {
  const { policy } = engine
  const metadata = protectedResourceMetadata({ resource, authorizationServers: [issuer], dpop: true })
  const verifier = createVerifier(policy, {
    issuers: [{ adapter: rfc9068({ issuer, agents: 'client' }), audience: resource }],
    onRefused,
  })

  const guarded = guardNodeHandler(
    async (request, response) => {
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
      await notesServer().connect(transport)
      await transport.handleRequest(request, response, request.body)
    },
    engine,
    {
      server: 'notes',
      resourceMetadata: metadata,
      audit,
      authenticate: ({ method, headers: { authorization, dpop } }) =>
        verifier.authenticate({ authorization, dpop, method, url: resource }),
    },
  )
  // The guard serves the metadata, too.
  const paths = [resource, metadata.url].map((url) => new URL(url).pathname)
  server.on('request', (request, response) => {
    if (paths.includes(request.url)) void guarded(request, response)
    else response.writeHead(404).end()
  })
  return { close: () => server.close().closeAllConnections() }
}
