// The same agent with the SDK 2.x, whose tokens are bound to a key of its own (DPoP): who steals one cannot use it.
import { Client, DpopSession, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { agent } from './agent.mjs'

/** @param {Parameters<typeof agent>[0]} options */
export async function agentWithKey(options) {
  const session = await DpopSession.create()
  let discovered
  return agent(options, {
    sdk: { Client, StreamableHTTPClientTransport },
    provider: {
      dpop: () => session,
      discoveryState: () => discovered,
      saveDiscoveryState: (state) => {
        discovered = state
      },
    },
  })
}
