// One ability for all; its rules are found by tool.
export const rulesOf = ({ rules }) =>
  rules.map(({ tool, role, limit }) => ({
    action: 'call',
    subject: tool,
    conditions: { role, amount: { $lte: limit } },
  }))

export const options = { detectSubjectType: (call) => call.tool }

export async function oneAbility(data) {
  const { createMongoAbility } = await import('@casl/ability')
  const ability = createMongoAbility(rulesOf(data), options)
  return { inputs: data.requests, decide: (request) => ability.can('call', request) }
}
