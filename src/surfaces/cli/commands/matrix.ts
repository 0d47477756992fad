import type { Command } from '../command.ts'
import { functionsFor, functionsOption } from '../functions.ts'
import { jsonText } from '../json-text.ts'
import { policyAndFacts } from '../load.ts'
import { written } from '../written.ts'

export const command: Command = {
  name: 'matrix',
  about: 'show who may do what',
  usage: ['-p POLICY [-f FACTS]… [--json | --html FILE]'],
  arguments: { least: 0, most: 0, called: '' },
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy; `-` is standard input' },
    { name: 'facts', short: 'f', values: ['FILE'], many: true, about: 'facts: `given` statements, or .json' },
    functionsOption,
    { name: 'html', values: ['FILE'], about: 'write a page that filters and explains, which loads nothing' },
    { name: 'json', about: 'print the tables as JSON' },
  ],
  notes: [
    'A table for each type (roles by actions) and for each MCP server with a lock (tools, prompts and resources by roles\n' +
      'and scopes). Each row of a type is somebody who holds one role and of whom, as of the resource, nothing else is known;\n' +
      'a cell is allow, deny, or what it depends on. Where there are facts, further tables show who may do what to which entity.',
  ],
  exits: [
    [0, 'shown'],
    [1, 'nothing shown: the policy or the facts are wrong, or the file cannot be written'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet matrix -p policy.licet', 'licet matrix -p policy.licet -f facts.licet --html matrix.html'],
  run: async (args, io) => {
    const loaded = await policyAndFacts(args, io)
    if (loaded === undefined) return 1
    const { policy, facts } = loaded
    const functions = await functionsFor(policy, args.one('functions'), io)
    const { matrixOf, matrixPage, printMatrix } = await import('licet/pictures')
    const matrix = matrixOf(policy, { facts, functions })
    const file = args.one('html')
    if (file !== undefined) {
      const page = await matrixPage(matrix, `Who may do what: ${args.all('policy').join(', ')}`)
      return written(file, page, io)
    }
    if (args.has('json')) io.out(jsonText(matrix))
    else io.out(printMatrix(matrix, { width: io.width, color: io.color.out }))
    return 0
  },
}
