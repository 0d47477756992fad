import { linesOf, model } from '../../s4-many-rules/casbin.mjs'

export const text = (data) =>
  linesOf(data)
    .map((line) => ['p', ...line].join(', '))
    .join('\n')
export const library = () => import('casbin')

export async function load(source, { newEnforcer, newModel, StringAdapter }) {
  const enforcer = await newEnforcer(newModel(model), new StringAdapter(source))
  return ({ role, tool, amount }) => enforcer.enforceSync(role, tool, amount)
}
