import type { Policy } from '../../index.ts'
import type { Expr } from '../../ir/expr.ts'
import { nodes } from '../../ir/walk.ts'
import { algorithms } from './algorithms.ts'

export interface ProtectedResource {
  /** The resource's identifier: the URL that clients use, and the `aud` of its tokens (RFC 8707). */
  readonly resource: string
  /** Issuers that give tokens for it. */
  readonly authorizationServers: readonly string[]
  /** Tokens may be bound to a key (RFC 9449): what `createVerifier` verifies. */
  readonly dpop?: boolean
  /** For people who read it. */
  readonly name?: string
  readonly documentation?: string
}

/** RFC 9728, section 2, as JSON. */
export interface ResourceDocument {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly scopes_supported: readonly string[]
  readonly bearer_methods_supported: readonly ['header']
  readonly dpop_signing_alg_values_supported?: readonly string[]
  readonly resource_name?: string
  readonly resource_documentation?: string
}

/** What a guard serves, and points to in its challenges. */
export interface ProtectedResourceMetadata {
  /** Where it is served (section 3.1), and what `resource_metadata` of a challenge says. */
  readonly url: string
  document(policy: Policy): ResourceDocument
}

/**
 * What a resource server says of itself to clients that know nothing (RFC 9728). The scopes are those of the policy: what it asks for
 * anywhere, and what includes it.
 *
 * @throws TypeError when the resource is no URL that may be one (section 1.2), or nobody gives tokens for it
 */
export function protectedResourceMetadata(about: ProtectedResource): ProtectedResourceMetadata {
  const { resource, authorizationServers, dpop = false, name, documentation } = about
  const { origin, pathname, search } = checked(resource)
  if (authorizationServers.length === 0) throw new TypeError('no authorization server gives tokens for the resource')
  for (const issuer of authorizationServers) checked(issuer)
  let last: { readonly policy: Policy; readonly document: ResourceDocument } | undefined
  return {
    url: `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`,
    document: (policy) => {
      // Anybody may ask for it, as often as they like.
      if (last?.policy === policy) return last.document
      const document: ResourceDocument = {
        resource,
        authorization_servers: authorizationServers,
        scopes_supported: scopesOf(policy),
        bearer_methods_supported: ['header'],
        ...(dpop ? { dpop_signing_alg_values_supported: algorithms } : {}),
        ...(name === undefined ? {} : { resource_name: name }),
        ...(documentation === undefined ? {} : { resource_documentation: documentation }),
      }
      last = { policy, document }
      return document
    },
  }
}

/** Sorted, so that the order of a policy's statements shows nowhere. */
function scopesOf({ program }: Policy): readonly string[] {
  const { rules, roles, conditions, scopes } = program
  const roots: readonly (Expr | undefined)[] = [
    ...rules.flatMap(({ condition, limit }) => [condition, limit?.by]),
    ...roles.flatMap(({ condition, except }) => [condition, except]),
    ...conditions.map(({ body }) => body),
  ]
  const asked = roots
    .flatMap((root) => (root === undefined ? [] : nodes(root)))
    .flatMap((node) => (node.kind === 'obtainable' && node.fact.kind === 'scope' ? [node.fact.scope] : []))
  const including = scopes.flatMap(({ scope, includedIn }) => [scope, ...includedIn])
  return [...new Set([...asked, ...including])].sort()
}

function checked(url: string): URL {
  if (!URL.canParse(url)) throw new TypeError(`\`${url}\` is no URL`)
  const parsed = new URL(url)
  if (!/^https?:$/.test(parsed.protocol) || parsed.hash !== '' || url.endsWith('#'))
    throw new TypeError(`\`${url}\` is no https URL without a fragment`)
  return parsed
}
