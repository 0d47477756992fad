// For engines without relationships of their own: what the application has to look up and send along with each request.

/** The documents and folders that a request is about, lowest first, with who is named at each. */
export function* pathUp(graph, docId) {
  const doc = Number(docId.slice(1))
  yield { type: 'Doc', id: docId, owner: graph.docOwner[doc], viewers: graph.docViewers[doc] }
  for (let folder = graph.docFolder[doc]; folder !== -1; folder = graph.folderParent[folder])
    yield { type: 'Folder', id: `f${folder}`, owner: graph.folderOwner[folder], viewers: graph.folderViewers[folder] }
}

/** All groups of a user, those that contain groups included. */
export const groupIds = ({ groupsOf }, userId) => [...groupsOf[Number(userId.slice(1))]].map((group) => `g${group}`)
