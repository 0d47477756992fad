import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Reach } from 'licet/mcp'
import { type JsonObject, stringifyJson } from '../../../base/json.ts'
import { printableJson } from '../../../base/printable-json.ts'
import { hasDrifted } from '../../../lock/drift.ts'
import { driftJson } from '../../../lock/drift-json.ts'
import { itemLists } from '../../../lock/format.ts'
import { readLock } from '../../../lock/read-lock.ts'
import { renderDrift, visible } from '../../../lock/render-drift.ts'
import { writeLock } from '../../../lock/write-lock.ts'
import { readText } from '../../node/read-text.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { plural, show } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'

export const command: Command = {
  name: 'lock',
  about: 'lock what an MCP server offers, or find drift',
  usage: ['NAME [-o FILE] (-- CMD ARG… | --url URL)', 'NAME --check [--json] [-o FILE] [-- CMD ARG… | --url URL]'],
  arguments: { least: 1, most: 1, called: 'NAME' },
  trailing: true,
  options: [
    { name: 'check', about: 'compare the server with the lock file, and write nothing' },
    { name: 'json', about: 'with `--check`: print what has drifted as JSON' },
    { name: 'output', short: 'o', values: ['FILE'], about: 'the lock file; NAME.lock.json by default' },
    { name: 'url', values: ['URL'], about: 'the address of a server that is reached over HTTP' },
  ],
  notes: [
    'Starts the server that follows `--`, asks it for all that it offers, and writes that into a lock file. NAME is what\npolicies call the server. With `--check` and no command, the server is reached as the lock file says.',
  ],
  exits: [
    [0, 'written; with `--check`: the server offers what is locked'],
    [1, 'the server has drifted, the lock was edited by hand, or the server could not be asked'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet lock files -- npx -y @modelcontextprotocol/server-filesystem .', 'licet lock files --check'],
  run: async (args, io) => {
    const [name = ''] = args.positionals
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw new Misuse(`\`${name}\` cannot be the name of a server in a policy`, 'letters, digits and `_`')
    if (args.has('json') && !args.has('check')) throw new Misuse('`--json` is for `--check`')
    const file = args.one('output') ?? `${name}.lock.json`
    const reach = reachOf(args, io)
    try {
      return await (args.has('check') ? check(name, file, reach, args.has('json'), io) : write(name, file, reach, io))
    } catch (error) {
      if (error instanceof Misuse) throw error
      io.err(`licet lock: ${firstLine(error)}\n`)
      return 1
    }
  },
}

function reachOf(args: Arguments, { cwd, env }: Io): Reach | undefined {
  const url = args.one('url')
  if (url !== undefined && args.trailing !== undefined) throw new Misuse('`--url` and a command exclude each other')
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new Misuse(`\`${url}\` is no http or https URL`)
    return { url }
  }
  const [command, ...rest] = args.trailing ?? []
  if (command !== undefined) return { command, args: rest, cwd, env: { ...env } }
  if (args.trailing === undefined && args.has('check')) return undefined
  throw new Misuse('the command of the server is missing', 'it follows `--`; or give `--url`')
}

async function write(name: string, file: string, reach: Reach | undefined, io: Io): Promise<number> {
  if (reach === undefined) return 2
  const { captureLock } = await import('licet/mcp')
  const lock = await captureLock({ server: name, reach })
  writeFileSync(resolve(io.cwd, file), writeLock(lock))
  const counts = [
    plural(lock.tools.length, 'tool'),
    plural(lock.prompts.length, 'prompt'),
    plural(lock.resources.length, 'resource'),
    plural(lock.resourceTemplates.length, 'resource template'),
  ]
  io.out(`wrote ${file}: ${counts.join(', ')}\n`)
  return 0
}

async function check(name: string, file: string, reach: Reach | undefined, asJson: boolean, io: Io): Promise<number> {
  const { text, problem } = readText(resolve(io.cwd, file))
  if (problem !== undefined) {
    io.err(`licet lock: \`${file}\` ${problem.message}\n`)
    return 1
  }
  const { lock, diagnostics } = readLock({ name: file, text })
  show(diagnostics, [{ name: file, text }], io)
  if (lock === undefined) return 1
  if (lock.server !== name) {
    io.err(`licet lock: \`${file}\` is the lock of \`${lock.server}\`, not of \`${name}\`\n`)
    return 1
  }
  const { checkLock, wrongDigests } = await import('licet/mcp')
  const asLocked = lock.reached && { ...lock.reached, cwd: io.cwd, env: { ...io.env } }
  const asked = reach ?? asLocked
  if (asked === undefined)
    throw new Misuse(`\`${file}\` does not say how the server is reached`, 'its command follows `--`; or give `--url`')
  const drift = await checkLock(lock, { reach: asked })
  const edited = wrongDigests(lock)
  const isSame = !hasDrifted(drift) && edited.length === 0
  if (asJson) io.out(printed(driftJson(name, file, drift, edited)))
  else if (isSame) io.out(`${name} offers what ${file} says\n`)
  else {
    if (hasDrifted(drift)) io.err(`${name} has drifted from ${file}:\n${renderDrift(drift)}`)
    for (const { list, name: item } of edited) {
      const what = list === 'server' ? 'the server' : `the ${itemLists[list].noun} ${visible(item)}`
      io.err(`${file} was edited by hand: its digest of ${what} is of another definition\n`)
    }
  }
  return isSame ? 0 : 1
}

function printed(value: JsonObject): string {
  return `${printableJson(stringifyJson(value, 2))}\n`
}
