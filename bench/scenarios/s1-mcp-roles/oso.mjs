class Agent {
  constructor(roles) {
    this.roles = roles
  }
}
class Tool {
  constructor(id, server) {
    this.id = id
    this.server = server
  }
}

export async function polarRules({ roles, agents, tools, requests }) {
  const { Oso } = await import('oso')
  const oso = new Oso()
  oso.registerClass(Agent)
  oso.registerClass(Tool)
  const facts = roles.flatMap(({ id, parents, toolGrants, serverGrants }) => [
    ...toolGrants.map((tool) => `tool_grant("${id}", "${tool}");`),
    ...serverGrants.map((server) => `server_grant("${id}", "${server}");`),
    ...parents.map((parent) => `inherits("${id}", "${parent}");`),
  ])
  await oso.loadStr(`
    allow(agent: Agent, "call", tool: Tool) if role in agent.roles and calls(role, tool);
    calls(role, tool) if tool_grant(role, tool.id);
    calls(role, tool) if server_grant(role, tool.server);
    calls(role, tool) if inherits(role, parent) and calls(parent, tool);
    ${facts.join('\n')}
  `)
  const agentOf = new Map(agents.map(({ id, roles: held }) => [id, new Agent(held)]))
  const toolOf = new Map(tools.map(({ id, server }) => [id, new Tool(id, server)]))
  const inputs = requests.map(({ agent, tool }) => ({ agent: agentOf.get(agent), tool: toolOf.get(tool) }))
  return { inputs, async: true, decide: (input) => oso.isAllowed(input.agent, 'call', input.tool) }
}
