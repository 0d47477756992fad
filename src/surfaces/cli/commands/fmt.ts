import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { format, type SourceFile } from '../../../index.ts'
import { readText } from '../../node/read-text.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { plural, show, withStdin } from '../load.ts'
import { firstLine } from '../misuse.ts'

export const command: Command = {
  name: 'fmt',
  about: 'format policies',
  usage: ['FILE… [--check]'],
  arguments: { least: 1, most: Number.POSITIVE_INFINITY, called: 'FILE' },
  options: [{ name: 'check', about: 'write nothing; list the files that are not formatted' }],
  notes: [
    'There is one style and nothing to choose. Comments stay where they are, and a text means what it meant. A file that\ndoes not parse is left as it is. `-` is standard input, formatted to standard output.',
  ],
  exits: [
    [0, 'formatted'],
    [1, 'a file does not parse, or cannot be read or written; with `--check`: or is not formatted'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet fmt policy/*.licet', 'licet fmt --check policy/*.licet'],
  run: async (args, io) => {
    const entries = await withStdin(args.positionals, '<stdin>', io)
    const results = entries.map((entry) => formatOne(entry, args.has('check'), io))
    const changed = results.filter((result) => result === 'changed').length
    const failed = results.filter((result) => result === 'failed').length
    if (failed > 0) io.err(`${plural(failed, 'file')} could not be formatted\n`)
    return failed > 0 || (args.has('check') && changed > 0) ? 1 : 0
  },
}

function formatOne(entry: string | SourceFile, onlyCheck: boolean, io: Io): 'same' | 'changed' | 'failed' {
  const path = typeof entry === 'string' ? resolve(io.cwd, entry) : undefined
  const source = typeof entry === 'string' ? sourceAt(entry, resolve(io.cwd, entry), io) : entry
  if (source === undefined) return 'failed'
  const { text, diagnostics } = format(source.text, source.name)
  if (text === undefined) {
    show(diagnostics, [source], io)
    if (path === undefined && !onlyCheck) io.out(source.text)
    return 'failed'
  }
  const result = text === source.text ? 'same' : 'changed'
  if (onlyCheck) {
    if (result === 'changed') io.out(`${source.name}\n`)
    return result
  }
  if (path === undefined) io.out(text)
  else if (result === 'changed') return written(path, source.name, text, io)
  return result
}

function sourceAt(name: string, path: string, io: Io): SourceFile | undefined {
  const { text, problem } = readText(path)
  if (problem === undefined) return { name, text }
  io.err(`\`${name}\` ${problem.message}\n`)
  return undefined
}

function written(path: string, name: string, text: string, io: Io): 'changed' | 'failed' {
  try {
    writeFileSync(path, text)
    io.out(`formatted ${name}\n`)
    return 'changed'
  } catch (error) {
    io.err(`cannot write \`${name}\`: ${firstLine(error)}\n`)
    return 'failed'
  }
}
