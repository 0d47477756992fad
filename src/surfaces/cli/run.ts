import { didYouMean } from '../../base/suggest.ts'
import { readArguments } from './arguments.ts'
import { misuseExit } from './command.ts'
import { commands } from './commands.ts'
import { helpOf, overview } from './help.ts'
import { type Io, paint } from './io.ts'
import { firstLine, Misuse } from './misuse.ts'
import { version } from './version.ts'

/**
 * The command line.
 *
 * @param argv what follows `licet`
 * @returns the exit code; never throws
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = argv
  try {
    return await dispatch(name, rest, io)
  } catch (error) {
    const known = error instanceof Misuse
    const message = known ? error.message : unexpected(error)
    const where = Object.hasOwn(commands, name) ? `licet ${name}` : 'licet'
    io.err(`${paint(`${where}:`, 'red', io.color.err)} ${message}\n`)
    if (known && error.help !== undefined) io.err(`  ${error.help}\n`)
    if (known && where !== 'licet') io.err(`  \`${where} --help\` shows what it takes\n`)
    return misuseExit
  }
}

async function dispatch(name: string, rest: readonly string[], io: Io): Promise<number> {
  if (name === '--version' || name === '-V') return say(io, `${version()}\n`)
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) return say(io, overview())
  if (name === 'help') return dispatch(rest[0] ?? '', ['--help'], io)
  if (name === '') {
    io.err(overview())
    return misuseExit
  }
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (found === undefined) {
    const what = name.startsWith('-') ? 'option' : 'command'
    const names = Object.keys(commands)
    const near = otherwiseCalled(name) ?? didYouMean(name, what === 'option' ? ['--help', '--version'] : names)
    throw new Misuse(`there is no ${what} \`${name}\``, near ?? `commands are ${names.join(', ')}`)
  }
  const { command } = await found.load()
  const args = readArguments(command, rest)
  if (args.has('help')) return say(io, helpOf(command))
  if (args.has('version')) return say(io, `${version()}\n`)
  return command.run(args, io)
}

/** What other command lines call a command. */
const otherNames = new Map([
  ['format', 'fmt'],
  ['lint', 'check'],
  ['validate', 'check'],
  ['can', 'authorize'],
  ['decide', 'authorize'],
  ['why', 'explain'],
  ['who', 'repl'],
  ['ask', 'repl'],
  ['build', 'compile'],
  ['proxy', 'gateway'],
])

function otherwiseCalled(name: string): string | undefined {
  const meant = otherNames.get(name)
  return meant === undefined ? undefined : `did you mean \`${meant}\`?`
}

function say(io: Io, text: string): number {
  io.out(text)
  return 0
}

/** A mistake in this program, or a machine that gives way. Never a stack trace: it would say nothing to whoever reads it. */
export function unexpected(error: unknown): string {
  return `unexpected failure: ${firstLine(error)}`
}
