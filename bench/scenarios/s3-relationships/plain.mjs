// What an application would write without a thought for speed: an object for each record, sets, and a walk upwards.
export function objectsAndSets(graph) {
  const { groupsOf, folderParent, folderOwner, folderViewers, docOwner, docFolder, docViewers, requests } = graph
  const id = (kind) => (index) => `${kind}${index}`
  const users = new Map(
    [...groupsOf.entries()].map(([u, all]) => [`u${u}`, { groups: new Set([...all].map(id('g'))) }]),
  )
  const viewers = ({ users: named, groups }) => ({ users: new Set(named.map(id('u'))), groups: groups.map(id('g')) })
  const folders = []
  for (const [f, parent] of folderParent.entries())
    folders.push({ parent: folders[parent], owner: `u${folderOwner[f]}`, viewers: viewers(folderViewers[f]) })
  const docs = new Map()
  for (const [d, folder] of docFolder.entries())
    docs.set(`d${d}`, { parent: folders[folder], owner: `u${docOwner[d]}`, viewers: viewers(docViewers[d]) })

  const decide = (request) => {
    const user = users.get(request.user)
    if (user === undefined) return false
    for (let node = docs.get(request.doc); node !== undefined; node = node.parent)
      if (
        node.owner === request.user ||
        node.viewers.users.has(request.user) ||
        node.viewers.groups.some((group) => user.groups.has(group))
      )
        return true
    return false
  }
  return { inputs: requests, decide }
}
