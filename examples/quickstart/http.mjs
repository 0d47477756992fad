// The same policy behind a plain HTTP route: nothing here is about MCP.
import { createServer } from 'node:http'
import { createEngine } from 'licet'
import { loadPolicy } from 'licet/node'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy)

const actions = new Map([
  ['GET', 'read'],
  ['DELETE', 'delete'],
])

/** Who asks: in an application, what the session or the verified token says. */
const sessions = new Map([
  ['ann-session', 'User:ann'],
  ['bob-session', 'User:bob'],
])

const server = createServer((request, response) => {
  const id = /^\/repos\/([\w-]+)$/.exec(request.url ?? '')?.[1]
  const action = actions.get(request.method ?? '')
  const actor = sessions.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '') ?? null
  const answer = (status, text) => response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`)
  if (id === undefined || action === undefined) return answer(404, 'not found')
  const { allowed } = engine.authorize(actor, action, { type: 'Repo', id })
  return allowed ? answer(200, `${action} ${id}: done`) : answer(actor === null ? 401 : 403, 'not permitted')
})

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  for (const [method, session] of [
    ['GET', 'bob-session'],
    ['DELETE', 'bob-session'],
    ['DELETE', 'ann-session'],
    ['GET', 'nobody'],
  ]) {
    const response = await fetch(`http://127.0.0.1:${port}/repos/site`, {
      method,
      headers: { authorization: `Bearer ${session}` },
    })
    console.log(`${method} /repos/site as ${session}: ${response.status} ${(await response.text()).trim()}`)
  }
  server.close()
})
