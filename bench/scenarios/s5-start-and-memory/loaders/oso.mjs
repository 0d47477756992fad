import { Call, policyOf } from '../../s4-many-rules/oso.mjs'

export const text = policyOf
export const library = () => import('oso')

export async function load(source, { Oso }) {
  const oso = new Oso()
  oso.registerClass(Call)
  await oso.loadStr(source)
  return ({ role, tool, amount }) => oso.isAllowed(new Call(role, amount), 'call', tool)
}
