import { isJsonObject, type JsonObject } from '../../../base/json.ts'
import { fetchJson } from './fetch-json.ts'
import { type Refreshed, refreshed } from './refreshed.ts'
import { Refused } from './refusal.ts'

/** What an authorization server says of itself (RFC 8414, section 2), as far as it is used. */
export interface Metadata {
  readonly jwksUri: string | undefined
  readonly introspectionEndpoint: string | undefined
}

/** The metadata of an issuer, from where RFC 8414 (section 3) or OpenID Connect Discovery (section 4) has it. */
export function metadataOf(issuer: string, now: () => number): Refreshed<Metadata> {
  return refreshed(async () => {
    let problem: Refused | undefined
    for (const url of wellKnown(issuer)) {
      const found = await at(url)
      if (!(found instanceof Refused)) return read(issuer, url, found)
      problem ??= found
    }
    throw problem ?? new Refused('metadata-unavailable', `\`${issuer}\` has no metadata`)
  }, now)
}

interface Document {
  readonly object: JsonObject
  readonly lifetime: number
}

/** What stands there, or why nothing does: many servers answer for any path, with a page. @throws Refused when nobody answers */
async function at(url: string): Promise<Document | Refused> {
  try {
    const { status, body, lifetime } = await fetchJson('metadata', url, undefined)
    if (status !== 200) return new Refused('metadata-unavailable', `\`${url}\` answers with status ${status}`)
    if (!isJsonObject(body)) return new Refused('metadata-unusable', `\`${url}\` answers with no object`)
    return { object: body, lifetime }
  } catch (thrown) {
    if (thrown instanceof Refused && thrown.refusal.reason === 'metadata-unusable') return thrown
    throw thrown
  }
}

function wellKnown(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

function read(issuer: string, url: string, { object, lifetime }: Document) {
  // Section 3.3: identical, or somebody speaks for another.
  const about = member(object, 'issuer') ?? ''
  if (about !== issuer) {
    const whom = URL.canParse(about) && /^[\x21-\x7e]{1,200}$/.test(about) ? `: \`${about}\`` : ''
    throw new Refused('metadata-mismatch', `\`${url}\` is not about \`${issuer}\`, but about another issuer${whom}`)
  }
  const value: Metadata = {
    jwksUri: member(object, 'jwks_uri'),
    introspectionEndpoint: member(object, 'introspection_endpoint'),
  }
  return { value, lifetime }
}

function member(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return typeof value === 'string' ? value : undefined
}
