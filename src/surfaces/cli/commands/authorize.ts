import { createEngine, type Environment, type Policy, printProof } from '../../../index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { decisionText } from '../decision-text.ts'
import { functionsFor, functionsOption } from '../functions.ts'
import { type JsonInputs, jsonInputs } from '../json-inputs.ts'
import { factsFrom, policyFrom } from '../load.ts'
import { Misuse } from '../misuse.ts'
import { checkAction, checkActor, checkAgent, lockNote, resourceFrom } from '../request.ts'

export const command: Command = {
  name: 'authorize',
  about: 'make one decision',
  usage: [
    '-p POLICY [-f FACTS]… --actor E --action A --resource E',
    '-p POLICY [-f FACTS]… --actor E --action A --tool S/NAME [--args JSON]',
    '-p POLICY [-f FACTS]… --actor E --action A --prompt S/NAME [--args JSON]',
    '-p POLICY [-f FACTS]… --actor E --action A --uri S URI',
  ],
  arguments: { least: 0, most: 0, called: '' },
  options: [
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
    { name: 'explain', about: 'show the proof: every rule that concerns the request, and what it hangs on' },
    { name: 'json', about: 'print the decision as JSON' },
  ],
  notes: [],
  exits: [
    [0, 'allowed'],
    [1, 'denied'],
    [2, 'no decision: the policy, the facts or the command line is wrong'],
  ],
  examples: [
    'licet authorize -p policy.licet -f facts.licet --actor User:ann --action write --resource Repo:acme/site',
    'licet authorize -p policy.licet --actor User:ann --action call --tool files/read_file --args \'{"path": "a.txt"}\'',
  ],
  run: async (args, io) => {
    const actor = required(args, 'actor')
    const action = required(args, 'action')
    if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
    if ([...args.all('policy'), ...args.all('facts')].filter((path) => path === '-').length > 1) {
      throw new Misuse('standard input (`-`) can be read only once')
    }
    const inputs = await jsonInputs(args, ['args', 'token', 'context'], io)
    if (inputs === undefined) return 2
    const { policy } = await policyFrom(args.all('policy'), io)
    if (policy === undefined) return 2
    const facts = await factsFrom(policy, args.all('facts'), io)
    if (facts === undefined) return 2
    const functions = await functionsFor(policy, args.one('functions'), io)
    const who = checkActor(policy, actor)
    const resource = resourceFrom(policy, args, inputs.args)
    checkAction(policy, action, resource)
    const env = environment(policy, args, inputs)
    const engine = createEngine(policy, { facts, functions })
    const explained = args.has('explain') ? engine.explain(who, action, resource, env) : undefined
    const decision = explained ?? engine.authorize(who, action, resource, env)
    if (args.has('json')) io.out(`${JSON.stringify(decision, null, 2)}\n`)
    else io.out(decisionText(decision, io.color.out))
    if (explained !== undefined && !args.has('json')) io.out(`\n${printProof(explained.proof)}\n`)
    const note = lockNote(policy, resource)
    if (note !== undefined) io.err(`note: ${note}\n`)
    return decision.allowed ? 0 : 1
  },
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
