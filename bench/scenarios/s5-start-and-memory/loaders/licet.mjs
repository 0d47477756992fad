import { policyText } from '../../s4-many-rules/policy.mjs'

export const text = policyText
export const library = () => import('../../../licet.mjs')

export function load(source, { engineOf, tool }) {
  const engine = engineOf(source)
  return ({ agent, role, tool: name, amount }) =>
    engine.can(`Agent:${agent}`, 'call', tool('api', name, { amount }), { token: { role } })
}
