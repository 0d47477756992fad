import { isJsonObject, type JsonObject } from '../../../base/json.ts'
import { fetchJson } from './fetch-json.ts'
import type { Metadata } from './metadata.ts'
import type { Refreshed } from './refreshed.ts'
import { Refused } from './refusal.ts'

/** How the issuer of opaque tokens is asked about them (RFC 7662). */
export interface Introspection {
  /** Where; when left out, as the issuer's metadata says. */
  readonly endpoint?: string
  /** Who we are to the issuer. */
  readonly clientId: string
  readonly clientSecret: string
}

/**
 * What the issuer says of a token, as claims.
 *
 * @throws Refused
 */
export async function introspect(
  token: string,
  issuer: string,
  { endpoint, clientId, clientSecret }: Introspection,
  metadata: Refreshed<Metadata>,
): Promise<JsonObject> {
  const url = endpoint ?? (await metadata.get()).introspectionEndpoint
  if (url === undefined)
    throw new Refused('metadata-unusable', `the metadata of \`${issuer}\` names no introspection endpoint`)
  const { status, body } = await fetchJson('introspection', url, endpoint === undefined ? issuer : undefined, {
    method: 'POST',
    headers: { authorization: basic(clientId, clientSecret), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
  })
  if (status !== 200) throw new Refused('introspection-unavailable', `\`${issuer}\` answers with status ${status}`)
  if (!isJsonObject(body)) throw new Refused('introspection-unusable', `\`${issuer}\` answers with no object`)
  if (!Object.hasOwn(body, 'active') || body.active !== true)
    throw new Refused('inactive', 'the token is not, or no longer, one')
  const claims = { iss: issuer, ...body }
  if (claims.iss !== issuer) throw new Refused('unknown-issuer', 'the token is of another issuer than the one asked')
  return claims
}

/** RFC 6749, section 2.3.1: both are form-encoded first. */
function basic(id: string, secret: string): string {
  const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
  const bytes = new TextEncoder().encode(`${encoded(id)}:${encoded(secret)}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}
