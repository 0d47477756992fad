import { resourceBlocks } from '../../s3-relationships/oso.mjs'

/** The application's own objects, all of them. */
export async function hold(graph) {
  const { decide, userObject, docObject } = await resourceBlocks(graph)
  const users = new Map()
  const docs = new Map()
  for (let u = 0; u < graph.users; u++) users.set(`u${u}`, userObject(`u${u}`))
  for (let d = 0; d < graph.docs; d++) docs.set(`d${d}`, docObject(`d${d}`))
  return ({ user, doc }) => decide({ user: users.get(user), doc: docs.get(doc) })
}
