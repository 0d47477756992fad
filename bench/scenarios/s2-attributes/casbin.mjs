// Casbin's rules differ by data, these ten by shape: they are one matcher, with one policy line that everything matches.
import { casbinWith } from '../../casbin.mjs'

const matcher = `
  !(r.q.tool.destructive && !r.q.device.trusted)
  && !startsWith(r.q.args.path, "/etc/")
  && !(r.q.tool.destructive && r.q.time.weekend && !has(r.q.user.scopes, "oncall"))
  && (
    (r.q.tool.readOnly && has(r.q.user.scopes, "tools:read"))
    || (r.q.resource.owner == r.q.user.id && !r.q.tool.destructive)
    || (r.q.tool.name == "payments.transfer" && r.q.args.amount <= r.q.user.limit && r.q.device.trusted)
    || (r.q.tool.name == "fs.read" && startsWith(r.q.args.path, "/srv/shared/"))
    || (r.q.tool.name == "fs.write" && startsWith(r.q.args.path, "/srv/shared/")
        && r.q.time.hour >= 8 && r.q.time.hour < 18)
    || (r.q.tool.readOnly && r.q.user.dept == r.q.resource.dept && r.q.user.clearance >= r.q.resource.level)
    || (r.q.tool.server == "crm" && has(r.q.user.scopes, "crm:write") && r.q.device.trusted && r.q.args.amount < 1000)
  )`

const model = `
[request_definition]
r = q
[policy_definition]
p = any
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher.replaceAll('\n', ' ')}
`

export async function oneMatcher({ requests }) {
  const enforcer = await casbinWith(model, { p: [['any']] })
  await enforcer.addFunction('startsWith', (text, prefix) => text.startsWith(prefix))
  await enforcer.addFunction('has', (values, value) => values.includes(value))
  return { inputs: requests, decide: (request) => enforcer.enforceSync(request) }
}
