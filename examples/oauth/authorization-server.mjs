// A certified OAuth 2.1 and OpenID Connect server, in this process. It registers whom the policy lets it register.
import { createServer } from 'node:http'
import Provider, { errors } from 'oidc-provider'

// What oidc-provider takes of Node 22, for Node 20.
URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null)

/**
 * @param {object} options
 * @param {string} options.resource the MCP server that tokens are for
 * @param {readonly string[]} options.scopes those that it knows
 * @param {(metadata: object) => boolean} options.mayRegister whether a client may be one, by its metadata
 * @param {(metadata: object) => void} options.registered told of each client that is one
 * @param {(user: string) => object | undefined} options.act who acts for a user besides the client (RFC 8693)
 * @param {(url: string) => Promise<Response>} options.documents fetches the documents of clients whose id is a URL
 */
export async function authorizationServer({ resource, scopes, mayRegister, registered, act, documents }) {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${server.address().port}`
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
  const { key_ops: _, ext: __, ...key } = await crypto.subtle.exportKey('jwk', privateKey)

  const tokens = { scope: scopes.join(' '), audience: resource, accessTokenTTL: 300, accessTokenFormat: 'jwt' }
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...key, kid: 'example', alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['a secret of this example'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes,
    pkce: { required: () => true },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AuthorizationCode: 60, AccessToken: 300 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    // Asks for consent each time: what a token is for is decided anew.
    loadExistingGrant: ({ oidc }) =>
      oidc.result?.consent === undefined ? undefined : oidc.provider.Grant.find(oidc.result.consent.grantId),
    extraTokenClaims: (_, { accountId }) => act(accountId),
    extraClientMetadata: {
      properties: ['software_id'],
      validator: (_, __, ___, metadata) => {
        if (!mayRegister(metadata)) throw new errors.InvalidClientMetadata('the policy does not permit this client')
      },
    },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        allowClient: (_, client) => {
          registered(client.metadata())
          return true
        },
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget()
          return { ...tokens, jwt: { sign: { alg: 'ES256' } } }
        },
      },
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    fetch: (url) => documents(String(url)),
  })
  provider.on('registration_create.success', (_, client) => registered(client.metadata()))

  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) void interact(provider, request, response)
    else handle(request, response)
  })
  return { issuer, close: () => server.close().closeAllConnections() }
}

/** Where people would see a page: who they are, and what they agree to, is in headers of the browser of this example. */
async function interact(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    const login = { accountId: request.headers['x-user'] }
    return await provider.interactionFinished(request, response, { login })
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  const agreed = request.headers['x-agrees-to'].split(' ')
  // Clients register with these scopes, so that the server has to know them as its own, too.
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '))
  for (const [resource, wanted] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    for (const scope of wanted) {
      if (agreed.includes(scope)) grant.addResourceScope(resource, scope)
      else grant.rejectResourceScope(resource, scope)
    }
  }
  return await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
