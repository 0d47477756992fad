// Facts loaded through the interface, and one decision for each point of the policy.
import { createEngine } from 'licet'
import { loadPolicy } from 'licet/node'

const { policy, diagnostics } = await loadPolicy(new URL('./policy.licet', import.meta.url))
if (policy === undefined) throw new Error(diagnostics[0]?.message)
const engine = createEngine(policy)

const refused = engine.facts.load([
  { type: 'User', id: 'ann', in: 'Group:design' },
  { type: 'Group', id: 'design', in: 'Group:staff' },
  { type: 'Folder', id: 'plans' },
  { type: 'Folder', id: 'q3', parent: 'Folder:plans' },
  { type: 'Document', id: 'roadmap', folder: 'Folder:q3', sensitive: false },
  { type: 'Document', id: 'merger', folder: 'Folder:q3', sensitive: true },
  { type: 'Device', id: 'laptop', trusted: true },
  { type: 'Device', id: 'kiosk', trusted: false },
  { object: 'Folder:plans', relation: 'viewer', subject: 'Group:staff' },
  { object: 'Document:roadmap', relation: 'owner', subject: 'User:bob' },
  { object: 'Document:merger', relation: 'viewer', subject: 'User:eve', until: '2027-01-01T00:00:00Z' },
])
if (refused.length > 0) throw new Error(refused[0].message)

function show(text, actor, action, resource, env) {
  const { allowed, reason } = engine.authorize(actor, action, resource, { now: '2026-11-22T12:00:00Z', ...env })
  console.log(`${allowed ? 'yes' : 'no '}  ${text} (${reason})`)
}

const laptop = { context: { device: 'Device:laptop' } }
const kiosk = { context: { device: 'Device:kiosk' } }
show('ann, of a group in the group that sees the folder above, reads', 'User:ann', 'read', 'Document:roadmap')
show('eve, of no group, does not', 'User:eve', 'read', 'Document:roadmap')
show('bob, its owner, edits', 'User:bob', 'edit', 'Document:roadmap')
show('ann, who only sees it, does not', 'User:ann', 'edit', 'Document:roadmap')
show('ann reads what is sensitive on a trusted device', 'User:ann', 'read', 'Document:merger', laptop)
show('but not on another', 'User:ann', 'read', 'Document:merger', kiosk)
show('eve reads it until the year ends', 'User:eve', 'read', 'Document:merger', laptop)
show('and not after', 'User:eve', 'read', 'Document:merger', { ...laptop, now: '2027-01-01T00:00:00Z' })
