// AccessControl has four actions: `create` stands for calling. It has no servers: their tools are granted one by one.
export async function rolesAndResources({ roles, tools, requests }) {
  const { AccessControl } = await import('accesscontrol')
  const control = new AccessControl()
  for (const { id, parents, toolGrants, serverGrants } of roles) {
    const access = control.grant(id)
    if (parents.length > 0) access.extend(parents)
    const ofServers = tools.filter(({ server }) => serverGrants.includes(server)).map((tool) => tool.id)
    for (const tool of new Set([...toolGrants, ...ofServers])) access.createAny(tool)
  }
  control.lock()
  return { inputs: requests, decide: (request) => control.can(request.roles).createAny(request.tool).granted }
}
