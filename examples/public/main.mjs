// The anonymous actor is `null`: of no type, and matched by no `any User`.
import { createEngine, resource, tool } from 'licet'
import { loadPolicy } from 'licet/node'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy)

for (const actor of [null, 'User:ann']) {
  const who = (actor ?? 'anonymous').padEnd(9)
  const note = tool('library', 'leave_note', { book: 'book://public/meditations', text: 'twice' })
  const { allowed, limits } = engine.authorize(actor, 'call', tool('library', 'search', { query: 'stoics' }))
  console.log(`${who} search: ${allowed}, at most ${limits[0]?.count} in ${(limits[0]?.per ?? 0) / 1000} s`)
  console.log(`${who} sees leave_note: ${engine.can(actor, 'list', tool('library', 'leave_note'))}`)
  console.log(`${who} leave_note: ${engine.can(actor, 'call', note)}`)
  console.log(`${who} reserve: ${engine.can(actor, 'read', resource('library', 'book://reserve/meditations'))}`)
}
