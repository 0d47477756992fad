import { render } from '../../../index.ts'
import { loadPolicy } from '../../node/load-policy.ts'
import type { Command } from '../command.ts'
import { diagnosticJson, placesIn } from '../diagnostic-json.ts'
import { fixFiles } from '../fix.ts'
import { jsonText } from '../json-text.ts'
import { countOf, plural, withStdin } from '../load.ts'
import { Misuse } from '../misuse.ts'
import { sarifLog } from '../sarif.ts'
import { version } from '../version.ts'

export const command: Command = {
  name: 'check',
  about: 'report what is wrong with policies',
  usage: ['FILE… [--fix] [--json | --sarif]'],
  arguments: { least: 1, most: Number.POSITIVE_INFINITY, called: 'FILE' },
  options: [
    { name: 'fix', about: 'change the files where only one thing can be meant' },
    { name: 'json', about: 'print the diagnostics as JSON' },
    { name: 'sarif', about: 'print them as SARIF 2.1.0, for code scanning' },
  ],
  notes: [
    'The files are one program, with the policies they import and the lock files they name. `-` is standard input.\nWarnings are shown and do not fail. What a code means, and how to mend it, stands in docs/diagnostics/CODE.md\nof this package.',
    'With `--fix`, mistakes that have one clear remedy are mended in the files, and what is left is reported. A warning\nis mended only where that changes no decision. A file never parses worse than before.',
  ],
  exits: [
    [0, 'no errors'],
    [1, 'an error in a policy, or a file that cannot be read'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet check policy/*.licet', 'licet check --sarif policy/*.licet > licet.sarif'],
  run: async (args, io) => {
    if (args.has('json') && args.has('sarif')) throw new Misuse('`--json` and `--sarif` exclude each other')
    if (args.has('fix') && args.positionals.includes('-')) throw new Misuse('`--fix` changes files, and `-` is none')
    const { loaded, fixed, failure } = args.has('fix')
      ? fixFiles(args.positionals, io.cwd)
      : { loaded: loadPolicy(await withStdin(args.positionals, '<stdin>', io), { cwd: io.cwd }), fixed: [] }
    const { diagnostics, sources } = loaded
    if (failure !== undefined) io.err(`${failure}\n`)
    const failed = failure !== undefined || diagnostics.some(({ severity }) => severity === 'error')
    if (args.has('sarif')) io.out(jsonText(sarifLog(diagnostics, sources, version())))
    else if (args.has('json')) {
      const placeOf = placesIn(sources)
      const found = diagnostics.map((one) => diagnosticJson(one, placeOf))
      io.out(
        jsonText({ files: sources.map(({ name }) => name), diagnostics: found, ...(args.has('fix') ? { fixed } : {}) }),
      )
    } else {
      if (diagnostics.length > 0) io.err(`${render(diagnostics, sources, { color: io.color.err })}\n`)
      for (const { file, start, code, message } of fixed)
        io.out(`fixed ${file}:${start.line}:${start.column} ${code}: ${message}\n`)
      const summary = `${plural(sources.length, 'file')}: ${countOf(diagnostics)}\n`
      if (failed) io.err(summary)
      else io.out(summary)
    }
    return failed ? 1 : 0
  },
}
