// The three applications ask in the same way: a user, an action, a resource, all by name.
import { backendNote, engineOf, sharedEngine } from '../../licet.mjs'

export function application({ policy, facts }) {
  return (data, method, backend) => {
    const engine = sharedEngine(data, backend, () => engineOf(policy, { backend, facts: facts(data) }))
    const inputs = data.requests.map(({ user, action, type, resource }) => ({
      actor: `User:${user}`,
      action,
      resource: `${type}:${resource}`,
    }))
    const decide = {
      can: (input) => engine.can(input.actor, input.action, input.resource),
      authorize: (input) => engine.authorize(input.actor, input.action, input.resource).allowed,
    }[method]
    return { inputs, decide, note: backendNote(engine) }
  }
}
