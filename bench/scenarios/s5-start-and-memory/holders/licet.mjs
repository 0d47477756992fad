import { engineOf } from '../../../licet.mjs'
import { facts, policy } from '../../s3-relationships/licet.mjs'

export function hold(graph) {
  const engine = engineOf(policy, { facts: facts(graph) })
  return ({ user, doc }) => engine.can(`User:${user}`, 'read', `Doc:${doc}`)
}
