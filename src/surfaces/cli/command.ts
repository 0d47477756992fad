import type { Arguments } from './arguments.ts'
import type { Io } from './io.ts'

/** An option as `--help` shows it and as the command line is read by it. */
export interface Option {
  /** Without the dashes. */
  readonly name: string
  readonly short?: string
  /** What its values are called; none for a switch. */
  readonly values?: readonly string[]
  /** May be given more than once. */
  readonly many?: boolean
  readonly about: string
}

export interface Command {
  readonly name: string
  readonly about: string
  /** Everything after `licet NAME`, one line for each form. */
  readonly usage: readonly string[]
  /** How many arguments that are no options it takes. */
  readonly arguments: { readonly least: number; readonly most: number; readonly called: string }
  /** What comes after `--` is a command of its own. */
  readonly trailing?: boolean
  readonly options: readonly Option[]
  /** More that its reader should know, in paragraphs. */
  readonly notes: readonly string[]
  readonly exits: readonly (readonly [code: number, when: string])[]
  readonly examples: readonly string[]
  readonly run: (args: Arguments, io: Io) => Promise<number>
}

/** Options that every command has. */
export const everywhere: readonly Option[] = [
  { name: 'help', short: 'h', about: 'show this, and do nothing' },
  { name: 'version', about: 'show the version, and do nothing' },
]

/** What a command answers when it was asked wrongly. */
export const misuseExit = 2
