import { backendNote, engineOf, sharedEngine, tool } from '../../licet.mjs'
import { policyText } from './policy.mjs'

export function oneBlock(data, method, backend) {
  const engine = sharedEngine(data, backend, () => engineOf(policyText(data), { backend }))
  const inputs = data.requests.map(asked)
  const decide = {
    can: (input) => engine.can(input.actor, 'call', input.item, input.env),
    authorize: (input) => engine.authorize(input.actor, 'call', input.item, input.env).allowed,
  }[method]
  return { inputs, decide, note: backendNote(engine) }
}

const asked = ({ agent, tool: name, amount, role }) => ({
  actor: `Agent:${agent}`,
  item: tool('api', name, { amount }),
  env: { token: { role } },
})
