// What S3's relation means, written to be read: the expected decisions come from here, and from no contestant.

export function viewRelation({ groups, userGroups, groupParents, folderParent, folderOwner, folderViewers, ...docs }) {
  const { docOwner, docFolder, docViewers } = docs
  const upward = (group, found) => {
    if (!found.has(group)) for (const parent of groupParents[group]) upward(parent, found.add(group))
    return found.add(group)
  }
  /** User to all groups that contain them, directly or through groups. */
  const groupsOf = userGroups.map((joined) => {
    const found = new Set()
    for (const group of joined) upward(group, found)
    return found
  })
  const membersOf = Array.from({ length: groups }, () => [])
  groupsOf.forEach((all, user) => {
    for (const group of all) membersOf[group].push(user)
  })

  /** Who is named at the document and at every folder above it. */
  const related = (doc) => {
    const users = [docOwner[doc], ...docViewers[doc].users]
    const named = [...docViewers[doc].groups]
    for (let folder = docFolder[doc]; folder !== -1; folder = folderParent[folder]) {
      users.push(folderOwner[folder], ...folderViewers[folder].users)
      named.push(...folderViewers[folder].groups)
    }
    return { users, groups: named }
  }
  const views = (user, doc) => {
    const near = related(doc)
    return near.users.includes(user) || near.groups.some((group) => groupsOf[user].has(group))
  }
  return { groupsOf, membersOf, related, views }
}
