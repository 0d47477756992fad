import { cedarWith } from '../../../cedar.mjs'
import { callOf, policiesOf } from '../../s4-many-rules/cedar.mjs'

export const text = policiesOf
export const library = () => import('@cedar-policy/cedar-wasm/nodejs')

export async function load(source) {
  const decide = await cedarWith(source)
  return (request) => decide(callOf(request))
}
