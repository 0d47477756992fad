// cedar-wasm as its documentation recommends it: the policies parsed once, the entities of each request sent along. Which
// entities a request needs is the application's choice; finding them is not timed.

/** @param {string} policies @returns {Promise<(call: object) => boolean>} */
export async function cedarWith(policies) {
  const { preparsePolicySet, statefulIsAuthorized } = await import('@cedar-policy/cedar-wasm/nodejs')
  const parsed = preparsePolicySet('bench', { staticPolicies: policies })
  if (parsed.type !== 'success') throw new Error(parsed.errors[0].message)
  return (call) => {
    const answer = statefulIsAuthorized(call)
    if (answer.type !== 'success') throw new Error(answer.errors[0].message)
    return answer.response.decision === 'allow'
  }
}

/** A request to `cedarWith`, with the entities that it needs. */
export const cedarCall = (principal, action, resource, entities, context = {}) => ({
  principal,
  action: uid('Action', action),
  resource,
  context,
  preparsedPolicySetId: 'bench',
  entities,
})

export const uid = (type, id) => ({ type, id })
export const entity = (of, parents = [], attrs = {}) => ({ uid: of, parents, attrs })
/** An entity as the value of an attribute. */
export const reference = (of) => ({ __entity: of })
