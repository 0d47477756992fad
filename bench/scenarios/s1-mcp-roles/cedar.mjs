import { cedarCall, cedarWith, entity, uid } from '../../cedar.mjs'

const server = (id) => uid('Server', id)
const tool = (id) => uid('Tool', id)
const role = (id) => uid('Role', id)

export async function roleHierarchy({ roles, tools, requests }) {
  const permits = roles.flatMap(({ id, toolGrants, serverGrants }) => [
    ...toolGrants.map((on) => permit(id, `resource == Tool::"${on}"`)),
    ...serverGrants.map((on) => permit(id, `resource in Server::"${on}"`)),
  ])
  const decide = await cedarWith(permits.join('\n'))

  const parents = new Map(roles.map(({ id, parents: of }) => [id, of]))
  const serverOf = new Map(tools.map(({ id, server: of }) => [id, of]))
  const inherited = (ids) => new Set(ids.flatMap((id) => [id, ...inherited(parents.get(id))]))
  const inputs = requests.map(({ agent, roles: held, tool: on }) => {
    const slice = [...inherited(held)].map((id) => entity(role(id), parents.get(id).map(role)))
    slice.push(entity(uid('Agent', agent), held.map(role)), entity(tool(on), [server(serverOf.get(on))]))
    return cedarCall(uid('Agent', agent), 'call', tool(on), slice)
  })
  return { inputs, decide }
}

const permit = (id, condition) => `permit (principal in Role::"${id}", action == Action::"call", ${condition});`
