import { existsSync } from 'node:fs'
import type { AgentMode, ClaimsAdapter, EntityTypes } from 'licet/claims'
import type { ApiKeys, Issuer, Refusal, Verifier } from 'licet/claims/verify'
import type { ListedServer } from 'licet/mcp'
import { didYouMean } from '../../../base/suggest.ts'
import type { Policy } from '../../../index.ts'
import { keyStoreIn } from '../key-store.ts'
import { firstLine, Misuse } from '../misuse.ts'

/** An issuer as the command line or a configuration describes it. */
export interface PlannedIssuer {
  readonly issuer: string
  /** How it writes claims: the name of an adapter. */
  readonly claims?: string | undefined
  readonly agents?: AgentMode | undefined
  /** What it calls the server in `aud`; when left out, the address of the server. */
  readonly audience?: string | readonly string[] | undefined
  readonly jwksUri?: string | undefined
  readonly introspection?: Introspection | undefined
  /** Of `keycloak`. */
  readonly rolesOf?: string | undefined
  /** Of `entra`. */
  readonly subject?: 'sub' | 'oid' | undefined
}

interface Introspection {
  readonly clientId: string
  readonly clientSecret: string
  readonly endpoint?: string | undefined
}

/** By what callers over HTTP are known. */
export interface PlannedCallers {
  readonly issuers: readonly PlannedIssuer[]
  /** Where keys are kept, and whose people they stand for. */
  readonly apiKeys?: { readonly file: string; readonly issuer?: string | undefined } | undefined
  readonly types?: { readonly user?: string | undefined; readonly service?: string | undefined } | undefined
  /** The address by which clients know the listener. */
  readonly publicUrl: string
}

/** Who calls one of the servers of a listener. */
export interface KnownCallers {
  readonly verifier: Verifier
  /** The address of the server. */
  readonly resource: string
  readonly metadata: ListedServer['metadata']
  /** Why callers would not be known under another policy. */
  problem(policy: Policy): string | undefined
}

/** Whose people API keys stand for where there is no issuer. */
const noIssuer = 'api-keys'

/** @throws Misuse when what is planned cannot be meant, or does not fit the policy */
export async function knownCallers(
  { issuers, apiKeys, types, publicUrl }: PlannedCallers,
  server: string,
  policy: Policy,
  onRefused: (refusal: Refusal) => void,
): Promise<KnownCallers> {
  const { createVerifier } = await verification()
  const resource = `${publicUrl.replace(/\/$/, '')}/${server}`
  const trusted = await Promise.all(issuers.map((planned) => trustedBy(planned, resource)))
  const keys = apiKeys && (await keysIn(apiKeys, issuers))
  const verifierUnder = (policy: Policy): Verifier => {
    const silent = policy.program.delegates ? issuers.find(({ agents }) => agents === undefined) : undefined
    if (silent !== undefined) throw new Misuse(...whoActs(silent.issuer))
    const named = Object.entries(types ?? {}).filter(([, type]) => type !== undefined)
    try {
      return createVerifier(policy, {
        ...(Object.fromEntries(named) as EntityTypes),
        issuers: trusted,
        ...(keys === undefined ? {} : { apiKeys: keys }),
        onRefused,
      })
    } catch (thrown) {
      throw new Misuse(firstLine(thrown))
    }
  }
  return {
    verifier: verifierUnder(policy),
    resource,
    metadata: await metadataOf(resource, issuers),
    problem: (other) => {
      try {
        verifierUnder(other)
        return undefined
      } catch (thrown) {
        return firstLine(thrown)
      }
    },
  }
}

async function verification(): Promise<typeof import('licet/claims/verify')> {
  try {
    return await import('licet/claims/verify')
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw thrown
    throw new Misuse('to verify tokens takes the package `jose`', 'npm install jose')
  }
}

async function trustedBy(
  { audience, jwksUri, introspection, ...planned }: PlannedIssuer,
  resource: string,
): Promise<Issuer> {
  const endpoint = introspection?.endpoint
  return {
    adapter: await adapterFor(planned),
    audience: audience ?? resource,
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(introspection === undefined
      ? {}
      : {
          introspection: {
            clientId: introspection.clientId,
            clientSecret: introspection.clientSecret,
            ...(endpoint === undefined ? {} : { endpoint }),
          },
        }),
  }
}

async function adapterFor({
  issuer,
  claims = 'rfc9068',
  agents,
  rolesOf,
  subject,
}: PlannedIssuer): Promise<ClaimsAdapter> {
  const { auth0, clerk, cognito, descope, entra, keycloak, okta, rfc9068, stytch, supabase, workos } = await import(
    'licet/claims'
  )
  const plain = { auth0, clerk, cognito, descope, okta, rfc9068, stytch, supabase, workos }
  const options = { issuer, ...(agents === undefined ? {} : { agents }) }
  if (rolesOf !== undefined && claims !== 'keycloak') throw new Misuse('`rolesOf` goes with `"claims": "keycloak"`')
  if (subject !== undefined && claims !== 'entra') throw new Misuse('`subject` goes with `"claims": "entra"`')
  if (claims === 'keycloak') return keycloak({ ...options, ...(rolesOf === undefined ? {} : { rolesOf }) })
  if (claims === 'entra') return entra({ ...options, ...(subject === undefined ? {} : { subject }) })
  if (Object.hasOwn(plain, claims)) return plain[claims as keyof typeof plain](options)
  const names = [...Object.keys(plain), 'entra', 'keycloak'].sort()
  throw new Misuse(
    `\`${claims}\` is no way to write claims that is known`,
    didYouMean(claims, names) ?? `known are ${names.join(', ')}`,
  )
}

async function keysIn(
  { file, issuer }: NonNullable<PlannedCallers['apiKeys']>,
  issuers: readonly PlannedIssuer[],
): Promise<ApiKeys> {
  const { apiKey } = await import('licet/claims')
  const [only, ...others] = issuers
  if (issuer === undefined && others.length > 0)
    throw new Misuse('whose people the API keys stand for is not said', '`"apiKeys": { "file": …, "issuer": … }`')
  try {
    if (!existsSync(file)) throw new Error('there is no such file')
    const store = await keyStoreIn(file)
    store.list()
    // Who was given a key to act for somebody stands in its record.
    return { adapter: apiKey({ issuer: issuer ?? only?.issuer ?? noIssuer, agents: 'none' }), store }
  } catch (thrown) {
    throw new Misuse(`the API keys in \`${file}\` cannot be used: ${firstLine(thrown)}`)
  }
}

/** There is nothing to tell of where tokens come from when there are only keys. */
async function metadataOf(resource: string, issuers: readonly PlannedIssuer[]): Promise<KnownCallers['metadata']> {
  if (issuers.length === 0) return undefined
  const { protectedResourceMetadata } = await import('licet/claims')
  return protectedResourceMetadata({ resource, authorizationServers: issuers.map(({ issuer }) => issuer), dpop: true })
}

function whoActs(issuer: string): [message: string, help: string] {
  return [
    `the policy says what agents may do for users (\`delegate\`, \`agent\`), and nothing says who acts in the tokens of \`${issuer}\``,
    'say `--agents client` (the OAuth client, as in plain MCP), `--agents act` (whom the claim `act` names) or `--agents none`; `"agents"` in a configuration',
  ]
}
