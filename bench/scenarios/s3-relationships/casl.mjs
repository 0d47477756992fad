// CASL has no graph: the application flattens it, into an ability per user that names all the user's groups, and into a record
// per document that names everybody along its path.
import { groupIds, pathUp } from './near.mjs'

export async function flattened(graph) {
  const { createMongoAbility } = await import('@casl/ability')
  const options = { detectSubjectType: () => 'Doc' }
  const rule = (conditions) => ({ action: 'read', subject: 'Doc', conditions })
  const abilityOf = (user) =>
    createMongoAbility([rule({ users: user }), rule({ groups: { $in: groupIds(graph, user) } })], options)
  const abilities = new Map(graph.requests.map(({ user }) => [user, abilityOf(user)]))
  const inputs = graph.requests.map(({ user, doc }) => {
    const path = [...pathUp(graph, doc)]
    const users = path.flatMap(({ owner, viewers }) => [owner, ...viewers.users]).map((one) => `u${one}`)
    const groups = path.flatMap(({ viewers }) => viewers.groups).map((group) => `g${group}`)
    return { user, doc: { users, groups } }
  })
  return { inputs, decide: (input) => abilities.get(input.user).can('read', input.doc) }
}
