import { cedarCall, entity, reference, uid } from '../../../cedar.mjs'

export const policies = `
permit (principal, action == Action::"read", resource) when { resource.isPublic };
permit (principal, action == Action::"read", resource) when { resource in principal.view };
permit (principal, action in [Action::"read", Action::"write", Action::"share"], resource)
  when { resource in principal.ownedDocuments || resource in principal.ownedFolders };
permit (principal, action == Action::"changeOwner", resource) when { principal.ownedDocuments.contains(resource) };
permit (principal, action == Action::"createDocument", resource) when { principal.ownedFolders.contains(resource) };
`

/** The user, the resource, and the folders and views above it. A group's view is inside the views of its members. */
export function call({ users, docs, folders }, { user, action, type, resource }) {
  const { groups, ownedDocs, ownedFolders } = users[numberOf(user)]
  const principal = uid('User', user)
  const owned = {
    ownedDocuments: ownedDocs.map((doc) => reference(uid('Document', `doc_${doc}`))),
    ownedFolders: ownedFolders.map((folder) => reference(uid('Folder', `folder_${folder}`))),
    view: reference(userView(numberOf(user))),
  }
  const slice = new Map([[user, entity(principal, [], owned)]])
  const add = (of, { folders: inside, users: named, groups: namedGroups }, attributes) => {
    if (slice.has(of.id)) return
    const views = [...named.map(userView), ...namedGroups.map(groupView)]
    slice.set(of.id, entity(of, [...inside.map(folderUid), ...views], attributes))
    for (const folder of inside) add(folderUid(folder), folders[folder])
  }
  const target = uid(type, resource)
  if (type === 'Folder') add(target, folders[numberOf(resource)])
  else add(target, docs[numberOf(resource)], { isPublic: docs[numberOf(resource)].isPublic })
  for (const group of groups) slice.set(`group ${group}`, entity(groupView(group), [userView(numberOf(user))]))
  return cedarCall(principal, action, target, [...slice.values()])
}

const numberOf = (id) => Number(id.slice(id.indexOf('_') + 1))
const folderUid = (folder) => uid('Folder', `folder_${folder}`)
const userView = (user) => uid('View', `user_${user}`)
const groupView = (group) => uid('View', `group_${group}`)
