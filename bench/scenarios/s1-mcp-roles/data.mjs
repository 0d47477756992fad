// S1, roles over MCP tools: 20 servers of 10 tools each, 20 roles that inherit, 1,000 agents with three roles each.
// May this agent call this tool? The requests are distinct, and every other one is allowed.
import { random } from '../../random.mjs'

const sizes = { servers: 20, toolsOfServer: 10, roles: 20, baseRoles: 5, agents: 1000, requests: 2048 }

export function data() {
  const { below, pick, chance } = random(1)
  const servers = Array.from({ length: sizes.servers }, (_, s) => `srv${s}`)
  const tools = servers.flatMap((server) =>
    Array.from({ length: sizes.toolsOfServer }, (_, t) => ({ id: `${server}/tool${t}`, server })),
  )

  const roles = []
  for (let r = 0; r < sizes.roles; r++) {
    // All but the base roles inherit from one or two earlier ones, about four levels deep.
    const parents = r < sizes.baseRoles ? [] : [`role${below(r)}`]
    if (parents.length > 0 && chance(0.4)) {
      const second = `role${below(r)}`
      if (second !== parents[0]) parents.push(second)
    }
    const granted = distinct(6, () => pick(tools).id)
    roles.push({ id: `role${r}`, parents, toolGrants: granted, serverGrants: [pick(servers)] })
  }
  const agents = Array.from({ length: sizes.agents }, (_, a) => ({
    id: `agent${a}`,
    roles: distinct(3, () => `role${below(sizes.roles)}`),
  }))

  const effective = effectiveTools(roles, tools)
  const requests = []
  const expected = []
  const asked = new Set()
  while (requests.length < sizes.requests) {
    const agent = pick(agents)
    const tool = pick(tools)
    const allowed = agent.roles.some((role) => effective.get(role).has(tool.id))
    const pair = `${agent.id} ${tool.id}`
    if (allowed !== (requests.length % 2 === 0) || asked.has(pair)) continue
    asked.add(pair)
    requests.push({ agent: agent.id, roles: agent.roles, tool: tool.id, server: tool.server })
    expected.push(allowed)
  }
  return { servers, tools, roles, agents, effective, requests, expected }
}

/** Role to the ids of all tools it may call: its own, those of its servers, and those of what it inherits from. */
function effectiveTools(roles, tools) {
  const effective = new Map()
  for (const { id, parents, toolGrants, serverGrants } of roles) {
    const ofServers = tools.filter(({ server }) => serverGrants.includes(server)).map((tool) => tool.id)
    const inherited = parents.flatMap((parent) => [...effective.get(parent)])
    effective.set(id, new Set([...toolGrants, ...ofServers, ...inherited]))
  }
  return effective
}

function distinct(count, draw) {
  const drawn = new Set()
  while (drawn.size < count) drawn.add(draw())
  return [...drawn]
}
