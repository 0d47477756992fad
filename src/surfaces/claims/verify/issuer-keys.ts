import { type CryptoKey, createLocalJWKSet, errors, type JWSHeaderParameters, type LocalJWKSet } from 'jose'
import { isArray, isJsonObject, type JsonValue } from '../../../base/json.ts'
import { fetchJson } from './fetch-json.ts'
import type { Metadata } from './metadata.ts'
import { type Refreshed, refreshed } from './refreshed.ts'
import { Refused } from './refusal.ts'

/** The keys that an issuer signs with (RFC 7517). Both throw `Refused`. */
export interface IssuerKeys {
  /** Has them fetched, if they have not been. */
  prepare(): Promise<void>
  for(header: JWSHeaderParameters): Promise<CryptoKey>
}

const mostKeys = 100

/** @param jwksUri where the keys are, when the metadata is not to say it */
export function issuerKeys(
  issuer: string,
  jwksUri: string | undefined,
  metadata: Refreshed<Metadata>,
  now: () => number,
): IssuerKeys {
  const keys = refreshed(async () => {
    const url = jwksUri ?? (await metadata.get()).jwksUri
    if (url === undefined) throw new Refused('metadata-unusable', `the metadata of \`${issuer}\` names no keys`)
    const { status, body, lifetime } = await fetchJson('keys', url, jwksUri === undefined ? issuer : undefined)
    if (status !== 200) throw new Refused('keys-unavailable', `the keys of \`${issuer}\`: status ${status}`)
    return { value: keySet(issuer, body), lifetime }
  }, now)
  return {
    prepare: async () => void (await keys.get()),
    for: async (header) => {
      const key = await find(await keys.get(), header)
      if (key !== undefined) return key
      // The issuer may have new keys; who makes names up must not make us ask for each.
      const renewed = await keys.renew()
      const found = renewed === undefined ? undefined : await find(renewed, header)
      if (found === undefined)
        throw new Refused('wrong-key', `\`${issuer}\` has no one key that fits the token's header`)
      return found
    },
  }
}

/** Undefined where none fits, or more than one does. */
async function find(set: LocalJWKSet, header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
  try {
    return await set(header)
  } catch (thrown) {
    if (thrown instanceof errors.JWKSNoMatchingKey || thrown instanceof errors.JWKSMultipleMatchingKeys)
      return undefined
    throw new Refused('keys-unusable', 'the key that the token names cannot be used')
  }
}

function keySet(issuer: string, body: JsonValue | undefined): LocalJWKSet {
  const list = isJsonObject(body) && Object.hasOwn(body, 'keys') ? body.keys : undefined
  if (!isArray(list) || list.length > mostKeys || !list.every(isJsonObject))
    throw new Refused('keys-unusable', `the keys of \`${issuer}\` are no JWK set`)
  // `k` is a symmetric key, `d` the private part of another: anybody could sign with what is published.
  if (list.some((key) => Object.hasOwn(key, 'k') || Object.hasOwn(key, 'd')))
    throw new Refused('keys-unusable', `the keys of \`${issuer}\` hold secrets`)
  try {
    // RFC 7517, section 5: keys that are not understood are no keys of ours.
    return createLocalJWKSet({ keys: list.filter((key) => typeof key.kty === 'string') as never })
  } catch {
    throw new Refused('keys-unusable', `the keys of \`${issuer}\` are no JWK set`)
  }
}
