// A server block for each server, a role for each role. Who holds a role is a stored fact, or stands in the token.
import { backendNote, engineOf, sharedEngine, tool } from '../../licet.mjs'

/** @param {'stored' | 'token'} where the roles of an agent come from */
function policyText({ roles, servers }, where) {
  const heirs = (id) => roles.filter(({ parents }) => parents.includes(id)).map((heir) => heir.id)
  const roleLine = ({ id }) =>
    where === 'stored'
      ? line(`role ${id}: Agent`, heirs(id))
      : line(`role ${id}`, [`"${id}" in token.roles`, ...heirs(id)])
  const serverBlock = (server) => {
    const grants = roles.flatMap(({ id, toolGrants, serverGrants }) => {
      const names = toolGrants.filter((tool) => tool.startsWith(`${server}/`)).map((tool) => tool.split('/')[1])
      return [
        ...(names.length > 0 ? [`  allow call ${names.join(', ')} if ${id}`] : []),
        ...(serverGrants.includes(server) ? [`  allow call * if ${id}`] : []),
      ]
    })
    return `server ${server} {\n${grants.join('\n')}\n}`
  }
  return ['actor Agent', ...roles.map(roleLine), ...servers.map(serverBlock)].join('\n')
}

const delegation = `
  actor User
  server * { delegate call * if agent.trusted and scope("mcp") }`

const line = (head, conditions) => (conditions.length === 0 ? head : `${head} if ${conditions.join(' or ')}`)

function storedRoles(data, backend) {
  const facts = data.agents.flatMap(({ id, roles }) => roles.map((relation) => ({ relation, subject: `Agent:${id}` })))
  return sharedEngine(data, `stored ${backend}`, () => engineOf(policyText(data, 'stored'), { backend, facts }))
}

/** An application makes the items of its tools once; a request names one of them. */
function items({ tools }) {
  return new Map(tools.map(({ id, server }) => [id, tool(server, id.slice(server.length + 1))]))
}

/** One bound session for each agent, made when the agent signs in. */
export function session(data, method, backend) {
  const engine = storedRoles(data, backend)
  const sessions = new Map(data.agents.map(({ id }) => [id, bound(engine, `Agent:${id}`)]))
  const itemOf = items(data)
  const inputs = data.requests.map((request) => ({ agent: request.agent, item: itemOf.get(request.tool) }))
  const decide = {
    can: (input) => sessions.get(input.agent).can('call', input.item),
    authorize: (input) => sessions.get(input.agent).authorize('call', input.item).allowed,
  }[method]
  const unbound = engine.for === undefined ? 'engine.for is not there yet: unbound' : ''
  return { inputs, decide, note: [backendNote(engine), unbound].filter(Boolean).join('; ') }
}

function bound(engine, actor) {
  if (engine.for !== undefined) return engine.for(actor)
  return {
    can: (action, item) => engine.can(actor, action, item),
    authorize: (action, item) => engine.authorize(actor, action, item),
  }
}

/** Nothing bound: the agent by name, its roles looked up among the facts. */
export function stored(data, method, backend) {
  const engine = storedRoles(data, backend)
  const itemOf = items(data)
  const inputs = data.requests.map(({ agent, tool }) => ({ actor: `Agent:${agent}`, item: itemOf.get(tool) }))
  const decide = {
    can: (input) => engine.can(input.actor, 'call', input.item),
    authorize: (input) => engine.authorize(input.actor, 'call', input.item).allowed,
  }[method]
  return { inputs, decide, note: backendNote(engine) }
}

/** Roles in the claims of the token that came with the request. */
export function inToken(data, method, backend) {
  const engine = sharedEngine(data, `token ${backend}`, () => engineOf(policyText(data, 'token'), { backend }))
  const itemOf = items(data)
  const inputs = data.requests.map(({ agent, roles, tool }) => ({
    actor: `Agent:${agent}`,
    item: itemOf.get(tool),
    env: { token: { roles } },
  }))
  const decide = {
    can: (input) => engine.can(input.actor, 'call', input.item, input.env),
    authorize: (input) => engine.authorize(input.actor, 'call', input.item, input.env).allowed,
  }[method]
  return { inputs, decide, note: backendNote(engine) }
}

/**
 * A user's request through an assistant, with the token of both.
 *
 * @param {object} more what else the environment has
 */
export function throughAssistant(data, method, backend, more = {}) {
  const policy = policyText(data, 'token').replace('actor Agent', 'actor Agent { trusted: boolean }') + delegation
  const facts = data.assistants.map((one) => ({ type: 'Agent', ...one }))
  const engine = sharedEngine(data, `through an assistant ${backend}`, () => engineOf(policy, { backend, facts }))
  const itemOf = items(data)
  const inputs = data.requests.map(({ user, assistant, roles, scopes, tool }) => ({
    actor: `User:${user}`,
    item: itemOf.get(tool),
    env: { agents: [`Agent:${assistant}`], token: { roles, scopes }, ...more },
  }))
  const decide = {
    can: (input) => engine.can(input.actor, 'call', input.item, input.env),
    authorize: (input) => engine.authorize(input.actor, 'call', input.item, input.env).allowed,
  }[method]
  return { inputs, decide, note: backendNote(engine) }
}
