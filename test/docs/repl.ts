import { readArguments } from '../../src/surfaces/cli/arguments.ts'
import { command } from '../../src/surfaces/cli/commands/repl.ts'
import { filesOfSession } from '../../src/surfaces/cli/repl/files.ts'
import { renderLines, renderProblems } from '../../src/surfaces/repl/render-answer.ts'
import { createSession } from '../../src/surfaces/repl/session.ts'

const input = /^(?:licet|anonymous|[A-Z]\w*:\S.*?)> (.*)\n$/
const more = /^… (.*)\n$/

/** What a terminal shows of `licet repl` below its greeting, where this is typed behind the prompts. */
export async function runRepl(words: readonly string[], shown: string, cwd: string): Promise<string> {
  const args = readArguments(command, words)
  const world = { cwd, out: () => {}, err: () => {}, color: { out: false, err: false }, width: 100, env: {} }
  const io = {
    ...world,
    width: 100,
    stdin: async () => new Uint8Array(),
    lines: noLines,
    closing: () => new AbortController().signal,
  }
  const files = filesOfSession({ policies: args.all('policy'), facts: args.all('facts'), functions: undefined }, io)
  const loaded = await files.load()
  const { policy } = loaded
  if (policy === undefined) throw new Error(loaded.diagnostics[0]?.message)
  const session = createSession({ ...loaded, policy }, files)
  let printed = ''
  let block = ''
  for (const line of shown.split(/(?<=\n)/)) {
    const text = (block === '' ? input : more).exec(line)?.[1]
    if (text === undefined) continue
    const asker = session.asker()
    printed += `${block === '' ? `${asker === '' ? 'licet' : asker}> ` : '… '}${text}\n`
    block += block === '' ? text : `\n${text}`
    if (session.isUnfinished(block)) continue
    const answer = await session.answer(block)
    block = ''
    if (answer !== undefined) printed += renderLines(answer.lines, false) + renderProblems(answer, false)
  }
  return printed
}

async function* noLines(): AsyncIterable<string> {}
