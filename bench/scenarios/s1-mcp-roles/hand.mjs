// The limit: what an expert writes for exactly these roles. A bit for each tool; sets of tools are words of 32 bits.

/** Tools per agent worked out beforehand: one look-up each for agent and tool, then one bit. */
export function perAgent({ agents, tools, effective, requests }) {
  const { indexOf, bits } = toolBits(tools)
  const toolsOf = new Map(agents.map(({ id, roles }) => [id, bits(roles.flatMap((role) => [...effective.get(role)]))]))
  const decide = (request) => {
    const words = toolsOf.get(request.agent)
    const index = indexOf.get(request.tool)
    return words !== undefined && index !== undefined && ((words[index >> 5] >>> (index & 31)) & 1) === 1
  }
  return { inputs: requests, decide }
}

/** Roles arrive with the request, so a bit set per role, asked for each role in turn. */
export function perRole(data) {
  return { inputs: data.requests, decide: roleCheck(data) }
}

/** Besides, who is trusted among the assistants is known, and the scope is looked for. */
export function throughAssistant(data) {
  const isAble = roleCheck(data)
  const trusted = new Set(data.assistants.filter((one) => one.trusted).map(({ id }) => id))
  const decide = (request) => trusted.has(request.assistant) && request.scopes.includes('mcp') && isAble(request)
  return { inputs: data.requests, decide }
}

function roleCheck({ roles, tools, effective }) {
  const { indexOf, bits } = toolBits(tools)
  const toolsOf = new Map(roles.map(({ id }) => [id, bits([...effective.get(id)])]))
  return (request) => {
    const index = indexOf.get(request.tool)
    if (index === undefined) return false
    const word = index >> 5
    const mask = 1 << (index & 31)
    const held = request.roles
    for (let r = 0; r < held.length; r++) {
      const words = toolsOf.get(held[r])
      if (words !== undefined && (words[word] & mask) !== 0) return true
    }
    return false
  }
}

function toolBits(tools) {
  const indexOf = new Map(tools.map(({ id }, index) => [id, index]))
  const bits = (ids) => {
    const words = new Int32Array((tools.length + 31) >> 5)
    for (const id of ids) words[indexOf.get(id) >> 5] |= 1 << (indexOf.get(id) & 31)
    return words
  }
  return { indexOf, bits }
}
