// The same agent with the SDK 2.x, whose tokens are bound to a key of its own (DPoP): who steals one cannot use it.
import { Client, DpopSession, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { browse, metadataOf, redirectUrl, told } from './agent.mjs'

/** @param {Parameters<typeof import('./agent.mjs').agent>[0]} options */
export async function agentWithKey({ resource, software, user, agrees, tell }) {
  const kept = {}
  const session = await DpopSession.create()
  let said
  const provider = {
    redirectUrl,
    clientMetadata: metadataOf(software),
    dpop: () => session,
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens
    },
    discoveryState: () => kept.discovered,
    saveDiscoveryState: (discovered) => {
      kept.discovered = discovered
    },
    codeVerifier: () => kept.verifier,
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier
    },
    redirectToAuthorization: async (url) => {
      const scopes = url.searchParams.get('scope').split(' ')
      const agreed = agrees(scopes).join(' ')
      tell(`authorization request: scope ${scopes.join(' ')}; ${user} agrees to ${agreed}`)
      said = await browse(url, { 'x-user': user, 'x-agrees-to': agreed })
    },
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
      if (said === undefined) throw error
      await used.finishAuth(said)
      said = undefined
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
        ({ message }) => `refused (${message.split(';')[0]})`,
      ),
    close: () => client.close(),
  }
}
