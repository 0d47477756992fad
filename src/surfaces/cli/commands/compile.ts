import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { standalone } from '../../../standalone.ts'
import type { Command } from '../command.ts'
import { policyFrom } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'
import { version } from '../version.ts'

/** What TypeScript looks for beside a module that is imported by this name. */
const declarationsFor: Readonly<Record<string, string>> = { '.mjs': '.d.mts', '.js': '.d.ts' }

export const command: Command = {
  name: 'compile',
  about: 'write a policy as a JavaScript module',
  usage: ['-p POLICY… -o FILE.mjs'],
  arguments: { least: 0, most: 0, called: '' },
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy; `-` is standard input' },
    { name: 'output', short: 'o', values: ['FILE.mjs'], about: 'the module; its types are written beside it' },
  ],
  notes: [
    'The module exports `createEngine`, and imports `licet/runtime`, with `licet/runtime/regexes` where it has\nregular expressions, and nothing else: no parser, no checker, no interpreter. It runs where code may not be made\nfrom text. The facts of the policy text are in it.',
    'The types are in FILE.d.mts, where TypeScript looks for those of FILE.mjs; of FILE.js they are in FILE.d.ts.',
  ],
  exits: [
    [0, 'written'],
    [1, 'nothing written: the policy is wrong, or the files cannot be written'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet compile -p policy.licet -o policy.mjs'],
  run: async (args, io) => {
    const out = args.one('output')
    if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
    if (out === undefined) throw new Misuse('`--output` is missing')
    const types = typesBeside(out)
    const { policy } = await policyFrom(args.all('policy'), io)
    if (policy === undefined) return 1
    const { module, declarations } = standalone(policy, version())
    try {
      writeFileSync(resolve(io.cwd, out), module)
      writeFileSync(resolve(io.cwd, types), declarations)
    } catch (error) {
      io.err(`cannot write: ${firstLine(error)}\n`)
      return 1
    }
    io.out(`wrote ${out} and ${types}\n`)
    return 0
  },
}

function typesBeside(out: string): string {
  for (const [ending, types] of Object.entries(declarationsFor)) {
    if (out.endsWith(ending)) return `${out.slice(0, -ending.length)}${types}`
  }
  throw new Misuse(`\`${out}\` is no name for a module`, 'end it in `.mjs`, or in `.js` in a package of modules')
}
