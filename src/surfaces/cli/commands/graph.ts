import type { Command } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { policyFrom } from '../load.ts'
import { Misuse } from '../misuse.ts'
import { written } from '../written.ts'

export const command: Command = {
  name: 'graph',
  about: 'show types, roles and actions, and what gives what',
  usage: ['-p POLICY [--json | --mermaid | --svg FILE]'],
  arguments: { least: 0, most: 0, called: '' },
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy; `-` is standard input' },
    { name: 'json', about: 'print nodes and edges as JSON' },
    { name: 'mermaid', about: 'print a Mermaid flowchart' },
    { name: 'svg', values: ['FILE'], about: 'write a picture' },
  ],
  notes: [
    'An arrow leads from who can be assigned a role, or from a role, to what it gives, perhaps with further conditions;\n' +
      'what counts against it is marked `unless`. `licet matrix` shows what that comes to.',
  ],
  exits: [
    [0, 'shown'],
    [1, 'nothing shown: the policy is wrong, or the file cannot be written'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet graph -p policy.licet', 'licet graph -p policy.licet --svg policy.svg'],
  run: async (args, io) => {
    if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
    const { policy } = await policyFrom(args.all('policy'), io)
    if (policy === undefined) return 1
    const { graphMermaid, graphSvg, policyGraph, printGraph } = await import('licet/pictures')
    const graph = policyGraph(policy)
    const file = args.one('svg')
    if (file !== undefined) return written(file, graphSvg(graph, args.all('policy').join(', ')), io)
    if (args.has('json')) io.out(jsonText(graph))
    else io.out(args.has('mermaid') ? graphMermaid(graph) : printGraph(graph, { color: io.color.out }))
    return 0
  },
}
