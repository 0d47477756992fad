import { printProof } from '../../../index.ts'
import { askedFrom, requestOptions, requestUsage } from '../asked.ts'
import type { Command } from '../command.ts'
import { decisionText } from '../decision-text.ts'
import { jsonText } from '../json-text.ts'
import { lockNote } from '../request.ts'

export const command: Command = {
  name: 'authorize',
  about: 'make one decision',
  usage: requestUsage,
  arguments: { least: 0, most: 0, called: '' },
  options: [
    ...requestOptions,
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
    const asked = await askedFrom(args, io)
    if (asked === undefined) return 2
    const { engine, policy, actor, action, resource, env } = asked
    const explained = args.has('explain') ? engine.explain(actor, action, resource, env) : undefined
    const decision = explained ?? engine.authorize(actor, action, resource, env)
    if (args.has('json')) io.out(jsonText(decision))
    else io.out(decisionText(decision, io.color.out))
    if (explained !== undefined && !args.has('json')) {
      io.out(`\n${printProof(explained.proof, { sources: policy.sources, color: io.color.out })}\n`)
    }
    const note = lockNote(policy, resource)
    if (note !== undefined) io.err(`note: ${note}\n`)
    return decision.allowed ? 0 : 1
  },
}
