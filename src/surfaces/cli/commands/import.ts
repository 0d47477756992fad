import { lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lineStarts, positionAt } from '../../../index.ts'
import type { Imported, ReadSource, Remark, Surroundings } from '../../import/imported.ts'
import { listFolder, readWithin } from '../../import/read-within.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { plural } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'

type Importer = (path: string, read: ReadSource, around: Surroundings) => Imported

/** What can be imported. What an importer needs beside Licet is installed by whoever uses it. */
const importers: Readonly<
  Record<string, { readonly needs: readonly string[]; readonly load: () => Promise<Importer> }>
> = {
  cedar: {
    needs: ['@cedar-policy/cedar-wasm'],
    load: async () => (await import('licet/import/cedar')).importCedar,
  },
  openfga: {
    needs: ['@openfga/syntax-transformer', '@marcbachmann/cel-js', 'yaml'],
    load: async () => (await import('licet/import/openfga')).importOpenFga,
  },
}

export const command: Command = {
  name: 'import',
  about: 'make a policy of what another system has',
  usage: ['SYSTEM SRC -o DIR'],
  arguments: { least: 2, most: 2, called: 'SYSTEM and SRC' },
  options: [{ name: 'output', short: 'o', values: ['DIR'], about: 'the folder to write to' }],
  notes: [
    'SYSTEM is `cedar`: SRC is a folder with policies.cedar and what belongs to it, a text of policies (.cedar), or\none file (.json) that names or holds all of it. SYSTEM is `openfga`: SRC is a store (.fga.yaml), a model (.fga, .json) or\nmodules (fga.mod).',
    'Writes policy.licet, facts.licet and tests.licet, and overwrites nothing. What cannot be translated is told with\nits place, and left out with all that depends on it.',
    'The parsers of the other system are not part of Licet: the command says what to install.',
  ],
  exits: [
    [0, 'written, and nothing is missing in it'],
    [1, 'something could not be translated, or nothing could be written'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet import openfga store.fga.yaml -o policy', 'licet import cedar photos -o policy'],
  run: async (args, io) => {
    const [system = '', path = ''] = args.positionals
    const importer = Object.hasOwn(importers, system) ? importers[system] : undefined
    if (importer === undefined)
      throw new Misuse(`nothing can be imported from \`${system}\``, `there is ${Object.keys(importers).join(', ')}`)
    const folder = args.one('output')
    if (folder === undefined) throw new Misuse('`--output` is missing', '`-o DIR`')
    let load: Importer
    try {
      load = await importer.load()
    } catch (error) {
      if (!isMissingPackage(error)) throw error
      io.err(`licet import: this needs packages that are not installed: npm install ${importer.needs.join(' ')}\n`)
      return 1
    }
    const { files, remarks } = load(path, readWithin(io.cwd, path), {
      above: (levels) => readWithin(io.cwd, path, levels),
      list: (folder) => listFolder(io.cwd, folder),
    })
    for (const remark of remarks) io.err(`${shown(remark)}\n`)
    const missing = remarks.filter(({ kind }) => kind === 'untranslated').length
    if (missing > 0) io.err(`${plural(missing, 'thing')} could not be translated\n`)
    return files.size === 0 || !write(files, folder, io) || missing > 0 ? 1 : 0
  },
}

function isMissingPackage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

function shown({ kind, message, source, at }: Remark): string {
  const { line, column } = positionAt(lineStarts(source.text), at)
  const word = kind === 'untranslated' ? 'not translated' : 'left out, without effect'
  return `${source.name}:${line}:${column}: ${word}: ${message}`
}

function write(files: ReadonlyMap<string, string>, folder: string, io: Io): boolean {
  const root = resolve(io.cwd, folder)
  const taken = [...files.keys()].filter((name) => exists(join(root, name)))
  for (const name of taken) io.err(`\`${join(folder, name)}\` is there already\n`)
  if (taken.length > 0) {
    io.err('nothing was written\n')
    return false
  }
  try {
    mkdirSync(root, { recursive: true })
    for (const [name, text] of files) {
      writeFileSync(join(root, name), text, { flag: 'wx' })
      io.out(`wrote ${join(folder, name)}\n`)
    }
    return true
  } catch (error) {
    io.err(`cannot write: ${firstLine(error)}\n`)
    return false
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}
