import { resolve } from 'node:path'
import type { Arguments } from '../arguments.ts'
import type { Io } from '../io.ts'
import { Misuse } from '../misuse.ts'
import type { PlannedCallers } from './callers.ts'

/** Options that say something of an issuer. */
const ofIssuer = ['claims', 'agents', 'audience', 'introspection-env'] as const
/** Options that say by what callers are known. */
export const ofCallers = ['issuer', ...ofIssuer, 'api-keys', 'public-url'] as const
/** Options that say who everybody is. */
const ofPrincipal = ['actor', 'agent', 'token-env', 'context'] as const

/** By what callers are known, as a command line says it; undefined where it does not. */
export function callersFrom(args: Arguments, io: Io): Omit<PlannedCallers, 'publicUrl'> | undefined {
  const issuer = args.one('issuer')
  const file = args.one('api-keys')
  const alone = ofIssuer.find((name) => issuer === undefined && args.has(name))
  if (alone !== undefined) throw new Misuse(`\`--${alone}\` goes with \`--issuer\``)
  if (issuer === undefined && file === undefined) {
    if (args.has('public-url')) throw new Misuse('`--public-url` goes with `--issuer` or `--api-keys`')
    return undefined
  }
  const known = issuer === undefined ? 'api-keys' : 'issuer'
  const both = ofPrincipal.find((name) => args.has(name))
  if (both !== undefined)
    throw new Misuse(`\`--${both}\` and \`--${known}\` exclude each other`, 'a token or a key says who asks')
  if (!args.has('listen'))
    throw new Misuse(`\`--${known}\` needs \`--listen\``, 'nobody sends tokens on standard input')
  return {
    issuers: issuer === undefined ? [] : [issuerFrom(issuer, args, io)],
    apiKeys: file === undefined ? undefined : { file: resolve(io.cwd, file) },
  }
}

function issuerFrom(issuer: string, args: Arguments, io: Io): PlannedCallers['issuers'][number] {
  const agents = args.one('agents')
  if (agents !== undefined && agents !== 'act' && agents !== 'client' && agents !== 'none')
    throw new Misuse(`\`${agents}\` is none of client, act and none`)
  const audience = args.all('audience')
  return {
    issuer,
    claims: args.one('claims'),
    agents,
    audience: audience.length === 0 ? undefined : audience,
    introspection: introspectionFrom(args.one('introspection-env'), io),
  }
}

/** Secrets are no argument: every process of the machine can read those. */
function introspectionFrom(variable: string | undefined, { env }: Io) {
  if (variable === undefined) return undefined
  const [, clientId, clientSecret] = /^([^:]+):(.+)$/s.exec(env[variable] ?? '') ?? []
  if (clientId === undefined || clientSecret === undefined)
    throw new Misuse(`the environment variable \`${variable}\` does not hold CLIENT_ID:SECRET`)
  return { clientId, clientSecret }
}
