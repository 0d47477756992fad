// The same server, which knows nothing of tokens, behind `licet gateway --issuer`; and an agent whose tokens are bound to a key.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { agentWithKey } from './agent-with-key.mjs'
import { authorizationServer } from './authorization-server.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const licet = fileURLToPath(new URL('../../dist/surfaces/cli/main.js', import.meta.url))
const port = await freePort()
const resource = `http://127.0.0.1:${port}/notes`
const issuer = await authorizationServer({
  resource,
  scopes: ['notes:read', 'notes:write'],
  mayRegister: () => true,
  registered: () => {},
  // The assistant acts for whoever logs in; a planner has started it, which is history.
  act: () => ({ act: { sub: 'assistant', act: { sub: 'planner' } } }),
  documents: async () => new Response(null, { status: 404 }),
})

const options = ['-p', 'policy.licet', '-f', 'people.licet', '--server', 'notes', '--listen', String(port)]
const server = ['--', 'node', 'notes.mjs']
const gateway = spawn(
  process.execPath,
  [licet, 'gateway', ...options, '--issuer', issuer.issuer, '--agents', 'act', ...server],
  { cwd: here, stdio: ['ignore', 'ignore', 'pipe'] },
)
let log = ''
await new Promise((resolve, reject) => {
  gateway.once('exit', () => reject(new Error(log)))
  gateway.stderr.on('data', (chunk) => {
    log += chunk
    if (log.includes('is served at')) resolve()
  })
})
const tell = (text) => console.log(`  ${shown(text)}`)
const shown = (text) =>
  text.replaceAll(issuer.issuer, 'http://id.example').replaceAll(`127.0.0.1:${port}`, 'mcp.example')

console.log('What anybody is told')
const metadata = await fetch(`http://127.0.0.1:${port}/.well-known/oauth-protected-resource/notes`)
console.log(shown(JSON.stringify(await metadata.json(), null, 2)))

console.log('\nAn agent with a key')
let asked = 0
const agent = await agentWithKey({
  resource,
  software: { client_name: 'Assistant' },
  user: 'ann',
  agrees: (scopes) => (asked++ === 0 ? ['notes:read'] : scopes),
  tell,
})
await agent.connect()
console.log(`has a token of the type ${agent.tokens().token_type}, and sees ${(await agent.list()).join(', ')}`)
for (const [name, args] of [
  ['read_note', { name: 'plan' }],
  ['write_note', { name: 'plan', text: 'ship it on Monday' }],
  ['delete_note', { name: 'plan' }],
])
  console.log(`${name} ${JSON.stringify(args)}: ${await agent.call(name, args)}`)

console.log('\nWho has stolen its token')
const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
const authorization = `Bearer ${agent.tokens().access_token}`
const stolen = await fetch(resource, { method: 'POST', headers: { ...headers, authorization }, body })
console.log(`${stolen.status} ${stolen.headers.get('www-authenticate').split(', resource_metadata')[0]}`)

await agent.close()
gateway.kill()
await new Promise((resolve) => gateway.once('close', resolve))
issuer.close()
console.log('\nWhat the operator is told')
console.log(shown(log).trim())

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
