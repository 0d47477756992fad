import { lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { firstLine } from '../misuse.ts'
import { starterFiles } from '../starter/files.ts'

export const command: Command = {
  name: 'init',
  about: 'write a starter policy with facts, tests and a lock',
  usage: ['[DIR]'],
  arguments: { least: 0, most: 1, called: 'DIR' },
  options: [],
  notes: [
    'The starter guards the reference MCP server for files. It writes policy.licet, facts.licet, tests.licet,\nfiles.lock.json, mcp.json (for an MCP client) and shared/notes.md, and overwrites nothing.',
  ],
  exits: [
    [0, 'written'],
    [1, 'nothing written: a file is there already, or the folder cannot be written to'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet init policy'],
  run: async (args, io) => {
    const folder = args.positionals[0] ?? '.'
    const root = resolve(io.cwd, folder)
    const files = starterFiles()
    const taken = [...files.keys()].filter((name) => exists(join(root, name)))
    if (taken.length > 0) {
      for (const name of taken) io.err(`\`${join(folder, name)}\` is there already\n`)
      io.err('nothing was written\n')
      return 1
    }
    return write(files, root, folder, io)
  },
}

function exists(path: string): boolean {
  try {
    // Of a link that leads nowhere, too.
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function write(files: ReadonlyMap<string, string>, root: string, folder: string, io: Io): number {
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text, { flag: 'wx' })
      io.out(`wrote ${join(folder, name)}\n`)
    }
  } catch (error) {
    io.err(`cannot write: ${firstLine(error)}\n`)
    return 1
  }
  const policies = join(folder, '*.licet')
  io.out(
    `\nNext:\n  licet check ${policies}\n  licet test ${policies}\nThen give your MCP client what is in ${join(folder, 'mcp.json')}.\n`,
  )
  return 0
}
