// The limit: tool to role to amount, two look-ups and a comparison however many rules there are.
export function nestedMaps({ rules, requests }) {
  return { inputs: requests, decide: decideBy(rules) }
}

export function decideBy(rules) {
  const limitsOf = new Map()
  for (const { tool, role, limit } of rules) {
    let limits = limitsOf.get(tool)
    if (limits === undefined) {
      limits = new Map()
      limitsOf.set(tool, limits)
    }
    limits.set(role, limit)
  }
  return (request) => {
    const limits = limitsOf.get(request.tool)
    if (limits === undefined) return false
    const limit = limits.get(request.role)
    return limit !== undefined && request.amount <= limit
  }
}
