import { cedarWith } from '../../cedar.mjs'

/** Each request with the entities it needs, and no others, put together by the application beforehand. */
export function slices({ policies, call }) {
  return async (data) => {
    const decide = await cedarWith(policies)
    return { inputs: data.requests.map((request) => call(data, request)), decide }
  }
}
