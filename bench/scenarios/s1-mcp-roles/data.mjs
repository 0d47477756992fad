// S1, roles over MCP tools: 20 servers of 10 tools each, 20 roles that inherit, 1,000 agents with three roles each.
// May this agent call this tool? The requests are distinct, and every other one is allowed.
import { random } from '../../random.mjs'

const sizes = { servers: 20, toolsOfServer: 10, roles: 20, baseRoles: 5, agents: 1000, requests: 2048, assistants: 50 }

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

/**
 * The same users' requests, made for them by an assistant: it has to be trusted, and the token to have the scope. Every other one is
 * allowed; the others lack a role, trust or the scope in turn.
 */
export function throughAssistants() {
  const { below, pick } = random(2)
  const { agents: users, requests: direct, expected: roleAllows, ...rest } = data()
  const assistants = Array.from({ length: sizes.assistants }, (_, a) => ({ id: `assistant${a}`, trusted: a % 5 > 0 }))
  const [trusted, others] = [true, false].map((is) => assistants.filter((one) => one.trusted === is))
  const [able, unable] = [true, false].map((is) => direct.filter((_, i) => roleAllows[i] === is))
  const requests = Array.from({ length: sizes.requests }, (_, i) => {
    const lacks = i % 2 === 0 ? undefined : ['role', 'trust', 'scope'][below(3)]
    const { agent: user, roles, tool, server } = pick(lacks === 'role' ? unable : able)
    const assistant = pick(lacks === 'trust' ? others : trusted).id
    return { user, assistant, roles, scopes: lacks === 'scope' ? ['openid'] : ['openid', 'mcp'], tool, server }
  })
  return { ...rest, users, assistants, requests, expected: requests.map((_, i) => i % 2 === 0) }
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
