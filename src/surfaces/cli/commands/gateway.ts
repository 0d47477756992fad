import { resolve } from 'node:path'
import type { AuditOptions, ListedServer, Principal, ServerOptions, ServerReach } from 'licet/mcp'
import { didYouMean } from '../../../base/suggest.ts'
import { openApprovals } from '../approvals.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { functionsOption } from '../functions.ts'
import { callersFrom, ofCallers } from '../gateway/callers-from-arguments.ts'
import { type ConfiguredGateway, gatewayIn } from '../gateway/from-config.ts'
import { listenAddress } from '../gateway/listen.ts'
import { listenerCallers } from '../gateway/listener-callers.ts'
import { guardedBy, type PlannedServer } from '../gateway/planned.ts'
import { environment, headerProblem, substituted, urlProblem } from '../gateway/reach.ts'
import type { Io } from '../io.ts'
import { jsonInputs } from '../json-inputs.ts'
import { Misuse } from '../misuse.ts'

export const command: Command = {
  name: 'gateway',
  about: 'guard MCP servers',
  usage: [
    '-p POLICY --server NAME [--actor E] [-f FACTS]… [--listen [HOST:]PORT] (-- CMD ARG… | --url URL)',
    '-p POLICY --server NAME --listen [HOST:]PORT --issuer URL [-f FACTS]… (-- CMD ARG… | --url URL)',
    '--config FILE [--listen [HOST:]PORT | --server NAME]',
  ],
  arguments: { least: 0, most: 0, called: '' },
  trailing: true,
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy' },
    { name: 'facts', short: 'f', values: ['FILE'], many: true, about: 'facts: `given` statements, or .json' },
    { name: 'server', values: ['NAME'], about: 'the name by which the policy knows the server' },
    { name: 'url', values: ['URL'], about: 'the address of a server that is reached over HTTP' },
    {
      name: 'header',
      values: ['TEXT'],
      many: true,
      about: `a header for that server, NAME: VALUE; \${VAR} is an environment variable`,
    },
    { name: 'listen', values: ['ADDRESS'], about: 'serve clients over HTTP, on [HOST:]PORT; 127.0.0.1 by default' },
    { name: 'config', values: ['FILE'], about: 'the gateway as a JSON file describes it, for many servers' },
    {
      name: 'actor',
      values: ['E'],
      about: 'who the client acts for, as Type:id, or anonymous; nobody (anonymous) by default on standard input',
    },
    { name: 'agent', values: ['E'], many: true, about: 'the agent that acts for the actor, outermost first' },
    {
      name: 'token-env',
      values: ['VAR'],
      about: 'the environment variable with the claims that policies read, a JSON object',
    },
    { name: 'context', values: ['JSON'], about: 'the context, an object' },
    {
      name: 'issuer',
      values: ['URL'],
      about:
        'the authorization server whose access tokens say who asks, for a listener; its metadata says where its keys are',
    },
    {
      name: 'claims',
      values: ['NAME'],
      about:
        'how it writes claims: auth0, clerk, cognito, descope, entra, keycloak, okta, stytch, supabase, workos; rfc9068 by default',
    },
    {
      name: 'agents',
      values: ['WHO'],
      about:
        'who acts for the user of a token: client (the OAuth client), act (whom the claim names) or none; to be said where the policy has `delegate` or `agent`',
    },
    {
      name: 'audience',
      values: ['TEXT'],
      many: true,
      about: 'what the issuer calls the server in `aud`; by default the address of the server',
    },
    {
      name: 'public-url',
      values: ['URL'],
      about:
        'the address by which clients know the listener, where a proxy stands before it; where it listens by default',
    },
    {
      name: 'introspection-env',
      values: ['VAR'],
      about: 'the environment variable with CLIENT_ID:SECRET, to ask the issuer about tokens that are no JWT',
    },
    { name: 'api-keys', values: ['FILE'], about: 'accept the API keys of `licet keys`, too, or instead of tokens' },
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
    'Stands between a server and the client on standard input and output, or with `--listen` any number of clients\nover HTTP, who reach it at /NAME. What the policy does not permit is neither listed nor let through. Policy, facts\nand lock are loaded again when they change; one with errors is reported, and the one before it stays in force.',
    'With `--issuer` or `--api-keys` everybody who reaches the listener says with a token or a key who they are. Clients that\nhave none are told where to get one (RFC 9728), and those that need another scope, which. With `--actor` instead, everybody\nspeaks for the one actor that is named, so that the listener has to be on loopback.',
  ],
  exits: [
    [0, 'the client has left, or the listener was ended'],
    [1, 'the policy, the audit log, the approvals or the address cannot be used, or the lock is of another server'],
    [2, 'the command line or the configuration is wrong'],
    [127, 'the server could not be started; any other code is that of the server, which ended by itself'],
  ],
  examples: [
    'licet gateway -p policy.licet -f facts.licet --server files --actor User:ann -- npx -y @modelcontextprotocol/server-filesystem ./shared',
    `licet gateway -p policy.licet --server github --actor User:ann --url https://example.com/mcp --header 'Authorization: Bearer \${TOKEN}'`,
    'licet gateway -p policy.licet --server notes --listen 7000 --issuer https://id.example.com --agents client --public-url https://mcp.example.com -- node notes.mjs',
    'licet gateway --config gateway.json --listen 7000',
  ],
  run: async (args, io) => {
    const planned = args.has('config') ? await fromConfig(args, io) : await fromArguments(args, io)
    if (planned === undefined) return 2
    const listen = args.one('listen') ?? planned.listen
    const address = listen === undefined ? undefined : listenAddress(listen)
    if (listen !== undefined && address === undefined) {
      throw new Misuse(`\`${listen}\` is nothing to listen on`, 'it is `PORT` or `HOST:PORT`')
    }
    const callers = listenerCallers(planned, address, io)
    const servers: ListedServer[] = []
    for (const server of planned.servers) servers.push(await guardedBy(server, io, callers.of))
    const { runGateway, sqliteApprovals } = await import('licet/mcp')
    const { approvals: file } = planned
    const approvals = file === undefined ? undefined : await openApprovals('gateway', () => sqliteApprovals(file), io)
    if (approvals === null) return 1
    const guarded = servers.map((server) => ({ ...server, ...(approvals && { stores: { approvals } }) }))
    const operator = { color: io.color.err, signal: io.closing() }
    if (!(await callers.prepare())) return 1
    const { names, authenticate } = callers
    const status = await runGateway(
      address === undefined
        ? { ...onStdio(guarded), ...operator }
        : { listen: { ...address, names }, servers: guarded, ...(authenticate && { authenticate }), ...operator },
    )
    approvals?.close()
    return status
  },
}

/** The one server that there is, for the one client on the standard streams. */
function onStdio([server]: readonly ListedServer[]): ServerOptions & { readonly principal: Principal } {
  if (server === undefined) throw new Misuse('there is no server')
  return { ...server, principal: server.principal ?? { actor: null } }
}

/** What stands in the configuration does not stand on the command line as well. */
const configured = [
  ...ofCallers,
  'policy',
  'facts',
  'url',
  'header',
  'actor',
  'agent',
  'token-env',
  'context',
  'audit',
  'audit-arguments',
  'redact',
  'approvals',
  'client-confirms',
  'functions',
]

async function fromConfig(args: Arguments, io: Io): Promise<ConfiguredGateway | undefined> {
  const both = configured.find((name) => args.has(name))
  if (both !== undefined) throw new Misuse(`\`--${both}\` stands in the file that \`--config\` names`)
  if (args.trailing !== undefined) throw new Misuse('the servers stand in the file that `--config` names')
  const gateway = await gatewayIn(args.one('config') ?? '', io, async (variable) => {
    return (await jsonInputs(args, [], io, tokenFrom(variable, io)))?.token
  })
  if (gateway === undefined) return undefined
  const name = args.one('server')
  if (name !== undefined) {
    const server = gateway.servers.find((one) => one.name === name)
    const names = gateway.servers.map((one) => one.name)
    if (server === undefined) throw new Misuse(`the configuration has no server \`${name}\``, didYouMean(name, names))
    // For a client that starts the gateway for one of them.
    return { ...gateway, listen: undefined, servers: [server] }
  }
  if (gateway.listen === undefined && !args.has('listen') && gateway.servers.length > 1) {
    throw new Misuse('several servers need a listener', 'say `--listen PORT`, or `--server NAME` for one of them')
  }
  return gateway
}

async function fromArguments(args: Arguments, io: Io): Promise<ConfiguredGateway | undefined> {
  const name = args.one('server')
  const callers = callersFrom(args, io)
  if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
  if (name === undefined) throw new Misuse('`--server` is missing')
  const reach = reachOf(args, io)
  const isListening = args.has('listen')
  if ([...args.all('policy'), ...args.all('facts')].includes('-')) {
    const why = isListening ? 'they are loaded again when they change' : 'standard input belongs to the client'
    throw new Misuse(`policy and facts have to be files: ${why}`)
  }
  const inputs = await jsonInputs(args, ['context'], io, tokenFrom(args.one('token-env'), io))
  if (inputs === undefined) return undefined
  if (isListening && callers === undefined && !args.has('actor') && !args.has('token-env')) {
    throw new Misuse(
      '`--actor` is missing',
      'a listener serves everybody who can reach it: say for whom, or `anonymous`; or `--issuer`, whose tokens say who asks',
    )
  }
  const server: PlannedServer = {
    name,
    reach,
    policies: args.all('policy'),
    facts: args.all('facts'),
    functions: args.one('functions'),
    audit: auditOf(args, io),
    principal: callers === undefined ? principalOf(args, inputs) : undefined,
    clientConfirms: args.has('client-confirms'),
    cwd: io.cwd,
  }
  const approvals = args.one('approvals')
  return {
    listen: args.one('listen'),
    approvals: approvals === undefined ? undefined : resolve(io.cwd, approvals),
    servers: [server],
    callers,
    publicUrl: args.one('public-url'),
  }
}

function reachOf(args: Arguments, io: Io): ServerReach {
  const url = args.one('url')
  const [command, ...rest] = args.trailing ?? []
  const headers = args.all('header')
  if (url === undefined) {
    if (headers.length > 0) throw new Misuse('`--header` goes with `--url`')
    if (command === undefined)
      throw new Misuse('the command of the server is missing', 'it follows `--`; or give `--url`')
    // What the gateway knows of the caller is none of the server's business.
    const env = environment(io.env, new Set([args.one('token-env') ?? '', args.one('introspection-env') ?? '']))
    return { command, args: rest, cwd: io.cwd, env }
  }
  if (args.trailing !== undefined) throw new Misuse('`--url` and a command exclude each other')
  const problem = urlProblem(url)
  if (problem !== undefined) throw new Misuse(problem)
  return { url, headers: Object.fromEntries(headers.map((text) => headerFrom(text, io))) }
}

function headerFrom(text: string, { env }: Io): readonly [name: string, value: string] {
  const [, name = '', template = ''] = /^([^:]*):[ \t]*(.*)$/s.exec(text) ?? []
  if (name === '') throw new Misuse('a header is written `NAME: VALUE`')
  const value = substituted(template, env)
  if ('missing' in value) throw new Misuse(`the environment variable \`${value.missing}\` is not set`)
  const problem = headerProblem(name, value.text)
  if (problem !== undefined) throw new Misuse(problem)
  return [name, value.text]
}

function auditOf(args: Arguments, io: Io): AuditOptions | undefined {
  const file = args.one('audit')
  const isShown = args.has('audit-arguments')
  if (file === undefined && isShown) throw new Misuse('`--audit-arguments` needs `--audit FILE`')
  if (!isShown && args.has('redact')) throw new Misuse('`--redact` needs `--audit-arguments`')
  if (file === undefined) return undefined
  const path = resolve(io.cwd, file)
  return isShown ? { file: path, arguments: 'redacted', redact: args.all('redact') } : { file: path }
}

/** Claims are no argument: every process of the machine can read those. */
function tokenFrom(variable: string | undefined, io: Io): { readonly token?: string } {
  if (variable === undefined) return {}
  const token = io.env[variable]
  if (token === undefined) throw new Misuse(`the environment variable \`${variable}\` is not set`)
  return { token }
}

function principalOf(
  args: Arguments,
  inputs: Pick<Principal, 'token' | 'context'>,
): NonNullable<PlannedServer['principal']> {
  const actor = args.one('actor')
  return { actor: actor === undefined || actor === 'anonymous' ? null : actor, agents: args.all('agent'), ...inputs }
}
