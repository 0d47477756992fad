import type { Authenticate } from 'licet/mcp'
import type { Io } from '../io.ts'
import { Misuse } from '../misuse.ts'
import { type KnownCallers, knownCallers } from './callers.ts'
import type { ConfiguredGateway } from './from-config.ts'
import type { Callers } from './planned.ts'
import { publicUrlOf } from './public-url.ts'
import { refusalLog } from './refusal-log.ts'

interface ListenerCallers {
  readonly of: Callers
  /** Names by which clients know the listener. */
  readonly names: readonly string[]
  readonly authenticate: Authenticate | undefined
  /** Asks the issuers for what will be needed; false when they are others than what was said. What is wrong is told. */
  prepare(): Promise<boolean>
}

/** Who calls the servers of a gateway. @throws Misuse */
export function listenerCallers(
  { callers, publicUrl, servers }: ConfiguredGateway,
  address: { readonly host: string; readonly port: number } | undefined,
  io: Io,
): ListenerCallers {
  if (callers === undefined)
    return { of: async () => undefined, names: [], authenticate: undefined, prepare: async () => true }
  if (address === undefined && servers.some(({ principal }) => principal === undefined))
    throw new Misuse('tokens and keys are sent over HTTP only', 'say `--listen`, or the `principal` of the server')
  const url = address === undefined ? '' : publicUrlOf(publicUrl, address)
  const tell = (line: string): void => io.err(`licet: ${line}\n`)
  const log = refusalLog(tell)
  const known = new Map<string, KnownCallers>()
  return {
    of: async (server, policy) => {
      const found = await knownCallers({ ...callers, publicUrl: url }, server, policy, (refusal) =>
        log(server, refusal),
      )
      known.set(server, found)
      return found
    },
    names: publicUrl === undefined || address === undefined ? [] : [new URL(url).hostname],
    authenticate: ({ method, headers }, server) => {
      const caller = known.get(server)
      // As clients see it, whatever the request says of itself.
      return caller?.verifier.authenticate({
        authorization: headers.get('authorization'),
        dpop: headers.get('dpop'),
        method,
        url: caller.resource,
      })
    },
    prepare: async () => {
      const problems = (await Promise.all([...known.values()].map(({ verifier }) => verifier.prepare()))).flat()
      for (const message of new Set(problems.map((problem) => problem.message))) tell(message)
      if (problems.some(({ reason }) => reason === 'metadata-mismatch')) {
        tell('an issuer is written exactly as it writes itself, `/` at the end included')
        return false
      }
      if (problems.length > 0) tell('until they can be had, the tokens of this issuer are refused')
      return true
    },
  }
}
