export const policy = `
actor User in Group
resource Group

resource Folder {
  folders: Folder[]
  role owner: User
  role manager if owner or folders.manager
  role viewer: User | Group if folders.viewer
  allow createDocument if owner
}

resource Document {
  isPublic: boolean
  folders: Folder[]
  role owner: User
  role editor if owner or folders.manager
  role viewer: User | Group if folders.viewer
  allow read if isPublic or viewer or editor
  allow write, share if editor
  allow changeOwner if owner
}
`

const named = (type, kind) => (index) => `${type}:${kind}_${index}`
const group = named('Group', 'group')
const user = named('User', 'user')
const folder = named('Folder', 'folder')
const doc = named('Document', 'doc')

export function* facts({ users, docs, folders }) {
  const viewers = (object, { users: named, groups }) =>
    [...named.map(user), ...groups.map(group)].map((subject) => ({ object, relation: 'viewer', subject }))
  for (const u of users.keys()) yield { type: 'Group', id: `group_${u}` }
  for (const [f, one] of folders.entries()) {
    yield { type: 'Folder', id: `folder_${f}`, folders: one.folders.map(folder) }
    yield* viewers(folder(f), one)
  }
  for (const [d, { isPublic, ...one }] of docs.entries()) {
    yield { type: 'Document', id: `doc_${d}`, isPublic, folders: one.folders.map(folder) }
    yield* viewers(doc(d), one)
  }
  for (const [u, { groups, ownedDocs, ownedFolders }] of users.entries()) {
    yield { type: 'User', id: `user_${u}`, in: groups.map(group) }
    for (const object of [...ownedDocs.map(doc), ...ownedFolders.map(folder)])
      yield { object, relation: 'owner', subject: user(u) }
  }
}
