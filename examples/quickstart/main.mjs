// A library call: who may do what, and why not.
import { createEngine } from 'licet'
import { loadPolicy } from 'licet/node'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy)

function show(actor, action, resource, env) {
  const { allowed, reason, rules } = engine.authorize(actor, action, resource, env)
  const because = rules.map(({ id, doc }) => (doc === undefined ? id : `${id} (${doc})`)).join(', ')
  console.log(
    `${actor} ${action} ${resource}: ${allowed ? 'allowed' : 'denied'}, ${reason}${because && `: ${because}`}`,
  )
}

show('User:bob', 'read', 'Repo:site')
show('User:bob', 'delete', 'Repo:site')
show('User:ann', 'delete', 'Repo:site')
show('User:bob', 'read', 'Repo:site', { token: { groups: ['contractor'] } })
