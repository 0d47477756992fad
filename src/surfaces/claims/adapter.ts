import * as z from 'zod'
import { type AgentMode, actingFor } from './acting.ts'
import { looksLikeIdToken, withoutEditable } from './claims.ts'
import type { Assurance, Claims, ClaimsProblem, PartyKind, Reading } from './principal.ts'

/** What every adapter is told of its issuer. */
export interface IssuerOptions {
  /** The `iss` of the issuer's tokens: an absolute URL, compared as it is (RFC 8414, section 2). */
  readonly issuer: string
  /**
   * Who acts for the subject: `act`, whom the claim `act` names (RFC 8693); `client`, the OAuth client, as in plain MCP, where the client
   * is the agent and no claim says so; `none`, nobody. Has to be said as soon as the policy mentions `delegate` or `agent`.
   */
  readonly agents?: AgentMode
}

/** Reads the verified claims of one issuer's tokens: pure, and without network. */
export interface ClaimsAdapter {
  (claims: unknown): Reading
  readonly issuer: string
  readonly agents: AgentMode | undefined
  /** The issuer's access tokens say so in their header (RFC 9068, section 2.1). */
  readonly typ?: 'at+jwt'
}

/** What an adapter finds in claims, besides what all tokens say in one way. */
export interface Found {
  readonly kind?: PartyKind
  /** The subject, where it is not `sub`. */
  readonly id?: string | undefined
  readonly clientId?: string | undefined
  /** An agent that the issuer marks as such in its own way. */
  readonly agent?: string | undefined
  readonly tenant?: string | undefined
  readonly scopes?: Iterable<string> | undefined
  readonly roles?: readonly string[] | undefined
  readonly groups?: readonly string[] | undefined
  readonly permissions?: readonly string[] | undefined
  readonly assurance?: { readonly [Key in keyof Assurance]: Assurance[Key] | undefined }
}

/** An issuer's adapter: the claims that it reads, and what they mean. What is not as the issuer gives it is a problem, never left out. */
export function adapter<Shape extends z.ZodRawShape, Options extends IssuerOptions = IssuerOptions>(
  shape: Shape,
  find: (claims: z.output<z.ZodObject<Shape>>, options: Options) => Found | { readonly problem: ClaimsProblem },
  header: Pick<ClaimsAdapter, 'typ'> = {},
): (options: Options) => ClaimsAdapter {
  const own = z.looseObject(shape)
  // Supabase writes it otherwise.
  const common = 'amr' in shape ? z.looseObject({ ...registered.shape, amr: z.unknown().optional() }) : registered
  return (options) => {
    const { issuer, agents } = options
    const readClaims = (claims: unknown): Reading => {
      const members = ownMembers(claims)
      if (members === undefined) return problem('malformed', 'claims are an object')
      const read = common.safeParse(members)
      if (!read.success) return malformed(read.error)
      const token = read.data as Registered
      if (token.iss !== issuer) return problem('unknown-issuer', 'the issuer is another one')
      if (looksLikeIdToken(token))
        return problem('not-an-access-token', 'an ID token says who has logged in; it gives access to nothing')
      const shaped = own.safeParse(members)
      if (!shaped.success) return malformed(shaped.error)
      const found = find(shaped.data as z.output<z.ZodObject<Shape>>, options)
      return 'problem' in found ? found : principalOf(token, found, agents)
    }
    return Object.assign(readClaims, { issuer, agents, ...header })
  }
}

/** What is inherited is no claim. zod copies members one by one, and `__proto__` would become the prototype of the copy. */
function ownMembers(claims: unknown): Claims | undefined {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims) || Object.hasOwn(claims, '__proto__'))
    return undefined
  return Object.assign(Object.create(null), claims)
}

const text = z.string().min(1).max(2048)
export const name = text
export const names = z.array(text).max(10_000)
/** Space-separated (RFC 6749, section 3.3), or a list, as some issuers write it. */
export const scopeList = z.union([
  z
    .string()
    .max(65_536)
    .transform((scopes) => scopes.split(' ').filter((scope) => scope !== '')),
  names,
])
/** Seconds since the epoch (RFC 7519, section 2). */
const numericDate = z.number().nonnegative().max(8.64e12)

/** RFC 7519, RFC 8693, RFC 9449, and OpenID Connect Core. */
const registered = z.looseObject({
  iss: text,
  sub: text,
  act: z.unknown().optional(),
  acr: text.optional(),
  amr: names.optional(),
  auth_time: numericDate.optional(),
  cnf: z.looseObject({ jkt: text.optional() }).optional(),
})

type Registered = z.output<typeof registered>

function principalOf(token: Registered, found: Found, agents: AgentMode | undefined): Reading {
  const {
    kind = 'user',
    id = token.sub,
    clientId,
    agent,
    tenant,
    scopes = [],
    roles = [],
    groups = [],
    permissions = [],
  } = found
  const acting = actingFor({ act: token.act, hasAct: Object.hasOwn(token, 'act'), mode: agents, kind, clientId, agent })
  if (acting.problem !== undefined) return acting
  const {
    acr = token.acr,
    amr = token.amr,
    authTime = token.auth_time && token.auth_time * 1000,
  } = found.assurance ?? {}
  return {
    principal: {
      subject: { id, iss: token.iss, kind },
      agents: acting.agents,
      history: acting.history,
      ...(clientId === undefined ? {} : { clientId }),
      ...(tenant === undefined ? {} : { tenant }),
      scopes: new Set(scopes),
      roles,
      groups,
      permissions,
      assurance: {
        ...(acr === undefined ? {} : { acr }),
        ...(amr === undefined ? {} : { amr }),
        ...(authTime === undefined ? {} : { authTime }),
      },
      ...(token.cnf?.jkt === undefined ? {} : { binding: { jkt: token.cnf.jkt } }),
      claims: withoutEditable(token as Claims),
    },
  }
}

export function problem(code: ClaimsProblem['code'], message: string): { readonly problem: ClaimsProblem } {
  return { problem: { code, message } }
}

/** Names claims, and never says what they hold. */
function malformed({ issues }: z.ZodError): { readonly problem: ClaimsProblem } {
  const [first] = issues
  const path = first?.path.join('.') ?? ''
  return problem('malformed', path === '' ? 'claims are an object' : `the claim \`${path}\` is not what it should be`)
}
