import type { Policy } from '../../index.ts'
import type { ClaimsAdapter } from './adapter.ts'
import { problem } from './adapter.ts'
import type { Claims, ClaimsProblem, TokenPrincipal } from './principal.ts'
import { type EntityTypes, type TokenRequest, toRequest } from './to-request.ts'

export type RequestReading =
  | { readonly request: TokenRequest; readonly principal: TokenPrincipal; readonly problem?: undefined }
  | { readonly problem: ClaimsProblem; readonly request?: undefined; readonly principal?: undefined }

/**
 * Turns verified claims of several issuers into requests under a policy.
 *
 * @throws TypeError at the start, when the policy lets agents act for users and an adapter does not say who they are, when an entity
 *   type is none of the policy's actors, or when two adapters are for one issuer
 */
export function fromIssuers(
  { program }: Policy,
  adapters: readonly ClaimsAdapter[],
  types: EntityTypes = {},
): (claims: unknown) => RequestReading {
  const byIssuer = new Map(adapters.map((adapter) => [adapter.issuer, adapter]))
  if (byIssuer.size < adapters.length) throw new TypeError('two adapters are for one issuer')
  const silent = adapters.find(({ agents }) => agents === undefined)
  if (program.delegates && silent !== undefined) throw new TypeError(whoAreAgents(silent.issuer))
  const actors = program.types.filter(({ actor }) => actor).map(({ name }) => name)
  const { user = 'User', agent = 'Agent', service = agent } = types
  const needed = adapters.some(({ agents }) => agents === 'act' || agents === 'client')
    ? [user, service, agent]
    : [user]
  const unknown = needed.find((type) => !actors.includes(type))
  if (unknown !== undefined) {
    throw new TypeError(
      `the policy has no actor type \`${unknown}\` for the parties of tokens: declare it (\`actor ${unknown} {}\`), or name another of its types: ${actors.join(', ') || 'it has none'}`,
    )
  }
  const qualified = types.qualified === true || adapters.length > 1
  return (claims) => {
    const issuer = issuerOf(claims)
    const adapter = issuer === undefined ? undefined : byIssuer.get(issuer)
    if (adapter === undefined) return problem('unknown-issuer', 'no adapter is for the issuer of the token')
    const { principal, problem: why } = adapter(claims)
    return why === undefined
      ? { principal, request: toRequest(principal, { user, agent, service, qualified }) }
      : { problem: why }
  }
}

function issuerOf(claims: unknown): string | undefined {
  if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, 'iss')) return undefined
  const { iss } = claims as Claims
  return typeof iss === 'string' ? iss : undefined
}

function whoAreAgents(issuer: string): string {
  return [
    'the policy says what agents may do for users (`delegate`, `agent`), and nothing says who acts in the tokens of',
    `${issuer}: write \`agents: "act"\` (whom the claim \`act\` names), \`agents: "client"\` (the OAuth client, as in plain MCP) or`,
    '`agents: "none"`',
  ].join(' ')
}
