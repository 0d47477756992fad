import { resolve } from 'node:path'
import type { AuditEvent } from 'licet/mcp'
import { stringifyJson } from '../../../base/json.ts'
import { visible } from '../../../lock/render-drift.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { type Io, paint } from '../io.ts'
import { jsonText } from '../json-text.ts'
import { plural } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'

const optionsOf = { verify: ['anchor', 'after', 'json'], show: ['actor', 'decision'] } as const
const mostNotes = 10

export const command: Command = {
  name: 'audit',
  about: 'verify or show the log of a gateway',
  usage: [
    'verify FILE… [--anchor DIGEST]… [--after DIGEST]… [--json]',
    'show FILE… [--actor E] [--decision allow|deny]',
  ],
  arguments: { least: 2, most: 10_000, called: '`verify` or `show`, and a FILE' },
  options: [
    {
      name: 'anchor',
      values: ['DIGEST'],
      many: true,
      about: 'a digest kept elsewhere: a record of the log has to have it',
    },
    {
      name: 'after',
      values: ['DIGEST'],
      many: true,
      about: 'the digest of where an older file ended, which is not given',
    },
    { name: 'json', about: 'print what was found as JSON' },
    { name: 'actor', values: ['E'], about: 'only what this actor or agent asked for, as Type:id' },
    { name: 'decision', values: ['D'], about: 'only what was decided so: `allow` or `deny`' },
  ],
  notes: [
    'The files are one log, the oldest first. `verify` follows its chains and names the first line that was changed, cut,\nmoved or put in, or that others beside it were. Whoever can write the file can write all of it anew, or cut its end:\nwhat shows that is an anchor, a digest that was kept where they cannot write.',
  ],
  exits: [
    [0, 'nothing is wrong'],
    [1, 'something is wrong with the log, or it cannot be read'],
    [2, 'the command line is wrong'],
  ],
  examples: [
    'licet audit verify audit.jsonl.1 audit.jsonl',
    'licet audit show audit.jsonl --actor User:ann --decision deny',
  ],
  run: async (args, io) => {
    const [what = '', ...files] = args.positionals
    if (what !== 'verify' && what !== 'show')
      throw new Misuse(`there is no \`licet audit ${what}\``, '`verify` or `show`')
    const other = optionsOf[what === 'verify' ? 'show' : 'verify'].find((name) => args.has(name))
    if (other !== undefined) throw new Misuse(`\`--${other}\` is not for \`${what}\``)
    try {
      return await (what === 'verify' ? verify(files, args, io) : show(files, args, io))
    } catch (error) {
      if (error instanceof Misuse) throw error
      io.err(`licet audit: ${firstLine(error)}\n`)
      return 1
    }
  },
}

async function verify(files: readonly string[], args: Arguments, io: Io): Promise<number> {
  const [anchors, after] = [digests('anchor', args), digests('after', args)]
  const { verifyAudit } = await import('licet/mcp')
  const found = verifyAudit(files, { anchors, after, cwd: io.cwd })
  const { problem, records, chains, head, unanchored, notes } = found
  if (args.has('json')) {
    io.out(jsonText(found))
    return problem === undefined ? 0 : 1
  }
  for (const note of notes.slice(0, mostNotes)) io.err(`note: ${note}\n`)
  if (notes.length > mostNotes) io.err(`note: and ${plural(notes.length - mostNotes, 'more note')}\n`)
  if (problem !== undefined) {
    io.err(`${paint(`${problem.file}:${problem.line}:`, 'red', io.color.err)} ${problem.message}\n`)
    return 1
  }
  if (anchors.length === 0)
    io.err('note: without an anchor nothing shows whether the end was cut off, or all of it written anew\n')
  else if (unanchored > 0)
    io.err(`note: ${plural(unanchored, 'record')} behind the last anchor; nothing shows whether more were cut off\n`)
  io.out(`${plural(records, 'record')} in ${plural(chains, 'chain')}, as they were written\n`)
  if (head !== undefined) io.out(`the last is ${head}\n`)
  return 0
}

function digests(name: 'anchor' | 'after', args: Arguments): readonly string[] {
  const given = args.all(name)
  const wrong = given.find((digest) => !/^sha256:[0-9a-f]{64}$/.test(digest))
  if (wrong !== undefined) throw new Misuse(`\`${wrong}\` is no digest`, '`sha256:` and 64 hexadecimal digits')
  return given
}

async function show(files: readonly string[], args: Arguments, io: Io): Promise<number> {
  const actor = args.one('actor')
  const decision = args.one('decision')
  if (decision !== undefined && decision !== 'allow' && decision !== 'deny')
    throw new Misuse(`\`${decision}\` is no decision`, '`allow` or `deny`')
  const { auditEvents } = await import('licet/mcp')
  let exit = 0
  for (const file of files) {
    for (const { line, event } of auditEvents(resolve(io.cwd, file))) {
      if (event === undefined) {
        io.err(`${file}:${line}: no record\n`)
        exit = 1
        continue
      }
      const { data } = event
      const isWanted =
        (decision === undefined || data.decision === decision) &&
        (actor === undefined || data.actor === actor || texts(data.agents).includes(actor))
      if (isWanted) io.out(`${lineOf(event)}\n`)
    }
  }
  return exit
}

/** One decision a line; what it shows of the wire cannot steer a terminal. */
function lineOf({ type, time, subject, chain, data }: AuditEvent): string {
  if (type !== 'dev.licet.decision')
    return visible(`${time} ${type.replace('dev.licet.audit.', 'log ')} (chain ${chain})`)
  const { server } = data.resource as { readonly server?: string }
  const agents = texts(data.agents)
  const parts = [
    time,
    data.decision,
    data.action,
    `${server}/${subject}`,
    `by ${[data.actor ?? 'anonymous', ...agents].join(' via ')}:`,
    data.reason,
    ...(data.repeated === undefined ? [] : [`(${String(data.repeated)} times)`]),
    ...texts(data.rules),
    ...(data.args === undefined ? [] : [stringifyJson(data.args)]),
  ]
  return visible(parts.join(' '))
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
