// Documents and folders in folders, with owners and viewers, who are users or groups. (The paper's generator names its view
// entities in two ways, so that no view reaches a user; here they do.)
import { random } from '../../../random.mjs'
import { edgeProbability, numbers, reaches, requestsFor } from '../requests.mjs'

const docActions = ['read', 'write', 'share', 'changeOwner']

export function data(count) {
  const { below, pick, chance } = random(60 + count)
  const some = (among) => among.filter(() => chance(edgeProbability))
  const all = numbers(count)
  const users = all.map(() => ({ groups: some(all), ownedDocs: some(all), ownedFolders: some(all) }))
  const docs = all.map(() => ({ folders: some(all), users: some(all), groups: some(all), isPublic: chance(0.5) }))
  // A folder stands only in folders before it, so that there is no cycle.
  const folders = all.map((folder) => ({ folders: some(numbers(folder)), users: some(all), groups: some(all) }))

  const folderEdges = folders.map((folder) => folder.folders)
  const above = (doc) => new Set(docs[doc].folders.flatMap((folder) => [...reaches(folderEdges, folder)]))
  const named = (user, { users: viewers, groups }) =>
    viewers.includes(user) || groups.some((group) => users[user].groups.includes(group))
  const views = (user, doc) => named(user, docs[doc]) || [...above(doc)].some((folder) => named(user, folders[folder]))
  const edits = (user, doc) =>
    users[user].ownedDocs.includes(doc) || users[user].ownedFolders.some((folder) => above(doc).has(folder))
  const allows = ({ action, user: userId, resource }) => {
    const user = numberOf(userId)
    const target = numberOf(resource)
    if (action === 'createDocument') return users[user].ownedFolders.includes(target)
    if (action === 'changeOwner') return users[user].ownedDocs.includes(target)
    if (action === 'read' && (docs[target].isPublic || views(user, target))) return true
    return edits(user, target)
  }
  const draw = () => {
    const user = `user_${below(count)}`
    if (chance(0.2)) return { user, action: 'createDocument', type: 'Folder', resource: `folder_${below(count)}` }
    return { user, action: pick(docActions), type: 'Document', resource: `doc_${below(count)}` }
  }
  return { count, users, docs, folders, above, views, edits, ...requestsFor(draw, allows) }
}

const numberOf = (id) => Number(id.slice(id.indexOf('_') + 1))
