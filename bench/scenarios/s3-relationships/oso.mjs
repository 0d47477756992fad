import { groupIds, pathUp } from './near.mjs'

const policy = `
actor User {}
resource Folder {
  roles = ["viewer"];
  relations = { parent: Folder };
  "viewer" if "viewer" on "parent";
}
resource Doc {
  permissions = ["read"];
  roles = ["viewer"];
  relations = { parent: Folder };
  "viewer" if "viewer" on "parent";
  "read" if "viewer";
}
has_relation(parent: Folder, "parent", child: Folder) if parent = child.parent;
has_relation(parent: Folder, "parent", child: Doc) if parent = child.parent;
has_role(user: User, "viewer", node: Resource) if user.id in node.users;
has_role(user: User, "viewer", node: Resource) if group in node.groups and group in user.groups;
allow(actor, action, resource) if has_permission(actor, action, resource);
`

class User {}
class Folder {}
class Doc {}
const types = { Folder, Doc }

/** The engine, and the objects that its rules look at: users with all their groups, documents with the folders above them. */
export async function resourceBlocks(graph) {
  const { Oso } = await import('oso')
  const oso = new Oso()
  for (const type of [User, Folder, Doc]) oso.registerClass(type)
  await oso.loadStr(policy)
  const objects = new Map()
  const node = ([lowest, ...above]) => {
    if (lowest === undefined) return null
    if (!objects.has(lowest.id)) {
      const { owner, viewers } = lowest
      const users = [owner, ...viewers.users].map((user) => `u${user}`)
      const groups = viewers.groups.map((group) => `g${group}`)
      objects.set(lowest.id, Object.assign(new types[lowest.type](), { users, groups, parent: node(above) }))
    }
    return objects.get(lowest.id)
  }
  return {
    decide: (input) => oso.isAllowed(input.user, 'read', input.doc),
    userObject: (user) => Object.assign(new User(), { id: user, groups: groupIds(graph, user) }),
    docObject: (doc) => node([...pathUp(graph, doc)]),
  }
}

/** The objects of each request are there already. */
export async function prebuilt(graph) {
  const { decide, userObject, docObject } = await resourceBlocks(graph)
  const inputs = graph.requests.map(({ user, doc }) => ({ user: userObject(user), doc: docObject(doc) }))
  return { inputs, async: true, decide }
}
