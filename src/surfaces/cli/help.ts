import { type Command, everywhere, type Option } from './command.ts'
import { commands } from './commands.ts'

/** `licet --help`. */
export function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`)
  return [
    'licet: policies for people and agents',
    '',
    'Usage: licet COMMAND …',
    '',
    ...lines,
    '',
    '`licet COMMAND --help` says more. `licet --version` shows the version.',
    '',
    'Example:',
    '  licet check policy.licet',
    '',
  ].join('\n')
}

/** `licet COMMAND --help`. */
export function helpOf({ name, about, usage, options, notes, exits, examples }: Command): string {
  const all = [...options, ...everywhere]
  const heads = all.map(head)
  const width = Math.max(...heads.map((text) => text.length))
  return [
    `licet ${name}: ${about}`,
    '',
    ...usage.map((line, i) => `${i === 0 ? 'Usage:' : '      '} licet ${name} ${line}`.trimEnd()),
    '',
    'Options:',
    ...all.map(
      (option, i) => `  ${(heads[i] ?? '').padEnd(width)}  ${option.about}${option.many ? '; repeatable' : ''}`,
    ),
    ...notes.flatMap((note) => ['', note]),
    '',
    'Exit codes:',
    ...exits.map(([code, when]) => `  ${code}  ${when}`),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n')
}

function head({ name, short, values = [] }: Option): string {
  return [short === undefined ? '    ' : `-${short}, `, `--${name}`, ...values.map((value) => ` ${value}`)].join('')
}
