import { casbinWith } from '../../casbin.mjs'

const model = `
[request_definition]
r = agent, tool
[policy_definition]
p = role, object
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.agent, p.role) && (r.tool == p.object || g2(r.tool, p.object))
`

export async function grouping({ roles, agents, tools, requests }) {
  const enforcer = await casbinWith(model, {
    p: roles.flatMap(({ id, toolGrants, serverGrants }) => [...toolGrants, ...serverGrants].map((on) => [id, on])),
    g: [
      ...roles.flatMap(({ id, parents }) => parents.map((parent) => [id, parent])),
      ...agents.flatMap(({ id, roles: held }) => held.map((role) => [id, role])),
    ],
    g2: tools.map(({ id, server }) => [id, server]),
  })
  return { inputs: requests, decide: (request) => enforcer.enforceSync(request.agent, request.tool) }
}
