import { createEngine, type Engine, type Environment, type Policy, type ResourceInput } from '../../index.ts'
import type { Arguments } from './arguments.ts'
import type { Command, Option } from './command.ts'
import { functionsFor, functionsOption } from './functions.ts'
import type { Io } from './io.ts'
import { type JsonInputs, jsonInputs } from './json-inputs.ts'
import { policyAndFacts } from './load.ts'
import { Misuse } from './misuse.ts'
import { checkAction, checkActor, checkAgent, resourceFrom } from './request.ts'

/** What a command takes that is about one request: a policy, facts, and who asks for what. */
export const requestUsage: Command['usage'] = [
  '-p POLICY [-f FACTS]… --actor E --action A --resource E',
  '-p POLICY [-f FACTS]… --actor E --action A --tool S/NAME [--args JSON]',
  '-p POLICY [-f FACTS]… --actor E --action A --prompt S/NAME [--args JSON]',
  '-p POLICY [-f FACTS]… --actor E --action A --uri S URI',
]

export const requestOptions: readonly Option[] = [
  { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy; `-` is standard input' },
  { name: 'facts', short: 'f', values: ['FILE'], many: true, about: 'facts: `given` statements, or .json' },
  { name: 'actor', values: ['E'], about: 'who asks, as Type:id; `anonymous` for nobody' },
  { name: 'action', values: ['A'], about: 'what is to be done' },
  { name: 'resource', values: ['E'], about: 'to what, as Type:id' },
  { name: 'tool', values: ['S/NAME'], about: 'or to a tool of the MCP server S' },
  { name: 'uri', values: ['S', 'URI'], about: 'or to a resource of the MCP server S' },
  { name: 'prompt', values: ['S/NAME'], about: 'or to a prompt of the MCP server S' },
  { name: 'args', values: ['JSON'], about: 'the arguments of the tool or prompt, an object' },
  { name: 'agent', values: ['E'], many: true, about: 'who acts for the actor, outermost first' },
  { name: 'token', values: ['JSON'], about: 'the claims of the token, an object' },
  { name: 'context', values: ['JSON'], about: 'the context, an object' },
  { name: 'label', values: ['L'], many: true, about: 'a label that the session has' },
  { name: 'approval', values: ['E'], many: true, about: 'someone who has approved this very request' },
  { name: 'confirmed', about: 'the user has confirmed this very request' },
  { name: 'now', values: ['T'], about: 'the time, in RFC 3339; the clock by default' },
  functionsOption,
]

/** A request and the engine that it is asked of. */
export interface Asked {
  readonly engine: Engine
  readonly policy: Policy
  readonly actor: string | null
  readonly action: string
  readonly resource: ResourceInput
  readonly env: Environment
}

/** Undefined where the policy, the facts or a JSON option is wrong, which is shown on standard error. */
export async function askedFrom(args: Arguments, io: Io): Promise<Asked | undefined> {
  const named = required(args, 'actor')
  const action = required(args, 'action')
  const inputs = await jsonInputs(args, ['args', 'token', 'context'], io)
  if (inputs === undefined) return undefined
  const loaded = await policyAndFacts(args, io)
  if (loaded === undefined) return undefined
  const { policy, facts } = loaded
  const functions = await functionsFor(policy, args.one('functions'), io)
  const actor = checkActor(policy, named)
  const resource = resourceFrom(policy, args, inputs.args)
  checkAction(policy, action, resource)
  const env = environment(policy, args, inputs)
  const engine = createEngine(policy, { facts, functions })
  return { engine, policy, actor, action, resource, env }
}

function required(args: Arguments, name: string): string {
  const value = args.one(name)
  if (value === undefined) throw new Misuse(`\`--${name}\` is missing`)
  return value
}

function environment(policy: Policy, args: Arguments, { token, context }: JsonInputs): Environment {
  const now = args.one('now')
  if (now !== undefined && Number.isNaN(Date.parse(now)))
    throw new Misuse(`\`${now}\` is no time`, 'such as 2027-01-01T09:00:00Z')
  const agents = args.all('agent').map((agent) => checkAgent(policy, agent))
  return {
    ...(token === undefined ? {} : { token }),
    ...(context === undefined ? {} : { context }),
    ...(now === undefined ? {} : { now }),
    ...(agents.length === 0 ? {} : { agents }),
    session: { labels: args.all('label') },
    approvals: args.all('approval').map((actor) => checkActor(policy, actor) ?? ''),
    confirmed: args.has('confirmed'),
  }
}
