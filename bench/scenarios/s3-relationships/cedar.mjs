// Cedar follows parents, not attributes of attributes: as in the gdrive policies of its paper, documents and folders stand in
// the views of those who are named at them, and a user has views.
import { cedarCall, cedarWith, entity, reference, uid } from '../../cedar.mjs'
import { groupIds, pathUp } from './near.mjs'

export const policy = 'permit (principal, action == Action::"read", resource) when { resource in principal.views };'

const view = (id) => uid('View', id)

export const userEntity = (graph, user) =>
  entity(uid('User', user), [], { views: [user, ...groupIds(graph, user)].map((id) => reference(view(id))) })

/** A document or folder; where it is in a folder, that is the first of its parents. */
export function nodeEntity({ type, id, owner, viewers }, above) {
  const named = [`u${owner}`, ...viewers.users.map((user) => `u${user}`), ...viewers.groups.map((group) => `g${group}`)]
  const folders = above === undefined ? [] : [uid('Folder', above.id)]
  return entity(uid(type, id), [...folders, ...[...new Set(named)].map(view)])
}

export async function slices(graph) {
  const decide = await cedarWith(policy)
  const inputs = graph.requests.map(({ user, doc }) => {
    const path = [...pathUp(graph, doc)]
    const nodes = path.map((node, depth) => nodeEntity(node, path[depth + 1]))
    return cedarCall(uid('User', user), 'read', uid('Doc', doc), [userEntity(graph, user), ...nodes])
  })
  return { inputs, decide }
}
