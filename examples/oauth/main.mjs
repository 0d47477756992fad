// From nothing to a decision: an agent discovers, registers, gets a token for a user, and is held to what both may do.
import { createEngine } from 'licet'
import { agentRecord, fromIssuers, rfc9068 } from 'licet/claims'
import { loadPolicy } from 'licet/node'
import { agent, metadataOf } from './agent.mjs'
import { authorizationServer } from './authorization-server.mjs'
import { listen, serve } from './resource-server.mjs'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const users = [
  { type: 'User', id: 'ann', editor: false },
  { type: 'User', id: 'bob', editor: false },
]
const engine = createEngine(policy, { facts: [...policy.facts, ...users] })
const tell = (text) => console.log(`  ${text}`)

const endpoint = await listen()
const documentUrl = 'https://assistant.example/client.json'
const software = { client_name: 'Assistant', software_id: 'assistant' }
const issuer = await authorizationServer({
  resource: endpoint.resource,
  scopes: ['notes:read', 'notes:write'],
  // The client has no id yet.
  mayRegister: (metadata) => {
    const { agent } = agentRecord({ ...defined(metadata), client_id: 'new' })
    return agent !== undefined && engine.can(null, 'register', agent)
  },
  registered: (metadata) => engine.facts.put(agentRecord(defined(metadata)).agent),
  // For bob a planner acts, which a scheduler has started.
  act: (user) => (user === 'bob' ? { act: { sub: 'planner', act: { sub: 'scheduler' } } } : undefined),
  documents: async (url) => {
    if (url !== documentUrl) return new Response(null, { status: 404 })
    return Response.json({ ...metadataOf(software), client_id: documentUrl })
  },
})
let decided
const mcp = serve(endpoint, {
  engine,
  issuer: issuer.issuer,
  onRefused: ({ status, reason }) => tell(`log: ${status} ${reason}`),
  audit: (record) => {
    decided = record
  },
})

function defined(metadata) {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined && value !== null))
}

/** The operator's audit log tells why; the client is told that it may not. */
async function call(by, name, args) {
  const said = await by.call(name, args)
  const why = decided.decision === 'deny' ? ` [audit: ${decided.reason}]` : ''
  console.log(`${name} ${JSON.stringify(args)}: ${said}${why}`)
}

console.log('An assistant that knows nothing but the address')
const assistant = agent({
  resource: endpoint.resource,
  software,
  user: 'ann',
  agrees: (scopes) => (scopes.length > 1 ? ['notes:read'] : scopes),
  tell,
})
await assistant.connect()
console.log(`sees ${(await assistant.list()).join(', ')}`)
await call(assistant, 'read_note', { name: 'plan' })
await call(assistant, 'write_note', { name: 'plan', text: 'ship it on Monday' })
await call(assistant, 'read_note', { name: 'plan' })

console.log('\nWhat its user may not do, and what is not delegated to it')
await call(assistant, 'publish_note', { name: 'plan' })
await call(assistant, 'delete_note', { name: 'plan' })

console.log('\nThe same software, known by a document in place of a registration; for bob, through a planner')
const documented = agent({
  resource: endpoint.resource,
  software,
  documentUrl,
  user: 'bob',
  agrees: (all) => all,
  tell,
})
await documented.connect()
const [, payload] = documented.tokens().access_token.split('.')
const read = fromIssuers(policy, [rfc9068({ issuer: issuer.issuer, agents: 'client' })])
const { request, principal } = read(JSON.parse(Buffer.from(payload, 'base64url')))
console.log(
  `acting for ${request.actor}: ${request.agents.join(' and ')}; before them ${principal.history.map(({ id }) => id)}`,
)
await call(documented, 'read_note', { name: 'plan' })
await call(documented, 'write_note', { name: 'plan', text: 'ship it never' })

console.log('\nA client that the policy does not let in')
const stranger = agent({
  resource: endpoint.resource,
  software: { client_name: 'Stranger', software_id: 'stranger' },
  user: 'ann',
  agrees: (all) => all,
  tell,
})
await stranger.connect().catch(({ message }) => console.log(`no registration: ${message}`))

console.log('\nTokens that are none for this server')
const send = async (token) => {
  const response = await fetch(endpoint.resource, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  console.log(`${response.status} ${response.headers.get('www-authenticate').replace(/, resource_metadata.*/, '')}`)
}
const [header, , signature] = documented.tokens().access_token.split('.')
const claims = JSON.parse(Buffer.from(payload, 'base64url'))
const forged = (changes) => Buffer.from(JSON.stringify({ ...claims, ...changes })).toString('base64url')
await send([header, forged({ sub: 'ann' }), signature].join('.'))
await send([Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), forged({ sub: 'ann' }), ''].join('.'))

await assistant.close()
await documented.close()
mcp.close()
issuer.close()
