import type { Party, TokenPrincipal } from './principal.ts'

/** The types of the policy that parties are entities of. */
export interface EntityTypes {
  /** `User` when left out. */
  readonly user?: string
  /** `Agent` when left out. */
  readonly agent?: string
  /** A client that speaks for itself; when left out, the type of agents. */
  readonly service?: string
  /** Writes every id with its issuer before it (`https://issuer#id`): as it always is where there is more than one issuer. */
  readonly qualified?: boolean
}

/** What `authorize` takes: `engine.authorize(actor, action, resource, { agents, token })`. */
export interface TokenRequest {
  readonly actor: string
  readonly agents: readonly string[]
  readonly token: Readonly<Record<string, unknown>>
}

/**
 * The request of a principal. An id stands by itself where it is of the token's issuer and has no `#` in it; otherwise its issuer stands
 * before it, so that two parties are never one entity.
 */
export function toRequest(principal: TokenPrincipal, types: EntityTypes = {}): TokenRequest {
  const { user = 'User', agent = 'Agent', service = agent, qualified = false } = types
  const { subject, agents, clientId, tenant, scopes, roles, groups, permissions, assurance, claims } = principal
  const { acr, amr, authTime } = assurance
  const idOf = ({ id, iss = subject.iss }: Party): string =>
    qualified || iss !== subject.iss || id.includes('#') ? `${iss}#${id}` : id
  const own = { user, agent, service }[subject.kind]
  return {
    actor: `${own}:${idOf(subject)}`,
    agents: agents.map((party) => `${agent}:${idOf(party)}`),
    token: {
      ...claims,
      // Also where they are not known: a claim of the same name may mean something else.
      scopes: [...scopes],
      roles,
      groups,
      permissions,
      acr,
      amr,
      authTime: authTime === undefined ? undefined : new Date(authTime).toISOString(),
      clientId,
      tenant,
      iss: subject.iss,
      sub: subject.id,
    },
  }
}
