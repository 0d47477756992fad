import { resolve } from 'node:path'
import type { AuditOptions, PolicySource, Principal } from 'licet/mcp'
import { openApprovals } from '../approvals.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { functionsIn, functionsOption } from '../functions.ts'
import type { Io } from '../io.ts'
import { jsonInputs } from '../json-inputs.ts'
import { Misuse } from '../misuse.ts'
import { checkActor, checkAgent, checkServer } from '../request.ts'

export const command: Command = {
  name: 'gateway',
  about: 'guard an MCP server',
  usage: ['-p POLICY --server NAME [--actor E] [-f FACTS]… -- CMD ARG…'],
  arguments: { least: 0, most: 0, called: '' },
  trailing: true,
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy' },
    { name: 'facts', short: 'f', values: ['FILE'], many: true, about: 'facts: `given` statements, or .json' },
    { name: 'server', values: ['NAME'], about: 'the name by which the policy knows the server' },
    { name: 'actor', values: ['E'], about: 'who the client acts for, as Type:id; nobody (anonymous) by default' },
    { name: 'agent', values: ['E'], many: true, about: 'the agent that acts for the actor, outermost first' },
    {
      name: 'token-env',
      values: ['VAR'],
      about: 'the environment variable with the claims that policies read, a JSON object',
    },
    { name: 'context', values: ['JSON'], about: 'the context, an object' },
    { name: 'audit', values: ['FILE'], about: 'append every decision to this file, one JSON object a line' },
    { name: 'audit-arguments', about: 'record arguments too, and not only their digest; of a locked server' },
    { name: 'redact', values: ['PATH'], many: true, about: 'but not what is there: `args.password`, `args.headers.*`' },
    { name: 'approvals', values: ['FILE'], about: 'keep requests for approval here, for `licet approvals` (SQLite)' },
    {
      name: 'client-confirms',
      about: 'the client may ask its user to confirm a call, and is believed what the user answers',
    },
    functionsOption,
  ],
  notes: [
    'Starts the server that follows `--` and stands between it and the client on standard input and output. What the\npolicy does not permit is neither listed nor let through. Policy, facts and lock are loaded again when they change;\none with errors is reported, and the one before it stays in force.',
  ],
  exits: [
    [0, 'the client has left'],
    [1, 'the policy, the audit log or the approvals cannot be used, or the lock is of another server'],
    [2, 'the command line is wrong'],
    [127, 'the server could not be started; any other code is that of the server, which ended by itself'],
  ],
  examples: [
    'licet gateway -p policy.licet -f facts.licet --server files --actor User:ann -- npx -y @modelcontextprotocol/server-filesystem ./shared',
  ],
  run: async (args, io) => {
    const server = args.one('server')
    if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
    if (server === undefined) throw new Misuse('`--server` is missing')
    const [executable, ...rest] = args.trailing ?? []
    if (executable === undefined) throw new Misuse('the command of the server is missing', 'it follows `--`')
    if ([...args.all('policy'), ...args.all('facts')].includes('-')) {
      throw new Misuse('standard input belongs to the client: policy and facts have to be files')
    }
    const inputs = await jsonInputs(args, ['context'], io, tokenFrom(args.one('token-env'), io))
    if (inputs === undefined) return 2
    const functions = await functionsIn(args.one('functions'), io)
    const { policyFiles, runGateway, sqliteApprovals } = await import('licet/mcp')
    const source = checked(
      policyFiles({ policies: args.all('policy'), facts: args.all('facts'), cwd: io.cwd }),
      args,
      server,
    )
    const audit = auditOf(args)
    const file = args.one('approvals')
    const approvals =
      file === undefined ? undefined : await openApprovals('gateway', () => sqliteApprovals(resolve(io.cwd, file)), io)
    if (approvals === null) return 1
    const status = await runGateway({
      server,
      source,
      principal: principalOf(args, inputs),
      functions,
      ...(audit === undefined ? {} : { audit }),
      command: executable,
      args: rest,
      cwd: io.cwd,
      env: withoutToken(io.env, args.one('token-env')),
      color: io.color.err,
      signal: io.closing(),
      carriesConsent: args.has('client-confirms'),
      ...(approvals === undefined ? {} : { stores: { approvals } }),
    })
    approvals?.close()
    return status
  },
}

function auditOf(args: Arguments): AuditOptions | undefined {
  const file = args.one('audit')
  const isShown = args.has('audit-arguments')
  if (file === undefined && isShown) throw new Misuse('`--audit-arguments` needs `--audit FILE`')
  if (!isShown && args.has('redact')) throw new Misuse('`--redact` needs `--audit-arguments`')
  if (file === undefined) return undefined
  return isShown ? { file, arguments: 'redacted', redact: args.all('redact') } : { file }
}

/** Claims are no argument: every process of the machine can read those. */
function tokenFrom(variable: string | undefined, io: Io): { readonly token?: string } {
  if (variable === undefined) return {}
  const token = io.env[variable]
  if (token === undefined) throw new Misuse(`the environment variable \`${variable}\` is not set`)
  return { token }
}

/** What the gateway knows of the caller is none of the server's business. */
function withoutToken(env: Io['env'], variable: string | undefined): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => name !== variable)
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

function principalOf(args: Arguments, inputs: Pick<Principal, 'token' | 'context'>): Principal {
  const actor = args.one('actor')
  return { actor: actor === undefined || actor === 'anonymous' ? null : actor, agents: args.all('agent'), ...inputs }
}

/** Loads the policy once, and holds what the command line names against it: a name that does not exist would be denied everything. */
function checked(source: PolicySource, args: Arguments, server: string): PolicySource {
  const first = source.load()
  let loads = 0
  if (first.policy !== undefined) {
    const { policy } = first
    checkServer(policy, server)
    checkActor(policy, args.one('actor') ?? 'anonymous')
    for (const agent of args.all('agent')) checkAgent(policy, agent)
  }
  return { ...source, load: () => (loads++ === 0 ? first : source.load()) }
}
