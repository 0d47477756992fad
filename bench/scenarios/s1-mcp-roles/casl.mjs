// CASL knows no roles: the application resolves what is inherited and writes each agent's rules. Tools are its subject types.
export async function abilityPerAgent({ agents, effective, requests }) {
  const { createMongoAbility } = await import('@casl/ability')
  const rules = (roles) => rulesOf(new Set(roles.flatMap((role) => [...effective.get(role)])))
  const abilities = new Map(agents.map(({ id, roles }) => [id, createMongoAbility(rules(roles))]))
  return { inputs: requests, decide: (request) => abilities.get(request.agent).can('call', request.tool) }
}

/** The roles come with the request, so the ability is built for it, from rules that are ready for each role. */
export async function abilityPerDecision({ roles, effective, requests }) {
  const { createMongoAbility } = await import('@casl/ability')
  const rules = new Map(roles.map(({ id }) => [id, rulesOf(effective.get(id))]))
  const decide = (request) =>
    createMongoAbility(request.roles.flatMap((role) => rules.get(role))).can('call', request.tool)
  return { inputs: requests, decide }
}

const rulesOf = (tools) => [...tools].map((subject) => ({ action: 'call', subject }))
