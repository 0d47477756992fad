// Every owner and viewer is a policy line, and every decision looks at all of them.
import { casbinWith } from '../../casbin.mjs'

const model = `
[request_definition]
r = user, doc
[policy_definition]
p = subject, object
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g2(r.doc, p.object) && g(r.user, p.subject)
`

export async function lines(graph) {
  const { groupParents, userGroups, folderParent, folderOwner, folderViewers, docOwner, docFolder, docViewers } = graph
  const named = (object, owner, { users, groups }) =>
    [...new Set([`u${owner}`, ...users.map((user) => `u${user}`), ...groups.map((group) => `g${group}`)])].map(
      (subject) => [subject, object],
    )
  const enforcer = await casbinWith(model, {
    p: [
      ...folderViewers.flatMap((viewers, f) => named(`f${f}`, folderOwner[f], viewers)),
      ...docViewers.flatMap((viewers, d) => named(`d${d}`, docOwner[d], viewers)),
    ],
    g: [
      ...userGroups.flatMap((groups, u) => groups.map((group) => [`u${u}`, `g${group}`])),
      ...groupParents.flatMap((parents, g) => parents.map((parent) => [`g${g}`, `g${parent}`])),
    ],
    g2: [
      ...[...docFolder].map((folder, d) => [`d${d}`, `f${folder}`]),
      ...[...folderParent].flatMap((parent, f) => (parent === -1 ? [] : [[`f${f}`, `f${parent}`]])),
    ],
  })
  return { inputs: graph.requests, decide: (request) => enforcer.enforceSync(request.user, request.doc) }
}
