import { didYouMean } from '../../base/suggest.ts'
import { type Command, everywhere, type Option } from './command.ts'
import { Misuse } from './misuse.ts'

/** A command line, read by the options that a command has. */
export interface Arguments {
  /** Whether the option was given. */
  readonly has: (name: string) => boolean
  /** The value of an option that is given once. */
  readonly one: (name: string) => string | undefined
  /** All values of an option that may be given more than once. */
  readonly all: (name: string) => readonly string[]
  /** What is no option. */
  readonly positionals: readonly string[]
  /** What follows `--`. */
  readonly trailing: readonly string[] | undefined
}

type Taken = Pick<Command, 'options' | 'arguments' | 'trailing'>

/** @throws Misuse, with a suggestion where one is near */
export function readArguments(command: Taken, argv: readonly string[]): Arguments {
  const options = [...command.options, ...everywhere]
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  let trailing: readonly string[] | undefined
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? ''
    if (arg === '--' && command.trailing === true) {
      trailing = argv.slice(i + 1)
      break
    }
    if (arg === '--') {
      positionals.push(...argv.slice(i + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg)
      continue
    }
    const { option, written, inline } = optionOf(arg, options, command)
    const before = values.get(option.name)
    if (before !== undefined && option.many !== true) throw new Misuse(`\`${written}\` is given twice`)
    const given = before ?? []
    values.set(option.name, given)
    const wanted = option.values ?? []
    if (inline !== undefined && wanted.length === 0) throw new Misuse(`\`${written}\` takes no value`)
    if (inline !== undefined) given.push(inline)
    for (const called of inline === undefined ? wanted : wanted.slice(1))
      given.push(valueAfter(argv, ++i, written, called))
  }
  const asked = values.has('help') || values.has('version')
  if (!asked) checkCount(command, positionals)
  return {
    has: (name) => values.has(name),
    one: (name) => values.get(name)?.[0],
    all: (name) => values.get(name) ?? [],
    positionals,
    trailing,
  }
}

function optionOf(arg: string, options: readonly Option[], command: Taken) {
  const long = arg.startsWith('--')
  const equals = arg.indexOf('=')
  // A value may stick to a short option: `-ofile`.
  const written = long ? (equals === -1 ? arg : arg.slice(0, equals)) : arg.slice(0, 2)
  const rest = long ? (equals === -1 ? undefined : arg.slice(equals + 1)) : arg.slice(2).replace(/^=/, '') || undefined
  const name = written.replace(/^--?/, '')
  const option = options.find((one) => (long ? one.name === name : one.short === name))
  if (option !== undefined) return { option, written, inline: rest }
  throw new Misuse(`there is no option \`${written}\``, optionMeant(name, options, command))
}

/** What other command lines call it. */
const otherNames = new Map([
  ['via', 'agent'],
  ['user', 'actor'],
  ['principal', 'actor'],
  ['subject', 'actor'],
  ['time', 'now'],
  ['approved-by', 'approval'],
])

function optionMeant(name: string, options: readonly Option[], command: Taken): string | undefined {
  const takesFiles = command.arguments.called === 'FILE' && command.arguments.most > 1
  if (takesFiles && ['p', 'f', 'policy', 'facts'].includes(name))
    return 'policies and facts are named without an option: `policy.licet facts.licet`'
  const meant = otherNames.get(name)
  if (meant !== undefined && options.some((one) => one.name === meant)) return `did you mean \`--${meant}\`?`
  return didYouMean(
    `--${name}`,
    options.map((one) => `--${one.name}`),
  )
}

function valueAfter(argv: readonly string[], at: number, option: string, called: string): string {
  const value = argv[at]
  if (value === undefined || value === '--') throw new Misuse(`\`${option}\` needs a value: ${called}`)
  if (value.startsWith('-') && value !== '-') {
    throw new Misuse(
      `\`${option}\` needs a value: ${called}`,
      `write \`${option}=${value}\` if \`${value}\` is meant to be it`,
    )
  }
  return value
}

function checkCount({ arguments: { least, most, called }, options }: Taken, positionals: readonly string[]): void {
  const { length, [most]: extra } = positionals
  if (length < least) throw new Misuse(`${called} is missing`)
  if (length <= most) return
  const takes = (name: string) => options.some((option) => option.name === name)
  const help = `files are named by options: \`-p policy.licet${takes('facts') ? ' -f facts.licet' : ''}\``
  throw new Misuse(
    most === 0 ? `\`${extra}\` is no option` : `\`${extra}\` is one argument too many`,
    takes('policy') ? help : undefined,
  )
}
