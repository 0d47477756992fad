// Groups contain users and groups; documents and folders have an owner, viewers, and the folder that they are in.
import { backendNote, engineOf, sharedEngine } from '../../licet.mjs'

export const policy = `
actor User in Group
resource Group in Group

resource Folder {
  parent?: Folder
  role owner: User
  role viewer: User | Group if owner or parent.viewer
}

resource Doc {
  parent: Folder
  role owner: User
  role viewer: User | Group if owner or parent.viewer
  allow read if viewer
}
`

/** The graph as records, as an application would stream them from its tables. */
export function* facts(graph) {
  const { groupParents, userGroups, folderParent, folderOwner, folderViewers, docOwner, docFolder, docViewers } = graph
  for (const [g, parents] of groupParents.entries())
    yield { type: 'Group', id: `g${g}`, in: parents.map((parent) => `Group:g${parent}`) }
  for (const [u, joined] of userGroups.entries())
    yield { type: 'User', id: `u${u}`, in: joined.map((group) => `Group:g${group}`) }
  for (const [f, parent] of folderParent.entries()) {
    yield parent === -1 ? { type: 'Folder', id: `f${f}` } : { type: 'Folder', id: `f${f}`, parent: `Folder:f${parent}` }
    yield* named(`Folder:f${f}`, folderOwner[f], folderViewers[f])
  }
  for (const [d, folder] of docFolder.entries()) {
    yield { type: 'Doc', id: `d${d}`, parent: `Folder:f${folder}` }
    yield* named(`Doc:d${d}`, docOwner[d], docViewers[d])
  }
}

function* named(object, owner, viewers) {
  yield { object, relation: 'owner', subject: `User:u${owner}` }
  for (const user of viewers.users) yield { object, relation: 'viewer', subject: `User:u${user}` }
  for (const group of viewers.groups) yield { object, relation: 'viewer', subject: `Group:g${group}` }
}

export function storedGraph(data, method, backend) {
  const engine = sharedEngine(data, backend, () => engineOf(policy, { backend, facts: facts(data) }))
  const inputs = data.requests.map(({ user, doc }) => ({ actor: `User:${user}`, resource: `Doc:${doc}` }))
  const decide = {
    can: (input) => engine.can(input.actor, 'read', input.resource),
    authorize: (input) => engine.authorize(input.actor, 'read', input.resource).allowed,
  }[method]
  return { inputs, decide, note: backendNote(engine) }
}
