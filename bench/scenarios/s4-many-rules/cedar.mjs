import { cedarCall, cedarWith, entity, uid } from '../../cedar.mjs'

export const policiesOf = ({ rules }) => rules.map(policyOf).join('\n')

const policyOf = ({ role, tool, limit }) =>
  `permit (principal in Role::"${role}", action == Action::"call", resource == Tool::"${tool}") when { context.amount <= ${limit} };`

/** The agent, with its role as its parent. */
export function callOf({ agent, role, tool, amount }) {
  const slice = [entity(uid('Agent', agent), [uid('Role', role)])]
  return cedarCall(uid('Agent', agent), 'call', uid('Tool', tool), slice, { amount })
}

export async function policyPerRule(data) {
  const decide = await cedarWith(policiesOf(data))
  return { inputs: data.requests.map(callOf), decide }
}
