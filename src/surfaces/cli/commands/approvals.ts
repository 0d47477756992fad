import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ApprovalDesk, Ruled } from 'licet/mcp'
import { approvalLine, approvalText } from '../approval-text.ts'
import { openApprovals } from '../approvals.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { jsonText } from '../json-text.ts'
import { Misuse } from '../misuse.ts'

const actions = ['list', 'show', 'grant', 'deny']

export const command: Command = {
  name: 'approvals',
  about: 'grant or deny what a guard has asked for',
  usage: ['list --store FILE', 'show ID --store FILE', '(grant | deny) ID --as E --store FILE'],
  arguments: { least: 1, most: 2, called: 'list, show, grant or deny' },
  options: [
    { name: 'store', short: 's', values: ['FILE'], about: 'the file of `licet gateway --approvals`' },
    { name: 'as', values: ['E'], about: 'who grants or denies, as Type:id: whoever runs this has made sure of it' },
    { name: 'json', about: 'what is listed or shown, as JSON' },
  ],
  notes: [
    'A request is for one call, exactly as `show` has it, and is used up by it. Whether who grants it may do so is decided by the\npolicy when the call comes. The actor of a call cannot approve it; it can grant what takes `confirmed()`. Its agents can do neither.',
    'Whoever can write the file can approve: it belongs where no agent can reach it.',
  ],
  exits: [
    [0, 'it is done'],
    [1, 'there is no such request, or it cannot be granted; the file cannot be used'],
    [2, 'the command line is wrong'],
  ],
  examples: [
    'licet approvals list --store approvals.sqlite',
    'licet approvals grant 5ac1f4b0a8b94e0e8a3a3d0c54b9a1de --as User:lead --store approvals.sqlite',
  ],
  run: async (args, io) => {
    const [action = '', id] = args.positionals
    const { file, by } = checked(args, action, id)
    const path = resolve(io.cwd, file)
    // Looking at a file that is not there must not make it.
    if (!existsSync(path)) {
      io.err(`licet approvals: there is no file \`${file}\`\n`)
      return 1
    }
    const { sqliteApprovals } = await import('licet/mcp')
    const approvals = await openApprovals('approvals', () => sqliteApprovals(path), io)
    if (approvals === null) return 1
    try {
      return await run(approvals, action, id ?? '', by, args.has('json'), io)
    } finally {
      approvals.close()
    }
  },
}

function checked(args: Arguments, action: string, id: string | undefined): { file: string; by: string } {
  const file = args.one('store')
  const by = args.one('as')
  if (!actions.includes(action)) throw new Misuse(`there is nothing to \`${action}\``, `there is ${actions.join(', ')}`)
  if (file === undefined) throw new Misuse('`--store` is missing')
  if (action === 'list' && id !== undefined) throw new Misuse(`\`${id}\` is one argument too many`)
  if (action !== 'list' && id === undefined) throw new Misuse('the id of the request is missing', '`list` shows them')
  const rules = action === 'grant' || action === 'deny'
  if (rules && by === undefined) throw new Misuse('`--as` is missing', 'it says who does this, such as `User:lead`')
  if (by !== undefined && !/^[^:]+:./s.test(by)) throw new Misuse(`\`${by}\` is no entity`, 'write it as `Type:id`')
  return { file, by: by ?? '' }
}

async function run(desk: ApprovalDesk, action: string, id: string, by: string, json: boolean, io: Io): Promise<number> {
  if (action === 'list') {
    const requests = await desk.list()
    io.out(json ? jsonText(requests) : requests.map((one) => `${approvalLine(one)}\n`).join(''))
    return 0
  }
  const ruled: Ruled = action === 'show' ? 'done' : await (action === 'grant' ? desk.grant(id, by) : desk.deny(id, by))
  const found = await desk.find(id)
  const problem = found === undefined ? problems.gone : problems[ruled]
  if (problem !== undefined || found === undefined) {
    io.err(`licet approvals: ${problem}\n`)
    return 1
  }
  io.out(json ? jsonText(found) : approvalText(found))
  return 0
}

const problems: Readonly<Record<Ruled, string | undefined>> = {
  done: undefined,
  gone: 'there is no such request: it has expired, was used, or was never there',
  denied: 'the request has been denied',
  own: 'nobody approves their own call, and no agent a call that it makes',
}
