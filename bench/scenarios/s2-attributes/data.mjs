// S2, attributes: seven permits and three forbids over user, device, tool, resource, arguments and time of day.
import { random } from '../../random.mjs'
import { decide } from './hand.mjs'

const toolTable = [
  ['fs.read', 'fs', true, false],
  ['fs.write', 'fs', false, false],
  ['fs.delete', 'fs', false, true],
  ['payments.transfer', 'payments', false, true],
  ['payments.list', 'payments', true, false],
  ['crm.update', 'crm', false, false],
  ['crm.delete', 'crm', false, true],
  ['crm.search', 'crm', true, false],
  ['mail.send', 'mail', false, false],
  ['db.query', 'db', true, false],
  ['db.drop', 'db', false, true],
  ['web.fetch', 'web', true, false],
]
const scopes = ['tools:read', 'crm:write', 'oncall', 'mail:send', 'admin:none']
const departments = ['eng', 'ops', 'fin', 'hr']
const folders = ['/srv/shared/', '/home/x/', '/etc/', '/srv/private/', '/var/x/']
const systems = ['mac', 'linux', 'win']
const sizes = { users: 200, requests: 2048 }

export function data() {
  const { below, pick, chance } = random(2)
  const tools = toolTable.map(([name, server, readOnly, destructive]) => ({ name, server, readOnly, destructive }))
  const users = Array.from({ length: sizes.users }, (_, u) => ({
    id: `u${u}`,
    dept: pick(departments),
    clearance: below(5),
    limit: 100 * (1 + below(20)),
    scopes: scopes.filter(() => chance(0.35)),
  }))
  const requests = []
  const expected = []
  while (requests.length < sizes.requests) {
    const user = pick(users)
    const request = {
      user,
      device: { trusted: chance(0.6), os: pick(systems) },
      tool: pick(tools),
      resource: {
        id: `res${requests.length}`,
        owner: (chance(0.25) ? user : pick(users)).id,
        dept: pick(departments),
        level: below(5),
      },
      args: { path: `${pick(folders)}f${below(1000)}`, amount: below(2500) },
      time: { hour: below(24), weekend: chance(2 / 7) },
    }
    const allowed = decide(request)
    if (allowed !== (requests.length % 2 === 0)) continue
    requests.push(request)
    expected.push(allowed)
  }
  return { users, tools, requests, expected }
}
