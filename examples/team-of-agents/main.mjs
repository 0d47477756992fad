// One user, several agents: the decision names who stood in the way.
import { createEngine } from 'licet'
import { loadPolicy } from 'licet/node'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy)

for (const action of ['read', 'comment', 'close', 'erase'])
  for (const agents of [[], ['Agent:triage'], ['Agent:writer'], ['Agent:triage', 'Agent:writer'], ['Agent:scraper']]) {
    const { allowed, reason } = engine.authorize('User:ann', action, 'Ticket:7', { agents, token: { acr: 'aal2' } })
    const who = ['User:ann', ...agents].join(' via ')
    console.log(`${action.padEnd(8)} ${who.padEnd(44)} ${allowed ? 'yes' : 'no '}  ${reason}`)
  }
