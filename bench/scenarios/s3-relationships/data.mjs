// S3, relationships: 10,000 users in 1,000 groups nested to three, 10,000 folders nested to six, 100,000 documents. A viewer
// is an owner, somebody named, or a member of a group named, at the document or at any folder above it.
import { random } from '../../random.mjs'
import { viewRelation } from './meaning.mjs'

const sizes = { users: 10_000, groups: 1_000, folders: 10_000, docs: 100_000, requests: 2048 }

export function data() {
  const source = random(3)
  const { below, pick, chance } = source
  const { users, groups, folders, docs } = sizes

  const groupParents = groupTree(source)
  const userGroups = Array.from({ length: users }, () => {
    const joined = new Set()
    const count = 1 + below(4)
    while (joined.size < count) joined.add(below(groups))
    return [...joined]
  })
  const folderParent = folderTree(source)

  const viewers = (userChance, groupChance) => ({
    users: chance(userChance) ? [below(users)] : [],
    groups: chance(groupChance) ? [below(groups)] : [],
  })
  const folderOwner = new Int32Array(folders)
  const folderViewers = []
  for (let f = 0; f < folders; f++) {
    folderOwner[f] = below(users)
    folderViewers.push(viewers(0.3, 0.3))
  }
  const docOwner = new Int32Array(docs)
  const docFolder = new Int32Array(docs)
  const docViewers = []
  for (let d = 0; d < docs; d++) {
    docOwner[d] = below(users)
    docFolder[d] = below(folders)
    docViewers.push(viewers(0.3, 0.2))
  }
  const graph = {
    ...sizes,
    ...{ groupParents, userGroups, folderParent, folderOwner, folderViewers, docOwner, docFolder, docViewers },
  }
  const { groupsOf, membersOf, related, views } = viewRelation(graph)

  const requests = []
  const expected = []
  const asked = new Set()
  while (requests.length < sizes.requests) {
    const wanted = requests.length % 2 === 0
    const doc = below(docs)
    let user = below(users)
    if (wanted) {
      // Somebody near the document: named at it or above it, or a member of a group that is.
      const near = related(doc)
      if (near.groups.length > 0 && chance(0.6)) {
        const members = membersOf[pick(near.groups)]
        if (members.length === 0) continue
        user = pick(members)
      } else user = pick(near.users)
    }
    const pair = user * docs + doc
    if (views(user, doc) !== wanted || asked.has(pair)) continue
    asked.add(pair)
    requests.push({ user: `u${user}`, doc: `d${doc}` })
    expected.push(wanted)
  }
  return { ...graph, groupsOf, requests, expected }
}

/** A tenth of the groups stand at the top, three tenths below one of these, the rest below one of those. */
function groupTree({ below }) {
  const top = Math.floor(sizes.groups * 0.1)
  const middle = Math.floor(sizes.groups * 0.3)
  return Array.from({ length: sizes.groups }, (_, g) => {
    if (g < top) return []
    return g < top + middle ? [below(top)] : [top + below(middle)]
  })
}

/** One folder in fifty is a root; each other one stands below a folder one level up, six levels at most. -1 is no parent. */
function folderTree({ pick }) {
  const parent = new Int32Array(sizes.folders).fill(-1)
  const atDepth = Array.from({ length: 7 }, () => [])
  for (let f = 0; f < sizes.folders; f++) {
    const depth = f < sizes.folders * 0.02 ? 0 : Math.min(6, 1 + Math.floor((f / sizes.folders) * 6))
    if (depth > 0) parent[f] = pick(atDepth[depth - 1])
    atDepth[depth].push(f)
  }
  return parent
}
