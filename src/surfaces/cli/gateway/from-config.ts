import { dirname, resolve } from 'node:path'
import type { AuditOptions, ServerReach } from 'licet/mcp'
import { readText } from '../../node/read-text.ts'
import type { Io } from '../io.ts'
import type { JsonInputs } from '../json-inputs.ts'
import { show } from '../load.ts'
import { Misuse } from '../misuse.ts'
import type { PlannedCallers, PlannedIssuer } from './callers.ts'
import { type Complain, type ConfiguredServer, type GatewayConfig, type Path, readConfig } from './config.ts'
import { listenAddress } from './listen.ts'
import type { PlannedServer } from './planned.ts'
import { environment, headerProblem, substituted, urlProblem, variablesIn } from './reach.ts'

export interface ConfiguredGateway {
  readonly listen: string | undefined
  /** The file where requests for approval are kept. */
  readonly approvals: string | undefined
  readonly servers: readonly PlannedServer[]
  /** By what callers are known; undefined where each server has one principal. */
  readonly callers: Omit<PlannedCallers, 'publicUrl'> | undefined
  readonly publicUrl: string | undefined
}

/** Reads the claims in an environment variable; undefined where they are wrong, which has been shown. */
export type ReadClaims = (variable: string) => Promise<JsonInputs['token'] | undefined>

/** The gateway that a file describes; undefined where it does not, which is shown. Paths in it are relative to it. */
export async function gatewayIn(file: string, io: Io, claims: ReadClaims): Promise<ConfiguredGateway | undefined> {
  const path = resolve(io.cwd, file)
  const { text, problem } = readText(path)
  if (problem !== undefined) throw new Misuse(`\`${file}\` ${problem.message}`)
  const source = { name: file, text }
  const { config, diagnostics } = readConfig(source, (read, complain) => check(read, io.env, complain))
  show(diagnostics, [source], io)
  if (config === undefined) return undefined
  const cwd = dirname(path)
  const secrets = secretsOf(config)
  const servers: PlannedServer[] = []
  for (const [name, server] of Object.entries(config.servers)) {
    const {
      policy = [],
      facts = [],
      functions,
      audit,
      principal,
      clientConfirms = false,
    } = { ...policedBy(config), ...policedBy(server) }
    const token = principal?.tokenEnv === undefined ? undefined : await claims(principal.tokenEnv)
    if (principal?.tokenEnv !== undefined && token === undefined) return undefined
    servers.push({
      name,
      reach: reachOf(server, cwd, io.env, secrets),
      policies: policy,
      facts,
      functions,
      audit: audit === undefined ? undefined : auditIn(audit, cwd),
      principal: principal && {
        actor: principal.actor === 'anonymous' ? null : principal.actor,
        agents: principal.agents ?? [],
        ...(token === undefined ? {} : { token }),
        ...(principal.context === undefined ? {} : { context: principal.context }),
      },
      clientConfirms,
      cwd,
    })
  }
  return {
    listen: config.listen === undefined ? undefined : String(config.listen),
    approvals: config.approvals === undefined ? undefined : resolve(cwd, config.approvals),
    servers,
    callers: callersOf(config, cwd, io.env),
    publicUrl: config.publicUrl,
  }
}

function callersOf(
  { issuers = [], apiKeys, types }: GatewayConfig,
  cwd: string,
  env: Io['env'],
): ConfiguredGateway['callers'] {
  if (issuers.length === 0 && apiKeys === undefined) return undefined
  const keys = typeof apiKeys === 'string' ? { file: apiKeys } : apiKeys
  return {
    issuers: issuers.map((issuer): PlannedIssuer => {
      const { introspection } = issuer
      return { ...issuer, introspection: introspection && (filled(introspection, env) as typeof introspection) }
    }),
    apiKeys: keys && { ...keys, file: resolve(cwd, keys.file) },
    types,
  }
}

/** With the values of the environment variables that texts name. */
function filled(texts: Readonly<Record<string, string | undefined>>, env: Io['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => {
      if (text === undefined) return []
      const given = substituted(text, env)
      return [[name, 'text' in given ? given.text : '']]
    }),
  )
}

function auditIn(audit: NonNullable<GatewayConfig['audit']>, cwd: string): AuditOptions {
  if (typeof audit === 'string') return { file: resolve(cwd, audit) }
  const { file, redact, arguments: shown } = audit
  return {
    file: resolve(cwd, file),
    ...(shown === undefined ? {} : { arguments: shown }),
    ...(redact === undefined ? {} : { redact }),
  }
}

/** What a server says for itself stands for what is said for all. */
function policedBy(
  given: Pick<ConfiguredServer, 'policy' | 'facts' | 'functions' | 'audit' | 'principal' | 'clientConfirms'>,
) {
  const { policy, facts, functions, audit, principal, clientConfirms } = given
  return Object.fromEntries(
    Object.entries({ policy, facts, functions, audit, principal, clientConfirms }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as typeof given
}

/** Variables that the configuration names: no server inherits what was not meant for it. */
function secretsOf({ servers, principal, issuers = [] }: GatewayConfig): ReadonlySet<string> {
  const all = Object.values(servers)
  const named = all.flatMap(({ headers = {}, env = {} }) => [...Object.values(headers), ...Object.values(env)])
  const ours = issuers.flatMap(({ introspection }) => [
    introspection?.clientId ?? '',
    introspection?.clientSecret ?? '',
  ])
  const tokens = [principal, ...all.map((server) => server.principal)].flatMap((each) => each?.tokenEnv ?? [])
  return new Set([...[...named, ...ours].flatMap(variablesIn), ...tokens])
}

function reachOf(
  { command = '', args = [], cwd: own = '.', env = {}, url, headers = {} }: ConfiguredServer,
  cwd: string,
  variables: Io['env'],
  secrets: ReadonlySet<string>,
): ServerReach {
  if (url !== undefined) return { url, headers: filled(headers, variables) }
  const given = { ...environment(variables, secrets), ...filled(env, variables) }
  return { command, args, cwd: resolve(cwd, own), env: given }
}

/** Whatever else has to hold of a configuration. */
function check(
  { listen, policy, servers, issuers = [], apiKeys, principal }: GatewayConfig,
  env: Io['env'],
  complain: Complain,
): void {
  /** The texts whose variables are set; complains about the others. */
  const withVariables = (at: Path, texts: Readonly<Record<string, string | undefined>>) =>
    Object.entries(texts).flatMap(([key, text = '']) => {
      const given = substituted(text, env)
      if ('text' in given) return [[key, given.text] as const]
      complain([...at, key], `the environment variable \`${given.missing}\` is not set`)
      return []
    })
  if (listen !== undefined && listenAddress(String(listen)) === undefined) {
    complain(['listen'], `\`${listen}\` is nothing to listen on`, 'it is `PORT` or `HOST:PORT`')
  }
  if (principal !== undefined && (issuers.length > 0 || apiKeys !== undefined))
    complain(
      ['principal'],
      'callers are known by `issuers` and `apiKeys`, or all are one `principal`',
      'a server may have a `principal` of its own',
    )
  for (const [i, { introspection = {} }] of issuers.entries())
    withVariables(['issuers', i, 'introspection'], introspection)
  if (Object.keys(servers).length === 0) complain(['servers'], 'there is no server')
  for (const [name, server] of Object.entries(servers)) {
    const at = ['servers', name]
    const { command, url, headers = {}, args, cwd, env: own = {} } = server
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      complain(at, `\`${name}\` cannot be the name of a server in a policy`, 'letters, digits and `_`')
    }
    if ((command === undefined) === (url === undefined)) complain(at, 'a server has a `command` or a `url`')
    if (command === undefined && (args ?? cwd ?? server.env) !== undefined) {
      complain(at, '`args`, `cwd` and `env` go with a `command`')
    }
    if (url === undefined && server.headers !== undefined) complain([...at, 'headers'], '`headers` go with a `url`')
    const problem = url === undefined ? undefined : urlProblem(url)
    if (problem !== undefined) complain([...at, 'url'], problem)
    if (policy === undefined && server.policy === undefined) complain(at, '`policy` is missing')
    withVariables([...at, 'env'], own)
    for (const [key, text] of withVariables([...at, 'headers'], headers)) {
      const wrong = headerProblem(key, text)
      if (wrong !== undefined) complain([...at, 'headers', key], wrong)
    }
  }
}
