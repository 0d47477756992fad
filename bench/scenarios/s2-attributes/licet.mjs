// As an engineer would write it for MCP: server blocks typed by locks, since tool.readOnly and tool.destructive are those of
// the lock; scopes in the token; device, time and the record that the call is about in the context, put there by the host.
// A user's department, clearance and limit are stored facts, or come with the request, as they do for hand-written code.
import { backendNote, engineOf, sharedEngine, tool } from '../../licet.mjs'

const policy = `
actor User { dept: string, clearance: int, limit: int }

context {
  device: { trusted: boolean, os: string }
  record: { owner: User, dept: string, level: int }
  time: { hour: int, weekend: boolean }
}

server * {
  deny call * if tool.destructive and not context.device.trusted
  deny call * if args.path.startsWith("/etc/")
  deny call * if tool.destructive and context.time.weekend unless scope("oncall")

  allow call * if tool.readOnly and scope("tools:read")
  allow call * if context.record.owner == actor and not tool.destructive
  allow call * if tool.readOnly and actor.dept == context.record.dept and actor.clearance >= context.record.level
}
server fs from "./fs.lock.json" {
  allow call "fs.read" if args.path.startsWith("/srv/shared/")
  allow call "fs.write"
    if args.path.startsWith("/srv/shared/") and context.time.hour >= 8 and context.time.hour < 18
}
server payments from "./payments.lock.json" {
  allow call "payments.transfer" if args.amount <= actor.limit and context.device.trusted
}
server crm from "./crm.lock.json" {
  allow call * if scope("crm:write") and context.device.trusted and args.amount < 1000
}
server mail from "./mail.lock.json" {}
server db from "./db.lock.json" {}
server web from "./web.lock.json" {}
`

const inputSchema = {
  type: 'object',
  properties: { path: { type: 'string' }, amount: { type: 'integer' } },
  required: ['path', 'amount'],
}

/** The files of the policy: its text, and for each server the lock that `licet lock` would have written. */
function files({ tools }) {
  const servers = [...new Set(tools.map(({ server }) => server))]
  const lockOf = (server) => ({
    lock: 1,
    server,
    tools: tools
      .filter((one) => one.server === server)
      .map(({ name, readOnly, destructive }) => ({
        name,
        inputSchema,
        annotations: { readOnlyHint: readOnly, destructiveHint: destructive },
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  })
  const locks = servers.map((server) => [`${server}.lock.json`, JSON.stringify(lockOf(server), null, 2)])
  return { 'policy.licet': policy, ...Object.fromEntries(locks) }
}

/** @param {'stored' | 'inline'} where the attributes of the user are */
export function attributes(data, method, backend, where) {
  const entity = ({ id, dept, clearance, limit }) => ({ type: 'User', id, dept, clearance, limit })
  const facts = where === 'stored' ? data.users.map(entity) : []
  const engine = sharedEngine(data, `${where} ${backend}`, () => engineOf(files(data), { backend, facts }))
  const inputs = data.requests.map(({ user, device, tool: { server, name }, resource, args, time }) => ({
    actor: where === 'stored' ? `User:${user.id}` : entity(user),
    item: tool(server, name, args),
    env: {
      token: { scopes: user.scopes },
      context: { device, record: { ...resource, owner: `User:${resource.owner}` }, time },
    },
  }))
  const decide = {
    can: (input) => engine.can(input.actor, 'call', input.item, input.env),
    authorize: (input) => engine.authorize(input.actor, 'call', input.item, input.env).allowed,
  }[method]
  return { inputs, decide, note: backendNote(engine) }
}
