import { casbinWith } from '../../casbin.mjs'

export const model = `
[request_definition]
r = role, tool, amount
[policy_definition]
p = role, tool, limit
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.role == p.role && r.tool == p.tool && r.amount <= p.limit
`

export const linesOf = ({ rules }) => rules.map(({ role, tool, limit }) => [role, tool, String(limit)])

export async function linePerRule({ rules, requests }) {
  const enforcer = await casbinWith(model, { p: linesOf({ rules }) })
  const decide = (request) => enforcer.enforceSync(request.role, request.tool, request.amount)
  return { inputs: requests, decide }
}
