import { options, rulesOf } from '../../s4-many-rules/casl.mjs'

export const text = (data) => JSON.stringify(rulesOf(data))
export const library = () => import('@casl/ability')

export function load(source, { createMongoAbility }) {
  const ability = createMongoAbility(JSON.parse(source), options)
  return (request) => ability.can('call', request)
}
