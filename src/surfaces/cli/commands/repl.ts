import { historyFile, openHistory } from '../../repl/history.ts'
import { type Piping, runPiped } from '../../repl/piped.ts'
import { createSession } from '../../repl/session.ts'
import { runTerminal } from '../../repl/terminal.ts'
import type { Command } from '../command.ts'
import { diagnosticJson, placesIn } from '../diagnostic-json.ts'
import { functionsOption } from '../functions.ts'
import { plural, show } from '../load.ts'
import { Misuse } from '../misuse.ts'
import { filesOfSession } from '../repl/files.ts'

export const command: Command = {
  name: 'repl',
  about: 'ask questions about a policy',
  usage: ['-p POLICY… [-f FACTS]… [--json]'],
  arguments: { least: 0, most: 0, called: '' },
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy' },
    { name: 'facts', short: 'f', values: ['FILE'], many: true, about: 'facts: `given` statements, or .json' },
    functionsOption,
    { name: 'json', about: 'answer each line of standard input with one JSON object' },
  ],
  notes: [
    'At a terminal, `:help` shows what can be asked. Elsewhere standard input has one question a line, or a block that\nbegins in one, and answers go to standard output, what is wrong with a question to standard error.',
    'What is typed is kept in ~/.local/state/licet/history, or where the environment variable LICET_HISTORY says; nowhere\nif that is empty.',
  ],
  exits: [
    [0, 'the session was ended; all questions of standard input were answered, whatever the answers'],
    [1, 'a question of standard input could not be answered, or something expected does not hold'],
    [2, 'the policy, the facts or the command line is wrong'],
  ],
  examples: [
    'licet repl -p policy.licet -f facts.licet',
    "echo 'who can read Repo:site?' | licet repl -p policy.licet -f facts.licet",
  ],
  run: async (args, io) => {
    const policies = args.all('policy')
    const facts = args.all('facts')
    if (policies.length === 0) throw new Misuse('`--policy` is missing')
    if ([...policies, ...facts].includes('-')) throw new Misuse('standard input (`-`) is for questions')
    const files = filesOfSession({ policies, facts, functions: args.one('functions') }, io)
    const loaded = await files.load()
    show(loaded.diagnostics, loaded.sources, io)
    const { policy } = loaded
    if (policy === undefined) return 2
    const session = createSession({ ...loaded, policy }, files)
    if (io.terminal === undefined || args.has('json')) {
      const json: Piping['json'] = ({ diagnostics, sources }) =>
        diagnostics.map((one) => diagnosticJson(one, placesIn(sources)))
      const well = await runPiped(session, io.lines(), { ...io, ...(args.has('json') ? { json } : {}) })
      return well ? 0 : 1
    }
    const { rules } = policy.program
    const greeting = `licet ${files.version}: ${plural(rules.length, 'rule')}, ${plural(policy.tests.length, 'test')}; \`:help\` shows what can be asked\n`
    await runTerminal(session, io.terminal, {
      color: io.color.out,
      history: openHistory(historyFile(io.env)),
      greeting,
      onChange: files.onChange,
    })
    files.close()
    return 0
  },
}
