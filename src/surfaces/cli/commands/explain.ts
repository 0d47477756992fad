import { printExplanation } from '../../../index.ts'
import { askedFrom, requestOptions, requestUsage } from '../asked.ts'
import type { Command } from '../command.ts'
import { decisionText } from '../decision-text.ts'
import { jsonText } from '../json-text.ts'
import { lockNote } from '../request.ts'
import { written } from '../written.ts'

export const command: Command = {
  name: 'explain',
  about: 'say why a decision is what it is, and what would change it',
  usage: requestUsage,
  arguments: { least: 0, most: 0, called: '' },
  options: [
    ...requestOptions,
    { name: 'json', about: 'print the decision, its proof and the changes as JSON' },
    { name: 'mermaid', about: 'print the tree as a Mermaid flowchart' },
    { name: 'svg', values: ['FILE'], about: 'write the tree as a picture' },
  ],
  notes: [
    'The tree shows every rule that concerns the request and what it hangs on: ✓ true, ✗ false, ! an error, with what was\n' +
      'compared and the line it stands on. Under a denial stands what would have to change for it to be an allow: facts,\n' +
      'values, what the caller could get, and rules only where nothing else helps. Each way is enough, and has nothing too\n' +
      'many; those that take the fewest changes come first. The decision was made again with each.',
  ],
  exits: [
    [0, 'explained, whatever the decision is'],
    [1, 'the file of the picture cannot be written'],
    [2, 'no decision: the policy, the facts or the command line is wrong'],
  ],
  examples: [
    'licet explain -p policy.licet -f facts.licet --actor User:ann --action write --resource Repo:acme/site',
    'licet explain -p policy.licet --actor User:ann --action call --tool files/read_file --args \'{"path": "a.txt"}\'',
  ],
  run: async (args, io) => {
    const asked = await askedFrom(args, io)
    if (asked === undefined) return 2
    const { engine, policy, actor, action, resource, env } = asked
    const explanation = engine.explain(actor, action, resource, env)
    const note = lockNote(policy, resource)
    if (note !== undefined) io.err(`note: ${note}\n`)
    const file = args.one('svg')
    if (file !== undefined || args.has('mermaid')) {
      const { explanationMermaid, explanationSvg } = await import('licet/pictures')
      if (file !== undefined) return written(file, explanationSvg(explanation), io)
      io.out(explanationMermaid(explanation))
      return 0
    }
    if (args.has('json')) io.out(jsonText(explanation))
    else {
      const text = printExplanation(explanation, { sources: policy.sources, color: io.color.out })
      io.out(`${decisionText(explanation, io.color.out)}\n${text}\n`)
    }
    return 0
  },
}
