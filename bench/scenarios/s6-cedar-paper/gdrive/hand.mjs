// The limit: for so few entities, one bit per user and document for each relation, worked out beforehand.
import { numbers } from '../requests.mjs'

export function bitMatrices({ count, users, docs, views, edits, requests }) {
  const indexOf = (kind) => new Map(numbers(count).map((index) => [`${kind}_${index}`, index]))
  const userIndex = indexOf('user')
  const docIndex = indexOf('doc')
  const folderIndex = indexOf('folder')
  const matrix = (holds) =>
    Uint8Array.from({ length: count * count }, (_, cell) => (holds(Math.floor(cell / count), cell % count) ? 1 : 0))
  const readable = matrix((user, doc) => docs[doc].isPublic || views(user, doc) || edits(user, doc))
  const editable = matrix(edits)
  const owned = matrix((user, doc) => users[user].ownedDocs.includes(doc))
  const ownedFolder = matrix((user, folder) => users[user].ownedFolders.includes(folder))

  const cell = (request, indices) => {
    const user = userIndex.get(request.user)
    const target = indices.get(request.resource)
    return user === undefined || target === undefined ? -1 : user * count + target
  }
  const decide = (request) => {
    switch (request.action) {
      case 'read':
        return readable[cell(request, docIndex)] === 1
      case 'write':
      case 'share':
        return editable[cell(request, docIndex)] === 1
      case 'changeOwner':
        return owned[cell(request, docIndex)] === 1
      case 'createDocument':
        return ownedFolder[cell(request, folderIndex)] === 1
      default:
        return false
    }
  }
  return { inputs: requests, decide }
}
