export const policyOf = ({ rules }) =>
  rules
    .map(
      ({ role, tool, limit }) =>
        `allow(call: Call, "call", "${tool}") if call.role = "${role}" and call.amount <= ${limit};`,
    )
    .join('\n')

export class Call {
  constructor(role, amount) {
    this.role = role
    this.amount = amount
  }
}

export async function ruleForRule(data) {
  const { Oso } = await import('oso')
  const oso = new Oso()
  oso.registerClass(Call)
  await oso.loadStr(policyOf(data))
  const inputs = data.requests.map(({ role, tool, amount }) => ({ call: new Call(role, amount), tool }))
  return { inputs, async: true, decide: (input) => oso.isAllowed(input.call, 'call', input.tool) }
}
