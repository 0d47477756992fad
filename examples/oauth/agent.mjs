// An agent that knows nothing but the address of the MCP server, and a browser in which its user logs in and agrees.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const sdk = { Client, StreamableHTTPClientTransport }
const redirectUrl = 'http://127.0.0.1/callback'

/**
 * @param {object} options
 * @param {string} options.resource
 * @param {object} options.software what the client says of itself, besides how it is called back
 * @param {string} [options.documentUrl] where it says so, when it is not registered
 * @param {string} options.user who logs in
 * @param {(scopes: readonly string[]) => readonly string[]} options.agrees what the user agrees to, of what is asked for
 * @param {(step: string) => void} options.tell
 * @param {object} [other]
 * @param {object} [other.sdk] what takes the place of the SDK 1.x
 * @param {object} [other.provider] what that asks for besides
 */
export function agent(
  { resource, software, documentUrl, user, agrees, tell },
  { sdk: { Client, StreamableHTTPClientTransport } = sdk, provider: more } = {},
) {
  const kept = {}
  /** What the browser has come back with. */
  let said
  const provider = {
    redirectUrl,
    ...(documentUrl === undefined ? {} : { clientMetadataUrl: documentUrl }),
    clientMetadata: metadataOf(software),
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens
    },
    codeVerifier: () => kept.verifier,
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier
    },
    redirectToAuthorization: async (url) => {
      const asked = url.searchParams
      const scopes = asked.get('scope').split(' ')
      tell(`authorization request: PKCE ${asked.get('code_challenge_method')}, resource, scope ${scopes.join(' ')}`)
      const agreed = agrees(scopes).join(' ')
      tell(`  ${user} logs in and agrees to ${agreed}`)
      said = await browse(url, { 'x-user': user, 'x-agrees-to': agreed })
    },
    ...more,
  }
  const transport = () =>
    new StreamableHTTPClientTransport(new URL(resource), { authProvider: provider, fetch: told(tell) })
  let used = transport()
  const client = new Client({ name: 'agent', version: '1.0.0' })

  /** Again, once the user has agreed to what it takes. */
  const authorized = async (request) => {
    try {
      return await request()
    } catch (error) {
      const code = said?.get('code')
      if (typeof code !== 'string') throw error
      const issuer = said.get('iss') ?? undefined
      said = undefined
      await used.finishAuth(code, issuer)
      return await request()
    }
  }
  return {
    tokens: () => kept.tokens,
    connect: () =>
      authorized(() => {
        used = transport()
        return client.connect(used)
      }),
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) =>
      authorized(async () => (await client.callTool({ name, arguments: args })).content[0].text).catch(
        ({ message }) => `refused (${message.replace(/^MCP error -\d+: /, '').split(';')[0]})`,
      ),
    close: () => client.close(),
  }
}

export function metadataOf(software) {
  return {
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    ...software,
  }
}

/** Follows redirects, with cookies, until they lead back to the client: what they say to it. */
async function browse(url, headers) {
  const cookies = new Map()
  for (let next = url, hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(next, { redirect: 'manual', headers: { ...headers, cookie } })
    await response.body?.cancel()
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)
      cookies.set(name, value)
    }
    next = new URL(response.headers.get('location') ?? 'about:blank', next)
    if (next.href.startsWith(redirectUrl)) return next.searchParams
  }
  throw new Error('the browser does not come back')
}

/** `fetch`, telling of what has to do with authorization. */
function told(tell) {
  return async (url, init) => {
    const response = await fetch(url, init)
    const { pathname } = new URL(url)
    if (pathname.startsWith('/.well-known/')) tell(`${pathname}: ${response.status}`)
    if (pathname === '/reg') tell(`dynamic registration: ${response.status}`)
    if (pathname === '/token') tell(`token request: ${response.status}`)
    const challenge = response.headers.get('www-authenticate')
    if (challenge !== null)
      tell(`${response.status} ${challenge.replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://mcp.example')}`)
    return response
  }
}
