// Cedar holds no entities: the application does, as the JSON that it sends, and picks from it for each request.
import { cedarCall, cedarWith, uid } from '../../../cedar.mjs'
import { nodeEntity, policy, userEntity } from '../../s3-relationships/cedar.mjs'
import { pathUp } from '../../s3-relationships/near.mjs'

export async function hold(graph) {
  const decide = await cedarWith(policy)
  const { users, nodes } = everything(graph)
  return ({ user, doc }) => {
    const slice = [users.get(user)]
    for (let node = nodes.get(doc); node !== undefined; node = nodes.get(node.parents[0].id)) slice.push(node)
    return decide(cedarCall(uid('User', user), 'read', uid('Doc', doc), slice))
  }
}

function everything(graph) {
  const users = new Map()
  const nodes = new Map()
  for (let u = 0; u < graph.users; u++) users.set(`u${u}`, userEntity(graph, `u${u}`))
  for (let d = 0; d < graph.docs; d++) {
    const path = [...pathUp(graph, `d${d}`)]
    path.forEach((node, depth) => {
      if (!nodes.has(node.id)) nodes.set(node.id, nodeEntity(node, path[depth + 1]))
    })
  }
  return { users, nodes }
}
