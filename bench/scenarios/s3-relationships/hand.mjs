// The limit: documents and folders are numbers in one row of nodes, each with its parent, owner and viewers in flat arrays;
// groups are resolved beforehand into a matrix with a row of bits for each user.
export function flatArrays(graph) {
  const { users, groups, docs, folders, groupsOf, docOwner, docFolder, docViewers, requests } = graph
  const userIndex = new Map(Array.from({ length: users }, (_, user) => [`u${user}`, user]))
  const nodeIndex = new Map(Array.from({ length: docs }, (_, doc) => [`d${doc}`, doc]))

  const width = (groups + 31) >> 5
  const memberBits = new Int32Array(users * width)
  groupsOf.forEach((all, user) => {
    for (const group of all) memberBits[user * width + (group >> 5)] |= 1 << (group & 31)
  })

  // Documents come first, folders after them. A viewer that is a group is stored as its complement, below zero.
  const nodes = docs + folders
  const parent = new Int32Array(nodes)
  const owner = new Int32Array(nodes)
  const firstViewer = new Int32Array(nodes + 1)
  const collected = []
  for (let node = 0; node < nodes; node++) {
    const folder = node - docs
    const above = folder < 0 ? docFolder[node] : graph.folderParent[folder]
    const viewers = folder < 0 ? docViewers[node] : graph.folderViewers[folder]
    parent[node] = above === -1 ? -1 : above + docs
    owner[node] = folder < 0 ? docOwner[node] : graph.folderOwner[folder]
    firstViewer[node] = collected.length
    collected.push(...viewers.users, ...viewers.groups.map((group) => ~group))
  }
  firstViewer[nodes] = collected.length
  const viewer = Int32Array.from(collected)

  const views = (user, doc) => {
    const row = user * width
    for (let node = doc; node !== -1; node = parent[node]) {
      if (owner[node] === user) return true
      for (let v = firstViewer[node], end = firstViewer[node + 1]; v < end; v++) {
        const named = viewer[v]
        if (named === user) return true
        if (named < 0 && (memberBits[row + (~named >> 5)] >>> (~named & 31)) & 1) return true
      }
    }
    return false
  }
  const decide = (request) => {
    const user = userIndex.get(request.user)
    const doc = nodeIndex.get(request.doc)
    return user !== undefined && doc !== undefined && views(user, doc)
  }
  return { inputs: requests, decide }
}
