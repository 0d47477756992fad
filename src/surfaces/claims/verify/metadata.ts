import { isJsonObject, type JsonObject } from '../../../base/json.ts'
import { type Fetched, fetchJson } from './fetch-json.ts'
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
    for (const url of wellKnown(issuer)) {
      const fetched = await fetchJson('metadata', url)
      if (fetched.status < 400 || fetched.status > 499) return read(issuer, url, fetched)
    }
    throw new Refused('metadata-unavailable', `\`${issuer}\` has no metadata`)
  }, now)
}

function wellKnown(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

function read(issuer: string, url: string, { status, body, lifetime }: Fetched) {
  if (status !== 200) throw new Refused('metadata-unavailable', `\`${url}\` answers with status ${status}`)
  if (!isJsonObject(body)) throw new Refused('metadata-unusable', `\`${url}\` answers with no object`)
  // Section 3.3: identical, or somebody speaks for another.
  if (member(body, 'issuer') !== issuer) throw new Refused('metadata-mismatch', `\`${url}\` is about another issuer`)
  const value: Metadata = {
    jwksUri: member(body, 'jwks_uri'),
    introspectionEndpoint: member(body, 'introspection_endpoint'),
  }
  return { value, lifetime }
}

function member(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return typeof value === 'string' ? value : undefined
}
