// What a decision costs from a raw bearer token: verified before, and not. Run after a build: node bench/claims.mjs
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import { dist } from './licet.mjs'
import { quantile } from './measure/statistics.mjs'

const load = (path) => import(pathToFileURL(`${dist}/${path}/index.js`).href)
const { compile, createEngine } = await load('')
const { rfc9068 } = await load('surfaces/claims')
const { createVerifier } = await load('surfaces/claims/verify')

const { policy } = compile(`
  actor User {}
  actor Agent {}
  resource Repo {}
  allow read on Repo if scope("repo")
  delegate read on Repo if agent == Agent:assistant
`)
const engine = createEngine(policy, { facts: [{ type: 'Repo', id: 'site' }] })

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const { privateKey, publicKey } = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'k', alg: 'ES256', key_ops: ['verify'] }
const server = createServer((request, response) => {
  const isKeys = request.url === '/keys'
  response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` }))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const issuer = `http://127.0.0.1:${server.address().port}`

const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
const audience = 'https://mcp.acme.dev/mcp'
const exp = Math.floor(Date.now() / 1000) + 3600
const claims = { iss: issuer, sub: 'ann', aud: audience, client_id: 'assistant', scope: 'openid repo', exp, jti: 'one' }
const signed = [{ alg: 'ES256', kid: 'k', typ: 'at+jwt' }, claims]
  .map((part) => base64url(JSON.stringify(part)))
  .join('.')
const bytes = new TextEncoder().encode(signed)
const signature = await crypto.subtle.sign(ecdsa, privateKey, bytes)
const authorization = `Bearer ${signed}.${base64url(signature)}`

const verifierOf = (options) => {
  const adapter = rfc9068({ issuer, agents: 'client' })
  return createVerifier(policy, { issuers: [{ adapter, audience }], ...options })
}
const [remembering, forgetting] = [verifierOf({}), verifierOf({ remember: 0 })]
/** As it comes off the wire: another text each time, which no engine of JavaScript knows yet. */
const header = () => Buffer.from(authorization, 'latin1').toString('latin1')
const decide = async (verifier) => {
  const { request } = await verifier.verify({ authorization: header(), method: 'POST', url: audience })
  return engine.authorize(request.actor, 'read', 'Repo:site', { agents: request.agents, token: request.token })
}
const { request } = await forgetting.verify({ authorization, method: 'POST', url: audience })

const rows = {
  'the decision alone': () =>
    engine.authorize(request.actor, 'read', 'Repo:site', { agents: request.agents, token: request.token }),
  'the token alone, verified before': () =>
    remembering.verify({ authorization: header(), method: 'POST', url: audience }),
  'token verified before, and the decision': () => decide(remembering),
  'token not verified before (ES256), and the decision': () => decide(forgetting),
  'of that, the signature (crypto.subtle.verify)': () => crypto.subtle.verify(ecdsa, publicKey, signature, bytes),
}

if (!(await decide(remembering)).allowed || !(await decide(forgetting)).allowed) throw new Error('wrong answers')
const [batches, batch] = [40, 500]
const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]))
// In turns, so that what else the machine does is in all of them.
for (let i = 0; i < batches + 10; i++) {
  for (const [name, run] of Object.entries(rows)) {
    const [started, before] = [process.hrtime.bigint(), process.cpuUsage()]
    for (let n = 0; n < batch; n++) await run()
    const { user, system } = process.cpuUsage(before)
    const elapsed = Number(process.hrtime.bigint() - started) / 1000
    if (i >= 10) times[name].push({ elapsed: elapsed / batch, cpu: (user + system) / batch })
  }
}
for (const [name, all] of Object.entries(times)) {
  const p50 = (key) =>
    quantile(
      all.map((one) => one[key]),
      0.5,
    ).toFixed(1)
  // Signatures are verified by another thread: what the machine does meanwhile is in the time that passes.
  console.log(`${name.padEnd(52)} ${p50('cpu').padStart(6)} µs of processor time, ${p50('elapsed')} µs passing`)
}
server.close()
server.closeAllConnections()
