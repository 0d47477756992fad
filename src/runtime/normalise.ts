import { didYouMean } from '../base/suggest.ts'
import { contextualFacts } from '../facts/contextual.ts'
import { checkEntityName } from '../facts/entity-name.ts'
import type { GivenLayer } from '../facts/given.ts'
import { inlineFacts } from '../facts/inline.ts'
import { anonymous } from '../value/entity.ts'
import { isError } from '../value/evaluation-error.ts'
import { hasOwnField, isPlainObject, ownMembers } from '../value/plain-object.ts'
import { instantOf } from '../value/time.ts'
import type { Entity, EvaluationError } from '../value/value.ts'
import { askedTarget, badRequest } from './asked-target.ts'
import { unknown } from './cases.ts'
import { mcpActions } from './mcp-actions.ts'
import type { Policy } from './policy.ts'
import type { AskedTarget, Question, UnknownInput } from './question.ts'
import type { ActorInput, Environment, ResourceInput } from './request.ts'
import { inputsOf } from './request-inputs.ts'

/** One question to the engine, as it comes from outside. Time is an input: `env.now` has to be there. */
export interface RequestInput {
  readonly actor: ActorInput
  readonly action: string
  readonly resource: ResourceInput
  readonly env?: Environment
}

export interface Asked {
  readonly question: Question
  /** What the request itself says, over the facts that there are: the first over the second. */
  readonly layers: readonly GivenLayer[]
}

/** Checks the form of a request; whatever is wrong with it is an error, which makes the decision a denial. May throw where a getter does. */
export function normalise(
  policy: Policy,
  input: RequestInput,
  open: ReadonlySet<UnknownInput>,
): Asked | EvaluationError {
  const given: Environment = input.env ?? {}
  if (!isPlainObject(given)) return badRequest('`env` is an object')
  // A misspelt `agents` would otherwise leave the bare user to be judged.
  const stray = Object.keys(given).find((key) => !isEnvironmentKey(key))
  if (stray !== undefined) {
    const help = didYouMean(stray.slice(0, 100), environmentKeys)
    return badRequest(`\`env\` has no member of this name${help === undefined ? '' : `; ${help}`}`)
  }
  const env: Environment = ownMembers(given, environmentKeys)
  const actor = input.actor === null ? anonymous : actingEntity(policy, input.actor, 'actor')
  if (isError(actor)) return actor
  const agents = agentsOf(policy, env.agents)
  if (isError(agents)) return agents
  const target = askedTarget(policy, policy.schema, input.resource)
  if (isError(target)) return target
  const wrong = actionProblem(policy, input.action, target, open)
  if (wrong !== undefined) return badRequest(wrong)
  const now = open.has('now') ? unknown : instantOf(env.now)
  if (now === undefined) return badRequest('`now` is a Date, RFC 3339 text with an offset, or milliseconds')
  const approvals = open.has('approvals') ? unknown : approversOf(policy, env.approvals, [actor, ...agents])
  if (isError(approvals)) return approvals
  const confirmed = open.has('confirmed') ? unknown : (env.confirmed ?? false)
  if (typeof confirmed !== 'boolean' && confirmed !== unknown) return badRequest('`confirmed` is true or false')
  const inputs = inputsOf(input.resource, env, target, now, open)
  if (isError(inputs)) return inputs
  const layers = requestFacts(policy, input, env)
  if (isError(layers)) return layers
  const openFields = open.has('fields')
  return {
    question: { actor, agents, action: input.action, target, now, approvals, confirmed, openFields, inputs },
    layers,
  }
}

const environmentKeys: readonly (keyof Environment)[] = [
  'agents',
  'token',
  'context',
  'session',
  'now',
  'facts',
  'approvals',
  'confirmed',
  'client',
]

function isEnvironmentKey(key: string): boolean {
  return (environmentKeys as readonly string[]).includes(key)
}

function actingEntity(policy: Policy, input: unknown, what: string): Entity | EvaluationError {
  const checked = checkEntityName(policy.schema, input)
  if (checked.reasons !== undefined) return badRequest(`the ${what}: ${checked.reasons[0]?.message}`)
  const { type } = checked.value
  return policy.types.get(type)?.actor === true
    ? checked.value
    : badRequest(`the ${what} is a \`${type}\`, which cannot act`)
}

function agentsOf(policy: Policy, input: unknown): readonly Entity[] | EvaluationError {
  if (input === undefined || input === null) return []
  if (!Array.isArray(input)) return badRequest('`agents` is a list')
  const agents: Entity[] = []
  for (const one of input) {
    const agent = actingEntity(policy, one, 'agent')
    if (isError(agent)) return agent
    if (agent.type !== 'Agent') return badRequest(`an agent is of the type \`Agent\`, not \`${agent.type}\``)
    if (!agents.some(({ key }) => key === agent.key)) agents.push(agent)
  }
  return agents
}

/** Distinct others: who asks, and who asks for somebody, approves nothing. */
function approversOf(policy: Policy, input: unknown, asking: readonly Entity[]): readonly Entity[] | EvaluationError {
  if (input === undefined || input === null) return []
  if (!Array.isArray(input)) return badRequest('`approvals` is a list of actors')
  const approvers = new Map<string, Entity>()
  for (const one of input) {
    const approver = actingEntity(policy, one, 'approver')
    if (isError(approver)) return approver
    if (!asking.some(({ key }) => key === approver.key)) approvers.set(approver.key, approver)
  }
  return [...approvers.values()]
}

/** Why an action cannot be asked about this target. */
function actionProblem(
  policy: Policy,
  action: unknown,
  target: AskedTarget,
  open: ReadonlySet<UnknownInput>,
): string | undefined {
  if (typeof action !== 'string') return 'an action is a string'
  const { program } = policy
  const group = program.groups.find(({ name }) => name === action)
  if (group !== undefined)
    return `\`${action}\` is a group of actions: ask about ${group.actions.map((a) => `\`${a}\``).join(', ')}`
  if (target.kind === 'entity') {
    const known = program.actions.map((one) => one.action)
    if (known.includes(action)) return undefined
    const help = didYouMean(action.slice(0, 100), known)
    return `no rule allows an action of this name on an entity${help === undefined ? '' : `; ${help}`}`
  }
  const kinds = mcpActions.get(action)
  if (kinds === undefined) return `the protocol has no such action; it has ${[...mcpActions.keys()].join(', ')}`
  if (kinds.includes(target.kind)) return undefined
  // A resource of which only the template is known.
  if (target.kind === 'template' && kinds.includes('resource') && open.has('uri')) return undefined
  return `\`${action}\` is about ${kinds.map((kind) => `a ${kind}`).join(' or ')}, not a ${target.kind}`
}

/** Inline entities lie over contextual facts, which lie over the stored ones. */
function requestFacts(policy: Policy, input: RequestInput, env: Environment): readonly GivenLayer[] | EvaluationError {
  const given = [input.actor, ...(env.agents ?? []), input.resource].filter(
    (one) => isPlainObject(one) && hasOwnField(one, 'type') && hasOwnField(one, 'id'),
  )
  const inline = given.length === 0 ? undefined : inlineFacts(policy.schema, given)
  if (inline?.reasons !== undefined) return badRequest(inline.reasons[0]?.message)
  const contextual = env.facts === undefined ? undefined : contextualFacts(policy.schema, env.facts)
  if (contextual?.reasons !== undefined) return badRequest(contextual.reasons[0]?.message)
  return [inline?.value, contextual?.value].filter((layer) => layer !== undefined)
}
